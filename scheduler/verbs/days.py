"""The days of one data directory, whomever they concern or for one subscription."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kb.calendar import Duty, Event, duties
from kb.config import Clock, DataDirectory
from scheduler.alerts.text import today
from scheduler.dates import (
    AHEAD,
    Done,
    concerns,
    concerns_yearly,
    events,
    follows,
    held_licences,
    read_done,
)
from scheduler.names import parent_of
from scheduler.verbs.receive import open_ops
from scheduler.verbs.whose import whose


@dataclass(frozen=True, slots=True)
class Listing:
    """The days of one data directory from today on, and the yearly duties that have no day."""

    events: tuple[Event, ...]
    undated: tuple[Duty, ...]
    done: Done
    now: datetime
    subscription: str = ""

    def is_done(self, event: Event) -> bool:
        """For whose holding it is, for the subscription that is looked at, or for all."""
        return self.done.has(event, event.owner or self.subscription)


def listing(
    data: DataDirectory,
    clock: Clock,
    *,
    licences: tuple[str, ...] = (),
    until: date | None = None,
    subscription: str = "",
) -> Listing:
    """``licences``: their parents and children are meant too; none means all. ``until``: a year ahead by default.

    ``subscription``: those days alone that it would be reminded of or finds in its digest. Raises ``NotFound``.
    """
    now = clock.now()
    day = today(now)
    found, done = days_between(data, day, until or day + AHEAD)
    undated: Iterable[Duty] = [duty for duty in duties() if not duty.ends]
    if subscription:
        subscription, found, undated = _concerning(data, found, undated, subscription)
    return Listing(
        tuple(event for event in found if follows(licences, event.licences, parent_of)),
        tuple(duty for duty in undated if follows(licences, (duty.licence,), parent_of)),
        done,
        now,
        subscription,
    )


def days_between(data: DataDirectory, since: date, until: date) -> tuple[tuple[Event, ...], Done]:
    """Without a knowledge base or subscriptions there are days all the same: those of the duties."""
    from kb.store import open_reader
    from kb.store.queries import document_dates
    from scheduler.ops import Ops

    knowledge = open_reader(data.kb) if data.kb.exists() else None
    ops = Ops(data.ops) if data.ops.exists() else None
    try:
        documents = document_dates(knowledge, since) if knowledge else ()
        found = events(documents, ops, since=since, until=until)
        return found, read_done(ops) if ops else Done(frozenset())
    finally:
        for each in (knowledge, ops):
            if each is not None:
                each.close()


def _concerning(
    data: DataDirectory, found: tuple[Event, ...], undated: Iterable[Duty], subscription: str
) -> tuple[str, tuple[Event, ...], list[Duty]]:
    with open_ops(data) as ops:
        key = whose(ops, subscription)
        held = held_licences(ops).get(key, ())
        (wanted,) = [each for each in ops.subscriptions() if each.id == key]
    return (
        key,
        tuple(event for event in found if concerns(event, wanted, held, parent_of)),
        [duty for duty in undated if concerns_yearly((duty.licence,), wanted, held, parent_of)],
    )
