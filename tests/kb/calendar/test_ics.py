"""The calendar file, read back by the library and looked at byte by byte."""

from dataclasses import replace
from datetime import UTC, date, datetime

from icalendar import Calendar

from kb.calendar import DocumentDates, Event, document_events
from kb.calendar.ics import as_ics

NOW = datetime(2026, 11, 23, 22, 43, tzinfo=UTC)
RULE = DocumentDates(
    "doc-1",
    "关于示例、示范与样例;以及, 很长很长的名称：" + "算法备案" * 20,
    False,
    effective=date(2027, 1, 1),
    url="https://a.example.invalid/1",
)


def events() -> tuple[Event, ...]:
    return document_events([RULE, DocumentDates("doc-2", "示例规定", True, comments_until=date(2026, 12, 1))])


def test_what_is_written_is_read_back() -> None:
    calendar = Calendar.from_ical(as_ics(events(), now=NOW))
    entries = list(calendar.walk("VEVENT"))
    assert [str(entry["summary"]) for entry in entries] == [event.title for event in events()]
    assert [entry["dtstart"].dt for entry in entries] == [date(2026, 12, 1), date(2027, 1, 1)]
    assert [entry["dtend"].dt for entry in entries] == [date(2026, 12, 2), date(2027, 1, 2)]
    assert {entry["dtstamp"].dt for entry in entries} == {NOW}
    assert [str(entry["uid"]) for entry in entries] == [f"{event.id}@zhengce" for event in events()]
    assert list(calendar.walk("VALARM")) == []
    assert "2026-12-01（周二）" in entries[0]["description"]
    assert str(calendar["x-wr-calname"]) == "证策：快到的日期"


def test_lines_are_folded_by_octets_and_never_inside_a_character() -> None:
    written = as_ics(events(), now=NOW)
    lines = written.split(b"\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode("utf-8")
    assert b"DTSTART;VALUE=DATE:20261201" in lines


def test_the_same_events_at_the_same_moment_are_the_same_bytes_and_a_moved_day_keeps_its_uid() -> None:
    assert as_ics(events(), now=NOW) == as_ics(events(), now=NOW)
    moved = document_events([replace(RULE, effective=date(2027, 2, 1))])
    (entry,) = Calendar.from_ical(as_ics(moved, now=NOW)).walk("VEVENT")
    assert str(entry["uid"]) == f"{events()[1].id}@zhengce"
    assert entry["dtstart"].dt == date(2027, 2, 1)


def test_a_site_cannot_write_lines_of_its_own() -> None:
    evil = document_events([replace(RULE, title="甲\r\nEND:VEVENT\x07\u202e乙")])
    (entry,) = Calendar.from_ical(as_ics(evil, now=NOW)).walk("VEVENT")
    assert str(entry["summary"]) == "甲  END:VEVENT乙 施行"


def test_what_is_done_is_written_as_cancelled_under_its_uid() -> None:
    comments, effective = events()
    entries = list(Calendar.from_ical(as_ics(events(), now=NOW, done={comments.id})).walk("VEVENT"))
    assert [(str(entry["uid"]), str(entry["status"])) for entry in entries] == [
        (f"{comments.id}@zhengce", "CANCELLED"),
        (f"{effective.id}@zhengce", "CONFIRMED"),
    ]


def test_an_address_with_a_line_break_takes_no_other_day_away() -> None:
    hostile = replace(RULE, url="https://a.example.invalid/1\r\nATTENDEE:mailto:x@example.invalid")
    written = as_ics(document_events([hostile]), now=NOW)
    assert b"ATTENDEE" not in written
    assert b"SUMMARY" in written
