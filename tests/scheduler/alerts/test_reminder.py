"""The words of a reminder, kind by kind."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kb.calendar import Event
from kb.codes import DateKind
from scheduler.alerts.message import Letterhead, Message
from scheduler.alerts.reminder import reminder_message

SATURDAY = Event(
    "ev-1",
    DateKind.COMMENTS,
    date(2026, 12, 5),
    "示例规定（征求意见稿）意见反馈截止",
    "示例规定（征求意见稿）",
    "doc-1",
    ("algorithm-filing",),
    url="https://a.example.invalid/1",
)


def written(
    event: Event,
    head: Letterhead,
    now: datetime | None = None,
    licences: tuple[str, ...] = ("algorithm-filing",),
) -> Message:
    head = replace(head, now=now) if now else head
    return reminder_message(event, licences, head, alert="al-1", subscription="主站", number="sub-1")


def test_a_reminder_says_day_weekday_what_to_do_and_why_it_came(head: Letterhead) -> None:
    message = written(SATURDAY, head)
    assert message.subject == "〔期限〕还有 11 天：示例规定（征求意见稿）意见反馈截止 12-05"
    assert message.body.splitlines()[:6] == [
        "贵司尚未记录是否反馈意见。",
        "",
        "■ 示例规定（征求意见稿）意见反馈截止",
        "　2026-12-05（周六）　还有 11 天　这一天是周末；程序不顺延，是否顺延以主管机关为准",
        "　涉及：算法备案",
        "■ 程序判断",
    ]
    for said in (
        "不再提醒：zhengce calendar done ev-1",
        "官方原文：https://a.example.invalid/1",
        "发给您是因为订阅“主站”包含：算法备案。",
        "邮件编号 al-1",
    ):
        assert said in message.body
    assert len(message.short) <= 400


@pytest.mark.parametrize(
    ("day", "subject"),
    [
        (date(2026, 11, 24), "〔到期施行〕今天：示例办法 施行 11-24"),
        (date(2026, 11, 22), "〔到期施行〕已过 2 天：示例办法 施行 11-22"),
        (date(2027, 1, 1), "〔期限〕还有 38 天：示例办法 施行 2027-01-01"),
    ],
)
def test_a_rule_that_begins_is_called_so_on_its_day(head: Letterhead, day: date, subject: str) -> None:
    rule = replace(SATURDAY, kind=DateKind.EFFECTIVE, day=day, title="示例办法 施行", about="示例办法")
    message = written(rule, head)
    assert message.subject == subject
    assert "征求意见稿，不是现行规定" not in message.body


def test_a_duty_that_nobody_verified_is_marked(head: Letterhead) -> None:
    duty = replace(
        SATURDAY,
        kind=DateKind.DUTY,
        title="示例核验（未核）截止",
        about="示例核验（未核）",
        verified=False,
        url="",
    )
    message = written(duty, head)
    assert "（未核）截止" in message.subject
    assert "未核，请先核实是否适用" in message.body
    assert "官方原文：" not in message.body


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (DateKind.DUTY, True),
        (DateKind.TRANSITION, True),
        (DateKind.EXPIRY, True),
        (DateKind.EFFECTIVE, False),
        (DateKind.RENEWAL, False),
    ],
)
def test_only_an_end_may_be_moved_past_a_weekend(head: Letterhead, kind: DateKind, asked: bool) -> None:
    assert ("是否顺延" in written(replace(SATURDAY, kind=kind), head).body) is asked


def test_who_is_reminded_for_what_they_hold_is_told_so(head: Letterhead) -> None:
    owned = written(replace(SATURDAY, kind=DateKind.EXPIRY, owner="sub-1"), head)
    assert "发给您是因为订阅“主站”的台账里有这一项。" in owned.body
    duty = written(replace(SATURDAY, kind=DateKind.DUTY), head, licences=())
    assert "发给您是因为订阅“主站”的台账里有：算法备案。" in duty.body
    assert "涉及：算法备案" in duty.body
    anything = written(replace(SATURDAY, licences=()), head, licences=())
    assert "包含：全部事项。" in anything.body


def test_of_a_holding_the_mail_says_how_to_write_down_the_renewal(head: Letterhead) -> None:
    held = replace(
        SATURDAY, kind=DateKind.EXPIRY, title="贵司ICP许可 到期", about="贵司ICP许可", source="ho-1", url=""
    )
    body = written(held, head).body
    assert "zhengce holding done ho-1，已续期的再加 --until 新的到期日" in body
    assert "到期日和提前天数按贵司台账填写。" in body


def test_what_a_site_wrote_cannot_steer_and_no_long_name_hides_the_day(head: Letterhead) -> None:
    name = "很长的\x07\u202e名称\n" * 40
    long = replace(SATURDAY, about=name, title=f"{name} 意见反馈截止")
    message = written(long, head)
    assert "\n" not in message.subject
    assert not set("\x07\u202e") & set(message.subject + message.body + message.short)
    assert message.subject.endswith("意见反馈截止 12-05")


@pytest.mark.parametrize("kind", DateKind)
def test_no_reminder_draws_a_legal_conclusion(head: Letterhead, kind: DateKind) -> None:
    message = written(replace(SATURDAY, kind=kind), replace(head, now=datetime(2026, 12, 1, tzinfo=UTC)))
    for word in ("必须", "违法", "合规", "立即", "！"):
        assert word not in message.subject + message.body + message.short
