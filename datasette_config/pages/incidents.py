"""``/incidents``: what could not be looked at, the open ones first."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.language import gettext as _
from datasette_config.saying.outages import outages
from datasette_config.site import Connection, ask, page
from kb.codes import IncidentState
from kb.store import queries

SHOWN = 100


async def incidents(datasette: Datasette, request: Request) -> Response:
    def read(connection: Connection) -> list[dict[str, Any]]:
        found = queries.incidents(connection)
        concerned = knowledge.licences_of_sources(connection)
        unsettled = [row for row in found if row.state is not IncidentState.CLOSED]
        settled = [row for row in found if row.state is IncidentState.CLOSED]
        return [
            {
                "anchor": "open",
                "title": _("未恢复"),
                "incidents": outages(unsettled, concerned, SHOWN),
            },
            {
                "anchor": "closed",
                "title": _("已恢复"),
                "incidents": outages(settled, concerned, SHOWN),
            },
        ]

    groups = await ask(datasette, read)
    return await page(
        datasette, request, "incidents.html", groups=[group for group in groups if group["incidents"]]
    )
