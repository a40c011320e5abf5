"""The outbox: an alert and its deliveries are written in one transaction, then leased, sent and settled one by one.

At least once: a crash between sending and settling sends again under the same id (``Message-ID``, ``webhook-id``), by
which receivers drop the second copy. States: pending -> leased -> delivered | retry -> ... | dead | bounced | disabled.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from kb import words
from kb.codes import DeliveryState
from kb.config import Clock
from kb.errors import ChannelGone, DeliveryRefused, NotFound, ZhengceError
from kb.model import instant, stable_id
from scheduler.alerts.message import Message
from scheduler.ops import Ops

LEASE = timedelta(minutes=5)
BACKOFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
log = logging.getLogger("zhengce")


@dataclass(frozen=True, slots=True)
class Alert:
    """One message about one thing (``about``: a change, incident or day) for one subscriber. ``facts`` is JSON data.

    ``number`` counts repetitions about the same thing; ``replies_to`` is the alert that a correction corrects.
    """

    id: str
    kind: str
    about: str
    subscription: str
    message: Message
    facts: dict[str, Any]
    number: int = 1
    page: str = ""
    replies_to: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A leased delivery with everything a channel needs."""

    delivery: str
    attempt: int
    channel: str
    alert: Alert
    created_at: datetime


Send = Callable[[Outgoing], str]


@dataclass(frozen=True, slots=True)
class Sent:
    """How many deliveries ended how. ``problems``: a sentence for each that waits for another attempt."""

    delivered: int = 0
    retry: int = 0
    failed: int = 0
    problems: tuple[str, ...] = field(default=(), compare=False)


def alert_id(kind: str, about: str, subscription: str, number: int = 1) -> str:
    """The same thing for the same subscriber has the same id, whoever asks."""
    prefix = {"correction": "co", "digest": "dg"}.get(kind, "al")
    return stable_id(prefix, kind, about, str(number), subscription)


def enqueue(ops: Ops, alert: Alert, channels: Iterable[str], *, now: datetime) -> bool:
    """Write an alert with a pending delivery a channel; ``False`` when this alert was written before."""
    with ops.transaction() as db:
        row = db.execute(
            "INSERT INTO alerts (id, kind, about, number, subscription, page, created_at, subject, body, short, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                alert.id,
                alert.kind,
                alert.about,
                alert.number,
                alert.subscription,
                alert.page,
                instant(now),
                alert.message.subject,
                alert.message.body,
                alert.message.short,
                json.dumps({**alert.facts, "replies_to": alert.replies_to}, ensure_ascii=False),
            ),
        )
        if not row.rowcount:
            return False
        for channel in channels:
            (active,) = db.execute("SELECT state FROM channels WHERE id = ?", (channel,)).fetchone()
            state = DeliveryState.PENDING if active == "active" else DeliveryState.DISABLED
            why = "" if active == "active" else "这个投递方式已停用"
            db.execute(
                "INSERT INTO deliveries (id, alert, channel, state, detail, due_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    stable_id("dl", alert.id, channel),
                    alert.id,
                    channel,
                    state,
                    why,
                    instant(now),
                    instant(now),
                ),
            )
    return True


def next_due(ops: Ops) -> datetime | None:
    """When the outbox next has something to do, or ``None`` when it is empty."""
    (row,) = ops.rows(
        "SELECT min(CASE state WHEN 'leased' THEN lease_until ELSE due_at END) AS due FROM deliveries"
        " WHERE state IN ('pending', 'retry', 'leased')"
    )
    return datetime.fromisoformat(row["due"]) if row["due"] else None


def lease(ops: Ops, *, now: datetime, most: int = 1) -> tuple[Outgoing, ...]:
    """Take deliveries that are due, those of a dead process whose lease ran out included, oldest first.

    One whose every attempt ended with the process is given up: it may be what ends it.
    """
    with ops.transaction() as db:
        db.execute(
            "UPDATE deliveries SET state = 'dead', detail = ?, due_at = NULL, lease_until = NULL, changed_at = ?"
            " WHERE state = 'leased' AND lease_until <= ? AND attempts >= ?",
            ("每次投递都被中断", instant(now), instant(now), len(BACKOFF)),
        )
        rows = db.execute(
            "SELECT d.id, d.attempts, d.channel, d.alert FROM deliveries AS d WHERE"
            " (d.state IN ('pending', 'retry') AND d.due_at <= :now) OR (d.state = 'leased' AND d.lease_until <= :now)"
            " ORDER BY d.due_at, d.rowid LIMIT :most",
            {"now": instant(now), "most": most},
        ).fetchall()
        db.executemany(
            "UPDATE deliveries SET state = 'leased', lease_until = ?, attempts = attempts + 1, changed_at = ?"
            " WHERE id = ?",
            [(instant(now + LEASE), instant(now), row["id"]) for row in rows],
        )
    return tuple(
        Outgoing(row["id"], row["attempts"] + 1, row["channel"], *read_alert(ops, row["alert"]))
        for row in rows
    )


def read_alert(ops: Ops, alert: str) -> tuple[Alert, datetime]:
    """Raises ``NotFound``."""
    rows = ops.rows("SELECT * FROM alerts WHERE id = ?", (alert,))
    if not rows:
        raise NotFound(f"没有提醒 {alert}", do="zhengce alerts 可列出全部提醒")
    row = rows[0]
    facts = json.loads(row["facts"])
    replies_to = facts.pop("replies_to", "")
    message = Message(row["subject"], row["body"], row["short"])
    return (
        Alert(
            row["id"],
            row["kind"],
            row["about"],
            row["subscription"],
            message,
            facts,
            row["number"],
            row["page"],
            replies_to,
        ),
        datetime.fromisoformat(row["created_at"]),
    )


def deliver_due(ops: Ops, send: Send, clock: Clock, *, ending: Event | None = None) -> Sent:
    """Lease, send and settle until nothing is due or ``ending`` is set. ``send`` returns what was answered, or raises.

    One at a time, so that a crash leaves at most one message whose fate is unknown. A delivery is tried at most once
    a call: what a fixed clock would make due again at once waits for the next call.
    """
    counts = {"delivered": 0, "retry": 0, "failed": 0}
    problems = []
    while not (ending and ending.is_set()) and (leased := lease(ops, now=clock.now())):
        state, detail = _send_one(ops, send, leased[0], clock)
        counts[_COUNTED.get(state, "failed")] += 1
        if state is DeliveryState.RETRY:
            problems.append(f"提醒 {leased[0].alert.id} 没有发到 {leased[0].channel}，将自动重试：{detail}")
    return Sent(**counts, problems=tuple(problems))


_COUNTED = {DeliveryState.DELIVERED: "delivered", DeliveryState.RETRY: "retry"}


def _send_one(ops: Ops, send: Send, outgoing: Outgoing, clock: Clock) -> tuple[DeliveryState, str]:
    try:
        said = send(outgoing)
    except ChannelGone as error:
        settle(ops, outgoing, DeliveryState.DISABLED, str(error), now=clock.now())
        ops.disable_channel(outgoing.channel, str(error), now=clock.now())
        return DeliveryState.DISABLED, str(error)
    except DeliveryRefused as error:
        settle(ops, outgoing, DeliveryState.BOUNCED, str(error), now=clock.now())
        return DeliveryState.BOUNCED, str(error)
    except (
        ZhengceError
    ) as error:  # settings and addresses too: the operator mends them while the message waits
        return _not_now(ops, outgoing, str(error), clock)
    except Exception as error:
        # The one broad guard of the outbox: libraries between here and the receiver raise what nobody listed, and one
        # message must not hold up the others. Their texts may hold a password, so only the type is kept.
        log.error("投递 %s 出错：%s", outgoing.delivery, type(error).__name__)
        return _not_now(ops, outgoing, type(error).__name__, clock)
    settle(ops, outgoing, DeliveryState.DELIVERED, said, now=clock.now())
    return DeliveryState.DELIVERED, said


def _not_now(ops: Ops, outgoing: Outgoing, why: str, clock: Clock) -> tuple[DeliveryState, str]:
    """Wait for the next attempt, or give up after the last."""
    if outgoing.attempt >= len(BACKOFF):
        settle(ops, outgoing, DeliveryState.DEAD, why, now=clock.now())
        return DeliveryState.DEAD, why
    due = clock.now() + wait_after(outgoing.attempt, outgoing.delivery)
    settle(ops, outgoing, DeliveryState.RETRY, why, now=clock.now(), due=due)
    return DeliveryState.RETRY, why


def wait_after(attempt: int, delivery: str) -> timedelta:
    """The pause after the n-th failed attempt (n from 1), up to a tenth longer, the same for the same delivery."""
    digest = hashlib.sha256(f"{delivery}#{attempt}".encode()).digest()
    return BACKOFF[attempt] * (1 + digest[0] / 2550)


def settle(
    ops: Ops,
    outgoing: Outgoing,
    state: DeliveryState,
    detail: str,
    *,
    now: datetime,
    due: datetime | None = None,
) -> None:
    """Write what became of an attempt; without effect when the lease ran out and another attempt has begun."""
    with ops.transaction() as db:
        changed = db.execute(
            "UPDATE deliveries SET state = ?, detail = ?, due_at = ?, lease_until = NULL, changed_at = ?"
            " WHERE id = ? AND state = 'leased' AND attempts = ?",
            (
                state,
                detail[:500],
                instant(due) if due else None,
                instant(now),
                outgoing.delivery,
                outgoing.attempt,
            ),
        )
        if changed.rowcount:
            db.execute(
                "INSERT INTO attempts (delivery, at, state, detail) VALUES (?, ?, ?, ?)",
                (outgoing.delivery, instant(now), state, detail[:500]),
            )


def try_again(ops: Ops, alert: str, *, now: datetime) -> int:
    """Make the failed deliveries of an alert pending again, as if never tried; the number of them."""
    read_alert(ops, alert)
    with ops.transaction() as db:
        return int(
            db.execute(
                "UPDATE deliveries SET state = 'pending', attempts = 0, due_at = ?, changed_at = ? WHERE alert = ?"
                " AND state IN ('retry', 'dead', 'bounced', 'disabled', 'paused')"
                " AND channel IN (SELECT id FROM channels WHERE state = 'active')",
                (instant(now), instant(now), alert),
            ).rowcount
        )


def withhold(ops: Ops, alert: str, why: str, *, now: datetime) -> int:
    """Keep an alert that still waits to be sent in the house; the number of its deliveries that are."""
    with ops.transaction() as db:
        return int(
            db.execute(
                "UPDATE deliveries SET state = 'held', detail = ?, due_at = NULL, changed_at = ? WHERE alert = ?"
                " AND state IN ('pending', 'retry')",
                (why, instant(now), alert),
            ).rowcount
        )


def troubles(ops: Ops, *, since: datetime | None = None) -> list[dict[str, str]]:
    """Deliveries that are not tried again by themselves, oldest first; those for disabled channels included."""
    rows = ops.rows(
        "SELECT alert, channel, state, detail, changed_at FROM deliveries"
        " WHERE state IN ('dead', 'bounced', 'disabled') AND changed_at >= ? ORDER BY changed_at, rowid",
        (instant(since) if since else "",),
    )
    return [dict(row) for row in rows]


def given_up(ops: Ops, *, since: datetime) -> list[str]:
    """``troubles`` as sentences for the operator."""
    return [
        f"提醒 {row['alert']} 没有发到 {row['channel']}，{words.zh(DeliveryState(row['state']))}：{row['detail']}；"
        f"改好后 zhengce alerts {row['alert']} --retry"
        for row in troubles(ops, since=since)
    ]
