"""Incidents -> outages in words: one a source and cause, however many of its pages share the fate. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from datasette_config.language import ENGLISH, language
from datasette_config.saying import format as say
from datasette_config.saying.present import licence_name
from kb.codes import Health, IncidentState
from kb.faults import CONDUCT
from kb.store.queries import IncidentRow

PAGES = 3
MOST_IDS = 200


def outages(
    rows: Iterable[IncidentRow], concerned: Mapping[str, list[str]], limit: int
) -> list[dict[str, Any]]:
    """``concerned``: source id -> licence types. ``ids`` are anchors: messages point at them."""
    grouped: dict[tuple[str, Health], list[IncidentRow]] = {}
    for row in rows:
        grouped.setdefault((row.source, row.health), []).append(row)
    sources: set[str] = set()
    shown = []
    for (source, health), faults in list(grouped.items())[:limit]:
        shown.append(
            {**_outage(faults, health, concerned.get(source, ())), "first_of_source": source not in sources}
        )
        sources.add(source)
    return shown


def _outage(faults: list[IncidentRow], health: Health, licences: Iterable[str]) -> dict[str, Any]:
    lead = faults[0]
    addresses = list(dict.fromkeys(each.url for each in faults if each.url))
    return {
        "ids": [each.id for each in faults[:MOST_IDS]],
        "source": lead.source,
        "title": lead.source_title,
        "pages": [{"url": say.safe_url(url), "said": say.shorten(url, 60)} for url in addresses[:PAGES]],
        "more": max(0, len(addresses) - PAGES),
        "licences": [{"id": licence, "name": licence_name(licence)} for licence in licences],
        "cause": say.health_word(health),
        "reason": "；".join(dict.fromkeys(reason for each in faults for reason in each.reasons)),
        "conduct": CONDUCT.get(health, ("", ""))[language() == ENGLISH],
        "opened": say.beijing(min(each.opened_at for each in faults)),
        "last": say.beijing(max(each.closed_at or each.last_seen for each in faults)),
        "count": max(each.occurrences for each in faults),
        "state": say.incident_word(lead.state),
        "open": lead.state is not IncidentState.CLOSED,
    }
