"""``/incidents``: what could not be looked at, the open ones first."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import format as say
from datasette_config import knowledge
from datasette_config.present import licence_name
from datasette_config.site import ask, page
from kb.codes import Health, IncidentState
from kb.store import queries

SHOWN = 300
PAGES = 3


async def incidents(datasette: Datasette, request: Request) -> Response:
    found = await ask(datasette, queries.incidents)
    concerned = await ask(datasette, knowledge.licences_of_sources)
    unsettled = [row for row in found if row.state is not IncidentState.CLOSED]
    settled = [row for row in found if row.state is IncidentState.CLOSED]
    groups = [
        {"anchor": "open", "title": "未恢复", "incidents": _outages(unsettled, concerned)},
        {"anchor": "closed", "title": "已恢复", "incidents": _outages(settled, concerned)},
    ]
    return await page(
        datasette, request, "incidents.html", groups=[group for group in groups if group["incidents"]]
    )


def _outages(rows: list[queries.IncidentRow], concerned: dict[str, list[str]]) -> list[dict[str, Any]]:
    """One row a source and cause, however many of its pages share the fate."""
    grouped: dict[tuple[str, Health], list[queries.IncidentRow]] = {}
    for row in rows:
        grouped.setdefault((row.source, row.health), []).append(row)
    sources: set[str] = set()
    shown = []
    for (source, health), faults in list(grouped.items())[:SHOWN]:
        lead = faults[0]
        shown.append(
            {
                "source": source,
                "first_of_source": source not in sources,
                "title": lead.source_title,
                "pages": [
                    {"url": say.safe_url(url), "said": say.shorten(url, 60)}
                    for url in dict.fromkeys(each.url for each in faults if each.url)
                ][:PAGES],
                "more": max(0, len({each.url for each in faults if each.url}) - PAGES),
                "licences": [
                    {"id": licence, "name": licence_name(licence)} for licence in concerned.get(source, ())
                ],
                "cause": say.health_word(health),
                "reason": "；".join(dict.fromkeys(reason for each in faults for reason in each.reasons)),
                "opened": say.beijing(min(each.opened_at for each in faults)),
                "last": say.beijing(max(each.closed_at or each.last_seen for each in faults)),
                "count": max(each.occurrences for each in faults),
                "state": say.incident_word(lead.state),
            }
        )
        sources.add(source)
    return shown
