"""``/incidents``: what could not be looked at, the open ones first."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import format as say
from datasette_config.site import ask, page
from kb.model import IncidentState
from kb.store import queries

SHOWN = 300


async def incidents(datasette: Datasette, request: Request) -> Response:
    found = await ask(datasette, queries.incidents)
    unsettled = [row for row in found if row.state is not IncidentState.CLOSED]
    settled = [row for row in found if row.state is IncidentState.CLOSED]
    groups = [
        {"anchor": "open", "title": "未恢复", "incidents": _shown(unsettled)},
        {"anchor": "closed", "title": "已恢复", "incidents": _shown(settled)},
    ]
    return await page(
        datasette, request, "incidents.html", groups=[group for group in groups if group["incidents"]]
    )


def _shown(rows: list[queries.IncidentRow]) -> list[dict[str, Any]]:
    sources: set[str] = set()
    shown = []
    for row in rows[:SHOWN]:
        shown.append(
            {
                "source": row.source,
                "first_of_source": row.source not in sources,
                "title": row.source_title,
                "url": say.safe_url(row.url),
                "url_said": say.shorten(row.url or "", 60),
                "cause": say.health_word(row.health),
                "reason": "；".join(row.reasons),
                "opened": say.beijing(row.opened_at),
                "last": say.beijing(row.closed_at or row.last_seen),
                "count": row.occurrences,
                "state": say.incident_word(row.state),
            }
        )
        sources.add(row.source)
    return shown
