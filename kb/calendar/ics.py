"""PURE. Events -> iCalendar (RFC 5545): all-day, without alarms, the same text for the same events and moment."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as Entry

from kb.calendar.events import Event, weekday
from kb.words import zh

NAME = "证策：快到的日期"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def as_ics(events: Iterable[Event], *, now: datetime, done: Collection[str] = (), warning: str = "") -> bytes:
    """A calendar whose entries keep their UID when an event moves to another day, so that importing it again moves them.

    ``done``: ids of events that are dealt with; they are written as cancelled, so that importing the file again takes
    them out of a calendar that has them. Lines are folded at 75 octets, never inside a character. ``now`` (aware) is when it was written.
    ``warning`` stands before the name of the calendar and in every entry: what applies to all of it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//zhengce//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", f"{warning}{NAME}")
    for event in events:
        status = "CANCELLED" if event.id in done else "CONFIRMED"
        calendar.add_component(_entry(event, now, status, warning))
    text: bytes = calendar.to_ical()
    return text


def _entry(event: Event, now: datetime, status: str, warning: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.id}@zhengce")
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", event.day)
    entry.add("dtend", event.day + timedelta(days=1))
    entry.add("summary", _printable(event.title))
    described = [
        warning,
        f"{event.day}（{weekday(event.day)}）",
        event.note,
        "日期由程序读出或由贵司填写，以官方原文为准。",
    ]
    entry.add("description", "\n".join(_printable(line) for line in described if line))
    entry.add("categories", [zh(event.kind)])
    entry.add("status", status)
    entry.add("transp", "TRANSPARENT")
    if (
        event.url and event.url.isprintable()
    ):  # an address with a line break would be refused with all the others
        entry.add("url", event.url)
    return entry


def _printable(text: str) -> str:
    """What a watched site wrote, without control and direction-changing characters."""
    return "".join(
        " " if sign.isspace() else sign
        for sign in text
        if unicodedata.category(sign) not in _UNSEEN or sign.isspace()
    )
