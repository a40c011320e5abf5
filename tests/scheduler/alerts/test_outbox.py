import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from kb import words
from kb.codes import DeliveryState
from kb.config import FixedClock
from kb.errors import AddressRefused, ChannelGone, ConfigError, DeliveryFailed, DeliveryRefused, SchemaTooNew
from scheduler.alerts.message import Message
from scheduler.alerts.outbox import (
    BACKOFF,
    LEASE,
    Alert,
    Outgoing,
    alert_id,
    deliver_due,
    enqueue,
    given_up,
    lease,
    next_due,
    settle,
    try_again,
    wait_after,
)
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.schema import MIGRATIONS

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Receiver:
    """Takes what it is sent, or answers with the errors it is told to."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors = list(errors)
        self.got: list[str] = []

    def __call__(self, outgoing: Outgoing) -> str:
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        self.got.append(outgoing.alert.id)
        return "250"


@pytest.fixture
def put(ops: Ops) -> Callable[..., str]:
    channel = ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=NOW)

    def put(about: str = "ch-1", now: datetime = NOW) -> str:
        alert = alert_id("change", about, "sub-1")
        enqueue(
            ops, Alert(alert, "change", about, "sub-1", Message("s", "b", "t"), {"n": 1}), [channel], now=now
        )
        return alert

    return put


def state(ops: Ops) -> list[tuple[str, int]]:
    return [
        (r["state"], r["attempts"]) for r in ops.rows("SELECT state, attempts FROM deliveries ORDER BY rowid")
    ]


def test_an_alert_is_delivered_once(ops: Ops, put: Callable[..., str]) -> None:
    alert, receiver = put(), Receiver()
    put()  # the same thing for the same subscriber again
    sent = deliver_due(ops, receiver, FixedClock(NOW))
    deliver_due(ops, receiver, FixedClock(NOW + timedelta(days=9)))
    assert receiver.got == [alert]
    assert (sent.delivered, sent.retry, sent.failed) == (1, 0, 0)
    assert state(ops) == [(DeliveryState.DELIVERED, 1)]
    assert next_due(ops) is None


def test_a_crash_between_sending_and_settling_sends_again_under_the_same_id(
    ops: Ops, put: Callable[..., str]
) -> None:
    alert, receiver = put(), Receiver()
    (taken,) = lease(ops, now=NOW)
    receiver(taken)  # the receiver has it; the process dies before it can write that down
    assert lease(ops, now=NOW + LEASE - timedelta(seconds=1)) == ()
    deliver_due(ops, receiver, FixedClock(NOW + LEASE))
    assert receiver.got == [alert, alert]
    assert state(ops) == [(DeliveryState.DELIVERED, 2)]


def test_a_late_finisher_does_not_overwrite_the_attempt_that_followed(
    ops: Ops, put: Callable[..., str]
) -> None:
    put()
    (slow,) = lease(ops, now=NOW)
    (second,) = lease(ops, now=NOW + LEASE)
    settle(ops, slow, DeliveryState.RETRY, "too late", now=NOW + LEASE, due=NOW + LEASE)
    assert state(ops) == [(DeliveryState.LEASED, 2)]
    settle(ops, second, DeliveryState.DELIVERED, "250", now=NOW + LEASE)
    assert state(ops) == [(DeliveryState.DELIVERED, 2)]


def test_a_rolled_back_step_leaves_neither_alert_nor_delivery(ops: Ops, put: Callable[..., str]) -> None:
    def step() -> None:
        with ops.transaction():
            put()
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        step()
    assert state(ops) == []
    assert ops.rows("SELECT * FROM alerts") == []
    put()
    assert state(ops) == [(DeliveryState.PENDING, 0)]


def test_what_may_pass_is_tried_again_ten_times_over_three_days(ops: Ops, put: Callable[..., str]) -> None:
    put()
    clock, receiver = FixedClock(NOW), Receiver(*[DeliveryFailed("503")] * 20)
    waits = []
    while (due := next_due(ops)) is not None:
        waits.append(due - clock.moment)
        clock.moment = due
        deliver_due(ops, receiver, clock)
    assert len(waits) == len(BACKOFF) == 10
    assert all(
        step <= wait <= step * 1.11 + timedelta(seconds=1) for step, wait in zip(BACKOFF, waits, strict=True)
    )
    assert state(ops) == [(DeliveryState.DEAD, 10)]
    assert ["503" in said for said in given_up(ops, since=clock.moment)] == [True]
    assert given_up(ops, since=clock.moment + timedelta(seconds=1)) == []


def test_the_jitter_is_the_same_for_the_same_delivery() -> None:
    assert wait_after(3, "dl-1") == wait_after(3, "dl-1")
    assert len({wait_after(3, f"dl-{n}") for n in range(20)}) > 10


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DeliveryRefused("550 no such user"), DeliveryState.BOUNCED),
        (ChannelGone("410"), DeliveryState.DISABLED),
    ],
)
def test_what_will_not_pass_stops_and_is_told(
    ops: Ops, put: Callable[..., str], error: Exception, expected: DeliveryState
) -> None:
    put()
    assert deliver_due(ops, Receiver(error), FixedClock(NOW)).failed == 1
    assert state(ops) == [(expected, 1)]
    assert [words.zh(expected) in said for said in given_up(ops, since=NOW)] == [True]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            ConfigError("环境变量 X 未设置"),
            "环境变量 X 未设置",
        ),  # mended by the operator while the mail waits
        (AddressRefused("内网地址"), "内网地址"),
        (ValueError("Port out of range, password hunter2"), "ValueError"),  # what no channel foresaw
    ],
)
def test_whatever_a_channel_raises_waits_and_holds_up_nobody(
    ops: Ops, put: Callable[..., str], error: Exception, said: str
) -> None:
    put("ch-1")
    second, receiver = put("ch-2"), Receiver(error)
    sent = deliver_due(ops, receiver, FixedClock(NOW))
    assert (receiver.got, sent.retry) == ([second], 1)
    assert state(ops) == [(DeliveryState.RETRY, 1), (DeliveryState.DELIVERED, 1)]
    (row,) = ops.rows("SELECT detail FROM deliveries WHERE state = 'retry'")
    assert row["detail"] == said
    assert [said in problem for problem in sent.problems] == [True]


def test_what_nobody_foresaw_is_given_up_after_the_last_attempt(ops: Ops, put: Callable[..., str]) -> None:
    put()
    clock, receiver = FixedClock(NOW), Receiver(*[ValueError()] * 20)
    while (due := next_due(ops)) is not None:
        clock.moment = due
        deliver_due(ops, receiver, clock)
    assert state(ops) == [(DeliveryState.DEAD, len(BACKOFF))]


def test_a_message_that_ends_its_process_every_time_is_given_up(ops: Ops, put: Callable[..., str]) -> None:
    put()
    now = NOW
    while lease(ops, now=now):  # the process dies with each
        assert now < NOW + 20 * LEASE
        now += LEASE
    assert state(ops) == [(DeliveryState.DEAD, len(BACKOFF))]
    assert next_due(ops) is None


def test_an_ending_daemon_sends_no_further_mail(ops: Ops, put: Callable[..., str]) -> None:
    put()
    ending = Event()
    ending.set()
    deliver_due(ops, Receiver(), FixedClock(NOW), ending=ending)
    assert state(ops) == [(DeliveryState.PENDING, 0)]


def test_a_gone_address_is_not_tried_for_the_next_alert(ops: Ops, put: Callable[..., str]) -> None:
    put("ch-1")
    put("ch-2")
    receiver = Receiver(ChannelGone("410"))
    deliver_due(ops, receiver, FixedClock(NOW))
    put("ch-3")
    deliver_due(ops, receiver, FixedClock(NOW))
    assert receiver.got == []
    assert {name for name, _ in state(ops)} == {DeliveryState.DISABLED}
    assert len(given_up(ops, since=NOW)) == 3


def test_the_operator_can_try_again(ops: Ops, put: Callable[..., str]) -> None:
    alert = put()
    deliver_due(ops, Receiver(DeliveryRefused("550")), FixedClock(NOW))
    assert try_again(ops, alert, now=NOW) == 1
    receiver = Receiver()
    deliver_due(ops, receiver, FixedClock(NOW))
    assert receiver.got == [alert]


def test_ops_db_is_private_and_refuses_a_newer_schema(tmp_path: Path) -> None:
    path = tmp_path / "ops.db"
    with Ops(path) as ops:
        assert path.stat().st_mode & 0o777 == 0o600
        ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=NOW)
        assert all(p.stat().st_mode & 0o077 == 0 for p in tmp_path.iterdir())
        ops.connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SchemaTooNew):
        Ops(path)


def test_secrets_are_only_named(ops: Ops) -> None:
    with pytest.raises(ValueError, match="password"):
        EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h", password="hunter2")
    with pytest.raises(ConfigError):
        ops.put_subscription(Subscription(name="x", channels=("cn-none",)), now=NOW)


def test_a_ledger_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "ops.db"
    with sqlite3.connect(path) as old:
        old.executescript(MIGRATIONS[0] + "PRAGMA user_version = 1;")
        old.execute("INSERT INTO activity (what, key, at) VALUES ('crawl', 's', ?)", (NOW.isoformat(),))
    old.close()
    with Ops(path) as ops:
        assert ops.noted("crawl") == {"s": (NOW, False)}
        assert ops.times("crawl") == {"s": 1}
