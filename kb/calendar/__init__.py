"""PURE. Days that matter to who holds licences: of documents, of yearly duties, of what they hold; and as iCalendar."""

from kb.calendar.duties import Duty, duties, duty_events, read_duties
from kb.calendar.events import (
    DocumentDates,
    Event,
    HeldDates,
    document_events,
    holding_events,
    in_order,
    weekday,
)
from kb.calendar.milestones import due_milestone, next_reminder

__all__ = [
    "DocumentDates",
    "Duty",
    "Event",
    "HeldDates",
    "document_events",
    "due_milestone",
    "duties",
    "duty_events",
    "holding_events",
    "in_order",
    "next_reminder",
    "read_duties",
    "weekday",
]
