"""``/sources``: what is watched, when it was last seen well, and what stands in the way."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.coverage import look
from datasette_config.site import Connection, ask, now, page


async def sources(datasette: Datasette, request: Request) -> Response:
    def read(connection: Connection) -> dict[str, Any]:
        seen = look(connection, now(datasette, knowledge.newest_look(connection)))
        return {"said": seen.watch().said, "sources": seen.table(), "licences": seen.by_licence()}

    return await page(datasette, request, "sources.html", **await ask(datasette, read))
