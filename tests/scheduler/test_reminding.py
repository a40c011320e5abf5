"""Whole steps of the house on an injected clock: captures in, mails out, until somebody says done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.config import FixedClock, Settings
from kb.errors import DeliveryFailed
from kb.store.ingest import Ingestor
from kb.terminal import run
from scheduler.alerts.channels.webhook import payload
from scheduler.alerts.outbox import Outgoing
from scheduler.cli import zhengce
from scheduler.dates import take_out
from scheduler.holdings import add_holding, holding
from scheduler.jobs import Context, run_once
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.verbs import calendar
from tests.kb.store.world import ARTICLES, World, rule

TITLE = "示例增值电信业务管理规定（征求意见稿）"
DRAFT = rule(TITLE, (*ARTICLES, "意见反馈截止时间为2026年12月1日。"))


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@dataclass
class Office:
    """One data directory, one subscriber with a daily digest, and a post that keeps what it was given."""

    world: World
    ops: Ops
    clock: FixedClock
    sent: list[Outgoing] = field(default_factory=list)
    closed: bool = False

    def post(self, outgoing: Outgoing) -> str:
        if self.closed:
            raise DeliveryFailed("邮局关门")
        self.sent.append(outgoing)
        return "收下"

    def step(self, moment: str) -> list[str]:
        """Subjects that leave the house in one step; no source is crawled."""
        self.clock.moment = beijing(moment)
        before = len(self.sent)
        run_once(Context(self.world.data, Settings(), {}, self.ops, self.clock, send=self.post))
        return [outgoing.alert.message.subject for outgoing in self.sent[before:]]

    def reminders(self, *moments: str) -> list[str]:
        return [subject for moment in moments for subject in self.step(moment) if subject.startswith("〔")]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    world = World(tmp_path)
    for moment in ("2026-11-10T09:00", "2026-11-10T11:00"):
        with world.run(beijing(moment)) as seen:
            seen.see(body=DRAFT)
    Ingestor(world.data, world.sources).ingest()
    with Ops(world.data.ops) as ops:
        settings = EmailSettings(host="m.example.invalid", sender="a@example.invalid", to="b@example.invalid")
        channel = ops.put_channel(settings, now=beijing("2026-11-10T08:00"))
        ops.put_subscription(
            Subscription(id="sub-main", name="主站", licences=("icp-license",), channels=(channel,)),
            now=beijing("2026-11-10T08:00"),
        )
        yield Office(world, ops, FixedClock(beijing("2026-11-10T12:00")))


def test_reminders_leave_with_the_steps_each_once(office: Office) -> None:
    assert office.reminders("2026-11-10T12:00", "2026-11-23T18:00", "2026-11-24T08:00") == []
    first = f"〔期限〕还有 7 天：{TITLE}意见反馈截止 12-01"
    assert office.reminders("2026-11-24T08:30", "2026-11-24T08:31", "2026-11-25T09:00") == [first]
    assert office.reminders("2026-11-30T08:30") == [f"〔期限〕还有 1 天：{TITLE}意见反馈截止 12-01"]
    assert office.reminders("2026-12-01T08:30", "2026-12-02T08:30") == []
    (mail,) = [each for each in office.sent if each.alert.message.subject == first]
    assert mail.alert.id.startswith("al-")
    assert mail.alert.facts["event"]["day"] == "2026-12-01"
    assert payload(mail)["type"] == "date.reminder"


def test_the_digest_lists_the_same_days_and_drops_what_is_done(office: Office) -> None:
    add_holding(
        office.ops,
        holding(subscription="sub-main", licence="icp-license", expires_on="2027-03-10", lead_days=90),
        now=beijing("2026-11-10T12:00"),
    )
    office.step("2026-11-11T08:30")
    dates = office.sent[-1].alert.message.body.split("快到的日期\n")[1].splitlines()[:3]
    assert dates == [
        f"　12-01　{TITLE}意见反馈截止（还有 20 天）",
        "　12-10　贵司ICP许可 续期申请起算日（到期 2027-03-10，提前天数按贵司台账填写）（还有 29 天）",
        "　03-10　贵司ICP许可 到期（还有 119 天）",
    ]
    for event in ("意见反馈截止", "到期"):
        done(office, event)
    office.step("2026-11-12T08:30")
    assert "快到的日期" not in office.sent[-1].alert.message.body
    assert office.reminders("2026-11-24T08:30", "2026-12-10T08:30") == []


def test_done_from_the_shell_stops_a_reminder_that_waits_to_be_sent(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.step("2026-11-10T12:00")
    office.closed = True
    assert office.reminders("2026-11-24T08:30") == []
    monkeypatch.setattr(calendar, "SystemClock", lambda: office.clock)
    (row,) = office.ops.rows("SELECT facts ->> '$.event.id' AS id FROM alerts WHERE kind = 'reminder'")
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["calendar", "done", row["id"], "--data", str(office.world.data.root)])
    assert ended.value.code == 0
    office.closed = False
    assert office.reminders("2026-11-24T12:00", "2026-11-30T08:30") == []


def test_what_is_taken_out_of_the_book_is_not_reminded_of_any_more(office: Office) -> None:
    held = {"subscription": "sub-main", "licence": "edi-license", "expires_on": "2026-11-24"}
    key = add_holding(office.ops, holding(**held), now=beijing("2026-11-10T08:00"))
    office.closed = True
    office.step("2026-11-17T08:30")
    take_out(office.ops, key, now=office.clock.now())
    office.closed = False
    assert office.reminders("2026-11-17T12:00", "2026-11-23T08:30") == []


def test_what_is_written_down_again_is_not_done(office: Office) -> None:
    held = holding(subscription="sub-main", licence="edi-license", expires_on="2026-11-30")
    key = add_holding(office.ops, held, now=beijing("2026-11-10T08:00"))
    office.step("2026-11-10T12:00")
    done(office, "到期")
    take_out(office.ops, key, now=office.clock.now())
    assert add_holding(office.ops, held, now=office.clock.now()) == key
    assert office.reminders("2026-11-23T08:30") == ["〔期限〕还有 7 天：贵司EDI许可 到期 11-30"]


def done(office: Office, word: str) -> None:
    near = calendar.listing(office.world.data, office.clock).events
    (event,) = [each for each in near if each.title.endswith(word)]
    calendar.mark_done(office.ops, calendar.the_event(near, event.id), now=office.clock.now())


def test_an_empty_house_reminds_of_duties_alone(tmp_path: Path) -> None:
    world = World(tmp_path)
    with Ops(world.data.ops) as ops:
        ops.put_subscription(
            Subscription(id="sub-main", name="主站", digest="none"), now=beijing("2026-12-01T08:00")
        )
        empty = Office(world, ops, FixedClock(beijing("2026-12-01T12:00")))
        empty.step("2026-12-01T12:00")
        empty.step("2027-03-24T08:30")
        rows = ops.rows("SELECT subject FROM alerts")
    assert [row["subject"] for row in rows] == ["〔期限〕还有 7 天：增值电信业务经营信息年报 截止 03-31"]


def test_a_step_at_dawn_sends_what_yesterday_left(office: Office) -> None:
    office.step("2026-11-23T18:00")
    assert office.reminders("2026-11-25T06:00", "2026-11-25T08:30") == [
        f"〔期限〕还有 6 天：{TITLE}意见反馈截止 12-01"
    ]
