"""Days of documents and of yearly duties between two days, for the calendar file, the API and pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from datasette_config.knowledge import Connection
from kb.calendar import Event, document_events, duties, duty_events, in_order
from kb.store import queries


def days_between(
    connection: Connection, since: date, until: date, licences: Iterable[str] = ()
) -> tuple[Event, ...]:
    """Both included, the nearest first; of these licence types, those below and above them, or of all where none is
    named."""
    reach = {tag for licence in licences for tag in queries.reached_by(licence)}
    found = (
        *document_events(queries.document_dates(connection, since, until=until, licences=reach)),
        *duty_events(duties(), since, until),
    )
    return in_order(
        event
        for event in found
        if since <= event.day <= until and (not reach or not reach.isdisjoint(event.licences))
    )
