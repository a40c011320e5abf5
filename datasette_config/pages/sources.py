"""``/sources``: what is watched, when it was last seen well, and what stands in the way."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.coverage import by_licence, table, watch
from datasette_config.site import Connection, ask, now, page


async def sources(datasette: Datasette, request: Request) -> Response:
    moment = now(datasette, await ask(datasette, knowledge.newest_look))

    def read(connection: Connection) -> dict[str, Any]:
        return {
            "said": watch(connection, moment).said,
            "sources": table(connection, moment),
            "licences": by_licence(connection, moment),
        }

    return await page(datasette, request, "sources.html", **await ask(datasette, read))
