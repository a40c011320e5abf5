"""The calendar of one data directory: days of documents, of yearly duties and of what is held, and which are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kb.calendar import DocumentDates, Event, document_events, duties, duty_events, holding_events, in_order
from kb.codes import DateKind, DeliveryState
from kb.errors import NotFound
from kb.model import instant
from scheduler.alerts.match import concerned, counts_on
from scheduler.holdings import Holding, held_dates, holdings, remove_holding, the_holding
from scheduler.ops import Ops, Subscription

AHEAD = timedelta(days=365)
BEHIND = timedelta(days=31)  # a renewal that a long sleep swallowed is still told
OF_HOLDINGS = frozenset({DateKind.RENEWAL, DateKind.EXPIRY})

ParentOf = Callable[[str], str | None]


def events(
    documents: Iterable[DocumentDates], ops: Ops | None, *, since: date, until: date
) -> tuple[Event, ...]:
    """All days from ``since`` to ``until``, both included, whomever they concern; without ``ops`` nothing is held."""
    found = [*duty_events(duties(), since, until), *document_events(documents)]
    if ops is not None:
        found += holding_events(held_dates(ops))
    return in_order(event for event in found if since <= event.day <= until)


def concerns(event: Event, subscription: Subscription, held: Iterable[str], parent_of: ParentOf) -> bool:
    """Whether a day is this subscriber's: their own holding, or by licence type, source and province.

    ``held`` are the licence types the subscriber holds: a yearly duty is theirs although they follow other types.
    """
    if event.owner:
        return event.owner == subscription.id
    if event.kind is DateKind.DUTY:
        return concerns_yearly(event.licences, subscription, held, parent_of)
    if not any(counts_on(subscription, source, event.province) for source in event.publications):
        return False
    return follows(subscription.licences, event.licences, parent_of)


def concerns_yearly(
    licences: Iterable[str], subscription: Subscription, held: Iterable[str], parent_of: ParentOf
) -> bool:
    """Whether a yearly duty of these licence types is this subscriber's, whether it has a day or none."""
    wanted = subscription.licences and (*subscription.licences, *held)
    return follows(wanted, licences, parent_of) and not (subscription.sources and not wanted)


def follows(wanted: tuple[str, ...], licences: Iterable[str], parent_of: ParentOf) -> bool:
    """Whether a label is wanted, or stands above or below what is; all of them where nothing is named."""
    return not wanted or bool(concerned(Subscription(name="-", licences=wanted), licences, parent_of))


@dataclass(frozen=True, slots=True)
class Done:
    """What people marked as done, by event and day; for one subscription, or for all where it is empty."""

    marks: frozenset[tuple[str, str, str]]

    def has(self, event: Event, subscription: str = "") -> bool:
        names, day = (event.id, *event.former), event.day.isoformat()
        return any((name, day, whose) in self.marks for name in names for whose in {"", subscription})


def read_done(ops: Ops) -> Done:
    rows = ops.rows("SELECT event, day, subscription FROM dates_done")
    return Done(frozenset((row["event"], row["day"], row["subscription"]) for row in rows))


def mark_done(
    ops: Ops, marked: Iterable[Event], *, now: datetime, subscription: str = "", who: str = "", note: str = ""
) -> None:
    """No reminder of these days any more, those that still wait to be sent included.

    An event that moves to another day afterwards is not done.
    """
    marked = tuple(marked)
    with ops.transaction() as db:
        hold_back(ops, told_as(marked), "已办，不再提醒", now=now, subscription=subscription)
        db.executemany(
            "INSERT OR REPLACE INTO dates_done (event, day, subscription, at, who, note) VALUES (?, ?, ?, ?, ?, ?)",
            [(each.id, each.day.isoformat(), subscription, instant(now), who, note) for each in marked],
        )


def mark_open(ops: Ops, marked: Iterable[Event]) -> bool:
    """Reminders of these days come again, from the next milestone on; whether any of them was done for anybody."""
    marks = [(name, day.day.isoformat()) for day in marked for name in (day.id, *day.former)]
    with ops.transaction() as db:
        before = db.total_changes
        db.executemany("DELETE FROM dates_done WHERE event = ? AND day = ?", marks)
        return bool(db.total_changes > before)


def take_out(ops: Ops, identifier: str, *, now: datetime) -> Holding:
    """Remove a holding with all that was said of its days: what waits is not sent, and who writes it down again is
    reminded. Raises ``NotFound``."""
    with ops.transaction() as db:
        gone = the_holding(ops, identifier)
        days = events_of(holding_events(held_dates(ops)), identifier)
        hold_back(ops, told_as(days), "已从台账删去，不再提醒", now=now)
        db.executemany("DELETE FROM dates_done WHERE event = ?", [(day.id,) for day in days])
        remove_holding(ops, identifier)
    return gone


def hold_back(ops: Ops, abouts: Iterable[str], why: str, *, now: datetime, subscription: str = "") -> None:
    """Reminders about these (``reminded_of``) that still wait to be sent stay in the house."""
    with ops.transaction() as db:
        db.executemany(
            "UPDATE deliveries SET state = ?, detail = ?, due_at = NULL, changed_at = ? WHERE state IN"
            " ('pending', 'retry') AND alert IN (SELECT id FROM alerts WHERE kind = 'reminder' AND about = ?"
            " AND ? IN ('', subscription))",
            [(DeliveryState.HELD, why, instant(now), about, subscription) for about in abouts],
        )


def reminded_of(event: Event, name: str = "") -> str:
    """What a reminder is about: an event, by whatever id it had, on a day."""
    return f"{name or event.id}@{event.day}"


def told_as(days: Iterable[Event]) -> tuple[str, ...]:
    """What reminders of these days are about, under whatever id each had."""
    return tuple(reminded_of(day, name) for day in days for name in (day.id, *day.former))


def moved_away(ops: Ops, current: Iterable[Event]) -> tuple[str, ...]:
    """What waiting reminders are about that name a day their event has left."""
    waiting = ops.rows(
        "SELECT DISTINCT about FROM alerts AS a JOIN deliveries AS d ON d.alert = a.id"
        " WHERE a.kind = 'reminder' AND d.state IN ('pending', 'retry')"
    )
    days = {name: str(event.day) for event in current for name in (event.id, *event.former)}
    said = ((row["about"], *row["about"].rsplit("@", 1)) for row in waiting)
    return tuple(about for about, name, day in said if days.get(name, day) != day)


def the_event(among: Iterable[Event], identifier: str) -> tuple[Event, ...]:
    """The event of this id; of a holding, the day it is to be renewed and the day it expires are done together.

    Raises ``NotFound``.
    """
    known = tuple(among)
    found = [event for event in known if identifier in {event.id, *event.former}]
    if not found:
        raise NotFound(f"日历里没有 {identifier}", do="zhengce calendar 可列出全部日期")
    if found[0].kind in OF_HOLDINGS:
        return events_of(known, found[0].source)
    return tuple(found[:1])


def events_of(among: Iterable[Event], source: str) -> tuple[Event, ...]:
    return tuple(event for event in among if event.source == source)


def settled(ops: Ops) -> frozenset[str]:
    """Holdings of which every day is done: nobody is reminded of them."""
    done, days = read_done(ops), holding_events(held_dates(ops))
    open_ones = {day.source for day in days if not done.has(day, day.owner)}
    return frozenset(day.source for day in days) - open_ones


def held_licences(ops: Ops) -> dict[str, tuple[str, ...]]:
    """Licence types held, by subscription."""
    found: dict[str, list[str]] = {}
    for each in holdings(ops):
        found.setdefault(each.subscription, []).append(each.licence)
    return {key: tuple(dict.fromkeys(held)) for key, held in found.items()}
