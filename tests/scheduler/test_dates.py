"""What is done, opened again, moved and settled, whatever id a day had."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kb.calendar import Event, holding_events
from kb.codes import DateKind
from scheduler.alerts.message import Message
from scheduler.alerts.outbox import Alert, enqueue
from scheduler.dates import mark_done, mark_open, moved_away, read_done, reminded_of, settled
from scheduler.holdings import add_holding, held_dates, holding
from scheduler.ops import EmailSettings, Ops

NOW = datetime(2026, 11, 24, tzinfo=UTC)
FIRST = Event("ev-1", DateKind.EFFECTIVE, date(2027, 1, 1), "示例办法 施行", "示例办法", "pg-1")
LATER = replace(FIRST, id="ev-2", source="pg-2", former=("ev-1",))
"""The same day after its document got another id."""


def test_what_was_done_under_an_earlier_id_is_opened_again(ops: Ops) -> None:
    mark_done(ops, [FIRST], now=NOW, subscription="sub-1")
    assert read_done(ops).has(LATER, "sub-1")
    assert not read_done(ops).has(LATER, "sub-2")
    assert mark_open(ops, [LATER])
    assert not read_done(ops).has(LATER, "sub-1")
    assert not mark_open(ops, [LATER])


@pytest.mark.parametrize(
    ("now", "left"),
    [(FIRST, False), (LATER, False), (replace(LATER, day=date(2027, 2, 1)), True)],
    ids=["same", "another id", "another day"],
)
def test_a_reminder_that_waits_is_of_a_day_its_event_has_left(ops: Ops, now: Event, left: bool) -> None:
    mail = EmailSettings(host="a.invalid", sender="a@a.invalid", to="b@a.invalid")
    channel = ops.put_channel(mail, now=NOW)
    waiting = Alert("al-1", "reminder", reminded_of(FIRST), "sub-1", Message("题", "文", "短"), {})
    enqueue(ops, waiting, (channel,), now=NOW)
    assert moved_away(ops, [now]) == ((reminded_of(FIRST),) if left else ())


def test_a_holding_is_settled_when_each_of_its_days_is_done_for_its_owner(ops: Ops) -> None:
    key = add_holding(
        ops, holding(subscription="sub-1", licence="icp-license", expires_on="2027-03-10"), now=NOW
    )
    renewal, expiry = holding_events(held_dates(ops))
    assert settled(ops) == frozenset()
    mark_done(ops, [renewal], now=NOW)
    assert settled(ops) == frozenset()
    mark_done(ops, [expiry], now=NOW, subscription="sub-2")
    assert settled(ops) == frozenset()
    mark_done(ops, [expiry], now=NOW, subscription="sub-1")
    assert settled(ops) == {key}
