"""PURE. Days that matter to who holds licences: of documents, of yearly duties, of what they hold; and as iCalendar."""

from kb.calendar.duties import Duty, duties, duty_events, read_duties
from kb.calendar.events import (
    CHINESE,
    DocumentDates,
    Event,
    EventKind,
    HeldDates,
    HoldingKind,
    document_events,
    holding_events,
    in_order,
    weekday,
)
from kb.calendar.ics import as_ics
from kb.calendar.milestones import MILESTONES, due_milestone

__all__ = [
    "CHINESE",
    "MILESTONES",
    "DocumentDates",
    "Duty",
    "Event",
    "EventKind",
    "HeldDates",
    "HoldingKind",
    "as_ics",
    "document_events",
    "due_milestone",
    "duties",
    "duty_events",
    "holding_events",
    "in_order",
    "read_duties",
    "weekday",
]
