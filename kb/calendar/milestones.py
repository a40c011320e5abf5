"""PURE. Which reminder of an event is due on a day: the nearest that was reached, never an older one as well."""

from __future__ import annotations

from datetime import date, timedelta

from kb.calendar.events import Event
from kb.codes import DateKind

MILESTONES = {
    DateKind.COMMENTS: (30, 7, 1),
    DateKind.EFFECTIVE: (30, 7, 0),  # on the day itself it came into force
    DateKind.TRANSITION: (30, 7, 1),
    DateKind.DUTY: (30, 7, 1),
    DateKind.RENEWAL: (0,),  # the holder's own lead time
    DateKind.EXPIRY: (30, 7, 1),
}
"""Days before the event."""

PRESSING = 7
"""A reminder whose day was no later than that on which the event became known is sent only this near: the alert or the
digest of that day named the date already."""

_LATE = {DateKind.COMMENTS: 0, DateKind.RENEWAL: 30}
_STILL = 7  # days after the event on which a reminder that a sleep swallowed is still worth a mail


def due_milestone(event: Event, *, known: date, today: date) -> int | None:
    """Days before the event whose reminder is due ``today``, if any. ``known``: when the event became known to whoever
    is reminded; an event that was over by then is never told."""
    if event.day < known or (today - event.day).days > _LATE.get(event.kind, _STILL):
        return None
    reached = [days for days in _milestones(event) if event.day - timedelta(days=days) <= today]
    if not reached:
        return None
    nearest = min(reached)
    if event.day - timedelta(days=nearest) <= known and event.days_left(today) > PRESSING:
        return None
    return nearest


def next_reminder(event: Event, *, after: date) -> date | None:
    """The first day after this one on which a reminder of the event is due; none when there is no further one."""
    days = (event.day - timedelta(days=days) for days in _milestones(event))
    return min((day for day in days if day > after), default=None)


def _milestones(event: Event) -> tuple[int, ...]:
    """Nobody is reminded that something expires before, or on the very day, the holder wants to renew it."""
    days = MILESTONES[event.kind]
    if event.kind is DateKind.EXPIRY and event.lead_days:
        return tuple(day for day in days if day < event.lead_days)
    return days
