"""Reminders from captures and holdings to the outbox, day by day on an injected clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.calendar import Event
from kb.codes import Origin
from scheduler.alerts.message import Letterhead
from scheduler.dates import events, mark_done, the_event
from scheduler.holdings import add_holding, holding, renew_holding
from scheduler.names import parent_of, short_name
from scheduler.observed import Observed
from scheduler.ops import Ops, Subscription
from scheduler.reminders import Reminder, reminder_day
from tests.kb.store.world import ARTICLES, declare, rule
from tests.scheduler.house import House

MORNING = time(8, 30)
BEGIN = "本办法自2026年9月1日起施行。"


def at(day: str, hour: int = 1) -> datetime:
    """09:00 in Beijing unless told."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


class Reminded:
    def __init__(self, root: Path, ops: Ops) -> None:
        self.ops = ops
        self.house = House(root, ops, declare())

    def publish(
        self, last: str = BEGIN, title: str = "示例业务管理办法", day: str = "2026-03-02", **run: Any
    ) -> None:
        for hour in (1, 3):
            with self.house.world.run(at(day, hour), **run) as opened:
                opened.see(body=rule(title, (*ARTICLES, last)))
        self.house.ingest()

    def subscribe(self, key: str = "sub-1", **wish: Any) -> None:
        channels = self.ops.channels()
        values = {"name": "主站", "channels": channels, "digest": "none", **wish}
        self.ops.put_subscription(Subscription(id=key, **values), now=at("2026-01-01"))

    def step(self, now: datetime) -> list[str]:
        """Subjects of the reminders written now."""
        before = {row["id"] for row in self.ops.rows("SELECT id FROM alerts")}
        head = Letterhead("http://127.0.0.1:8001", False, now, short_name)
        with Observed(self.house.world.data.kb) as observed:
            Reminder(self.ops, observed, head, parent_of, MORNING).remind()
        rows = self.ops.rows(
            "SELECT id, subject FROM alerts WHERE kind = 'reminder' ORDER BY subscription, subject"
        )
        return [row["subject"] for row in rows if row["id"] not in before]

    def events(self, since: str, until: str) -> tuple[Event, ...]:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
        with Observed(self.house.world.data.kb) as observed:
            return events(observed.document_dates(first), self.ops, since=first, until=last)

    def days(self, first: str, count: int) -> dict[str, list[str]]:
        """What each of so many days brings, those that bring something."""
        moments = [at(first) + timedelta(days=n) for n in range(count)]
        told = {f"{moment:%m-%d}": self.step(moment) for moment in moments}
        return {day: subjects for day, subjects in told.items() if subjects}


@pytest.fixture
def reminded(tmp_path: Path, ops: Ops) -> Reminded:
    return Reminded(tmp_path, ops)


def test_a_rule_is_told_before_and_on_the_day_it_begins(reminded: Reminded) -> None:
    reminded.subscribe(licences=("icp-license",))
    reminded.publish()
    assert reminded.days("2026-07-25", 50) == {
        "08-02": ["〔期限〕还有 30 天：示例业务管理办法 施行 09-01"],
        "08-25": ["〔期限〕还有 7 天：示例业务管理办法 施行 09-01"],
        "09-01": ["〔到期施行〕今天：示例业务管理办法 施行 09-01"],
    }
    assert reminded.days("2026-07-25", 50) == {}


def test_a_comment_period_is_told_in_the_words_of_the_house(reminded: Reminded) -> None:
    reminded.publish("意见反馈截止时间为2026年12月1日。", "示例生成内容标识规定（征求意见稿）", "2026-11-20")
    assert reminded.days("2026-11-20", 20) == {
        "11-24": ["〔期限〕还有 7 天：示例生成内容标识规定（征求意见稿）意见反馈截止 12-01"],
        "11-30": ["〔期限〕还有 1 天：示例生成内容标识规定（征求意见稿）意见反馈截止 12-01"],
    }
    (row,) = reminded.ops.rows("SELECT body, short FROM alerts WHERE number = 7")
    assert row["body"].splitlines()[0] == "贵司尚未记录是否反馈意见。"
    assert "　2026-12-01（周二）　还有 7 天" in row["body"]
    assert "征求意见稿，不是现行规定。" in row["body"]
    assert "官方原文：https://gov.example.cn/a.html" in row["body"]
    assert len(row["short"]) <= 400


def test_after_a_sleep_only_the_nearest_is_caught_up(reminded: Reminded) -> None:
    reminded.publish()
    assert reminded.step(at("2026-07-01")) == []
    assert reminded.step(at("2026-08-27")) == ["〔期限〕还有 5 天：示例业务管理办法 施行 09-01"]
    assert reminded.step(at("2026-09-04")) == ["〔到期施行〕已过 3 天：示例业务管理办法 施行 09-01"]


def test_a_clock_that_goes_back_repeats_nothing(reminded: Reminded) -> None:
    reminded.publish()
    reminded.step(at("2026-07-01"))
    assert len(reminded.step(at("2026-08-26"))) == 1
    assert reminded.step(at("2026-08-05")) == []


def test_what_was_over_when_first_known_is_never_told(reminded: Reminded) -> None:
    reminded.publish("本办法自2026年3月1日起施行。")
    assert reminded.days("2026-03-02", 20) == {}


def test_who_subscribes_later_hears_of_what_is_to_come(reminded: Reminded) -> None:
    reminded.publish()
    reminded.step(at("2026-07-01"))
    reminded.ops.put_subscription(
        Subscription(id="sub-2", name="新", channels=reminded.ops.channels(), digest="none"),
        now=at("2026-08-20"),
    )
    told = reminded.days("2026-08-20", 20)
    assert {day: len(subjects) for day, subjects in told.items()} == {"08-20": 1, "08-25": 2, "09-01": 2}
    assert reminded.ops.rows("SELECT 1 FROM alerts WHERE subscription = 'sub-2' AND number = 30") == []


@pytest.mark.parametrize("origin", [Origin.IMPORT, Origin.REPLAY])
def test_imported_and_replayed_documents_remind_nobody(reminded: Reminded, origin: Origin) -> None:
    reminded.publish(origin=origin)
    (listed,) = reminded.events("2026-09-01", "2026-09-01")
    assert (listed.title, listed.live) == ("示例业务管理办法 施行", False)
    assert reminded.days("2026-07-25", 50) == {}


def test_a_copy_elsewhere_that_is_older_repeats_nothing(tmp_path: Path, ops: Ops) -> None:
    reminded = Reminded(tmp_path, ops)
    reminded.house = House(tmp_path, ops, declare(), declare("test.reprint", level="official_reprint"))
    reminded.publish()
    reminded.step(at("2026-07-25"))
    assert len(reminded.step(at("2026-08-02"))) == 1
    reprint = reminded.house.world.sources["test.reprint"]
    with reminded.house.world.run(at("2026-02-01"), origin=Origin.IMPORT, source=reprint) as opened:
        opened.see(body=rule("示例业务管理办法", (*ARTICLES, BEGIN)))
    reminded.house.ingest()
    (event,) = reminded.events("2026-09-01", "2026-09-01")
    assert event.publications
    assert reminded.step(at("2026-08-03")) == []


def test_an_event_that_gets_another_id_is_neither_told_again_nor_undone(reminded: Reminded) -> None:
    """The notice that asks for comments is imported after its draft was told, and is the older page of the two."""
    deadline = "意见反馈截止时间为2026年12月1日。"
    reminded.publish(deadline, "示例标识规定（征求意见稿）", "2026-11-10")
    reminded.step(at("2026-11-10"))
    assert len(reminded.step(at("2026-11-24"))) == 1
    (before,) = reminded.events("2026-12-01", "2026-12-01")
    with reminded.house.world.run(at("2026-11-09"), origin=Origin.IMPORT) as opened:
        notice = "示例机关关于《示例标识规定（征求意见稿）》公开征求意见的通知"
        opened.see("/notice.html", rule(notice, ("现向社会公开征求意见。", deadline)))
    reminded.house.ingest()
    (after,) = reminded.events("2026-12-01", "2026-12-01")
    assert after.id != before.id
    assert reminded.step(at("2026-11-25")) == []
    mark_done(reminded.ops, [before], now=at("2026-11-25"))
    assert reminded.days("2026-11-26", 10) == {}


def test_done_for_one_subscription_is_not_done_for_another(reminded: Reminded) -> None:
    reminded.subscribe("sub-2")
    reminded.publish()
    reminded.step(at("2026-07-25"))
    assert len(reminded.step(at("2026-08-25"))) == 2
    near = reminded.events("2026-08-25", "2026-09-30")
    mark_done(reminded.ops, near, now=at("2026-08-26"), subscription="sub-2")
    rows = reminded.ops.rows(
        "SELECT a.subscription, d.state FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert ORDER BY 1"
    )
    assert [(row["subscription"], row["state"]) for row in rows] == [("sub-1", "pending"), ("sub-2", "held")]
    assert len(reminded.step(at("2026-09-01"))) == 1


def test_only_those_concerned_are_reminded(tmp_path: Path, ops: Ops) -> None:
    reminded = Reminded(tmp_path, ops)
    reminded.house = House(tmp_path, ops, declare(province="广东"))
    ops.end_subscription("sub-1")
    reminded.subscribe("sub-a", licences=("vats-license",), province="广东")
    reminded.subscribe("sub-b", licences=("icp-license",), province="全国")
    reminded.subscribe("sub-c", licences=("vats-license",), province="浙江")
    reminded.subscribe("sub-d", licences=("algorithm-filing",))
    reminded.subscribe("sub-e", sources=("test.other",))
    reminded.subscribe("sub-f", sources=("test.rules",))
    reminded.subscribe("sub-g", immediate=False, digest="daily")
    reminded.publish()
    reminded.step(at("2026-07-25"))
    reminded.step(at("2026-08-25"))
    rows = ops.rows("SELECT DISTINCT subscription AS s FROM alerts WHERE kind = 'reminder' ORDER BY s")
    assert [row["s"] for row in rows] == ["sub-a", "sub-b", "sub-f"]


def test_the_day_of_a_rule_that_a_provincial_site_hands_on_is_told_to_everybody(
    tmp_path: Path, ops: Ops
) -> None:
    reminded = Reminded(tmp_path, ops)
    reminded.house = House(tmp_path, ops, declare(province="广东"))
    reminded.subscribe(province="浙江")
    reminded.publish(title="工业和信息化部关于示例业务的通知")
    reminded.step(at("2026-07-25"))
    assert len(reminded.step(at("2026-08-25"))) == 1


def test_done_ends_the_reminders_of_that_day_and_of_no_other(reminded: Reminded) -> None:
    reminded.publish()
    reminded.step(at("2026-07-25"))
    assert len(reminded.step(at("2026-08-02"))) == 1
    near = reminded.events("2026-08-02", "2026-12-31")
    (begins,) = [event for event in near if "施行" in event.title]
    mark_done(reminded.ops, the_event(near, begins.id), now=at("2026-08-03"))
    (waiting,) = reminded.ops.rows("SELECT state, due_at FROM deliveries")
    assert (waiting["state"], waiting["due_at"]) == ("held", None)
    assert reminded.days("2026-08-04", 10) == {}
    reminded.publish("本办法自2026年10月1日起施行。", day="2026-08-20")
    assert reminded.days("2026-08-21", 50) == {
        "09-01": ["〔期限〕还有 30 天：示例业务管理办法 施行 10-01"],
        "09-24": ["〔期限〕还有 7 天：示例业务管理办法 施行 10-01"],
        "10-01": ["〔到期施行〕今天：示例业务管理办法 施行 10-01"],
    }


def test_a_day_begins_when_digests_are_sent(reminded: Reminded) -> None:
    reminded.publish()
    reminded.step(at("2026-08-01"))
    assert reminded.step(at("2026-08-01", 23)) == []  # 07:00 of the next day in Beijing
    assert len(reminded.step(at("2026-08-02"))) == 1
    assert str(reminder_day(at("2026-08-02", 0), MORNING)) == "2026-08-01"


def held(**values: Any) -> Any:
    return holding(
        **{
            "subscription": "sub-1",
            "licence": "icp-license",
            "expires_on": "2027-03-10",
            "lead_days": 60,
            **values,
        }
    )


def test_a_holding_is_told_at_its_own_lead_time_to_its_owner_alone(reminded: Reminded) -> None:
    reminded.publish("没有日期。")
    reminded.subscribe("sub-2", name="乙站")
    key = add_holding(reminded.ops, held(number="示B2-000001"), now=at("2026-12-01"))
    told = reminded.days("2026-12-01", 98)
    name = "主站ICP许可（示B2-000001）"
    assert [(day, s) for day, subjects in told.items() for s in subjects if name in s] == [
        ("01-09", f"〔期限〕今天：{name} 续期申请起算日 01-09"),
        ("02-08", f"〔期限〕还有 30 天：{name} 到期 03-10"),
        ("03-03", f"〔期限〕还有 7 天：{name} 到期 03-10"),
    ]
    (row,) = reminded.ops.rows("SELECT DISTINCT subscription AS s FROM alerts WHERE subject LIKE '%到期%'")
    assert row["s"] == "sub-1"
    renew_holding(reminded.ops, key, "2032-03-10")
    assert [s for s in reminded.step(at("2027-03-09")) if "到期" in s] == []


def test_a_yearly_duty_is_told_to_those_who_follow_or_hold_the_licence(reminded: Reminded) -> None:
    reminded.publish("没有日期。")
    reminded.ops.end_subscription("sub-1")
    reminded.subscribe("sub-a", licences=("edi-license",))
    reminded.subscribe("sub-b", licences=("algorithm-filing",))
    reminded.subscribe("sub-c", licences=("algorithm-filing",))
    add_holding(reminded.ops, held(subscription="sub-c", expires_on=""), now=at("2026-12-01"))
    told = reminded.days("2027-01-01", 120)
    duty = "增值电信业务经营信息年报 截止 03-31"
    assert told == {
        "03-01": [f"〔期限〕还有 30 天：{duty}"] * 2,
        "03-24": [f"〔期限〕还有 7 天：{duty}"] * 2,
        "03-30": [f"〔期限〕还有 1 天：{duty}"] * 2,
    }
    who = {row["s"] for row in reminded.ops.rows("SELECT DISTINCT subscription AS s FROM alerts")}
    assert who == {"sub-a", "sub-c"}
    (row,) = reminded.ops.rows("SELECT body FROM alerts WHERE number = 7 AND subscription = 'sub-a'")
    assert "工信部信管〔2017〕321号" in row["body"]
    assert "必须" not in row["body"]


def test_a_holding_is_told_once_on_the_day_its_lead_time_begins(reminded: Reminded) -> None:
    reminded.publish("没有日期。")
    add_holding(reminded.ops, held(lead_days=30), now=at("2026-12-01"))
    told = [s for subjects in reminded.days("2027-01-30", 40).values() for s in subjects if "贵司" in s]
    assert told == [
        "〔期限〕今天：贵司ICP许可 续期申请起算日 02-08",
        "〔期限〕还有 7 天：贵司ICP许可 到期 03-10",
        "〔期限〕还有 1 天：贵司ICP许可 到期 03-10",
    ]


def test_a_reminder_that_waits_is_not_sent_when_its_day_has_moved(reminded: Reminded) -> None:
    reminded.subscribe(licences=("icp-license",))
    reminded.publish()
    reminded.step(at("2026-06-01"))
    assert len(reminded.step(at("2026-08-02"))) == 1

    def waiting() -> list[tuple[str, str]]:
        rows = reminded.ops.rows(
            "SELECT a.about, d.state FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert"
            " WHERE a.kind = 'reminder' ORDER BY a.about"
        )
        return [(row["about"].partition("@")[2], row["state"]) for row in rows]

    assert waiting() == [("2026-09-01", "pending")]
    reminded.publish("本办法自2026年10月1日起施行。", day="2026-08-03")
    assert len(reminded.step(at("2026-08-04"))) == 0
    assert waiting() == [("2026-09-01", "held")]
    assert len(reminded.step(at("2026-09-01"))) == 1
    assert waiting() == [("2026-09-01", "held"), ("2026-10-01", "pending")]


def test_a_notice_that_gives_more_time_moves_the_reminders_of_the_draft(reminded: Reminded) -> None:
    def notice(name: str, day: str, title: str, last: str) -> None:
        for hour in (1, 3):
            with reminded.house.world.run(at(day, hour)) as opened:
                opened.see(name, rule(title, (*ARTICLES[:2], last)))
        reminded.house.ingest()

    draft = "《示例业务规定（征求意见稿）》"
    notice("/a.html", "2026-08-01", f"关于{draft}公开征求意见的通知", "意见反馈截止时间为2026年9月1日。")
    reminded.step(at("2026-08-01"))
    assert [s[:10] for s in reminded.step(at("2026-08-25"))] == ["〔期限〕还有 7 天"]
    notice(
        "/b.html", "2026-08-26", f"关于延长{draft}征求意见时间的通知", "现将征求意见时间延长至2026年9月20日。"
    )
    told = reminded.days("2026-08-26", 30)
    assert {day: len(subjects) for day, subjects in told.items()} == {"09-13": 1, "09-19": 1}
    assert told["09-13"] == ["〔期限〕还有 7 天：示例业务规定（征求意见稿）意见反馈截止 09-20"]
