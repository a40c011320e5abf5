"""The calendar: days of documents and of yearly duties."""

from __future__ import annotations

from datetime import timedelta

from datasette_config.api.asked import Asked, Listed
from datasette_config.dates import days_between
from datasette_config.knowledge import Connection
from kb.lines import event_line
from kb.output import CalendarOut

AHEAD = timedelta(days=365)


def calendar(connection: Connection, asked: Asked) -> Listed[CalendarOut]:
    """From ``since`` (by default today) to ``until`` (by default a year ahead), the nearest first; a year back and
    three ahead at most."""
    chosen = asked.values
    since = max(chosen.get("since", asked.today), asked.today - AHEAD)
    until = min(chosen.get("until", asked.today + AHEAD), asked.today + 3 * AHEAD)
    after = asked.after(str, str)
    found = [
        event
        for event in days_between(connection, since, until, chosen.get("licence", ()))
        if event.kind in chosen.get("kind", (event.kind,))
        and (after is None or (event.day.isoformat(), event.id) > after)
    ]
    found.sort(key=lambda event: (event.day, event.id))
    more, found = len(found) > asked.limit, found[: asked.limit]
    last = (found[-1].day.isoformat(), found[-1].id) if more else None
    return asked.listed([event_line(event, asked.today, done=False) for event in found], last)
