"""PURE. One day that comes near -> subject, body and short form."""

from __future__ import annotations

from datetime import date
from typing import Any

from kb import words
from kb.calendar import Event, weekday
from kb.codes import DateKind
from scheduler.alerts.message import Letterhead, Message
from scheduler.alerts.text import clean, clip, days_left, today

_OPEN = {
    DateKind.COMMENTS: "贵司尚未记录是否反馈意见。",
    DateKind.EFFECTIVE: "贵司尚未记录是否已评估。",
    DateKind.TRANSITION: "贵司尚未记录过渡期内的安排是否完成。",
    DateKind.DUTY: "贵司尚未记录今年是否已办。",
    DateKind.RENEWAL: "贵司尚未记录是否已申请续期。",
    DateKind.EXPIRY: "贵司尚未记录是否已续期。",
}
_ENDS = frozenset({DateKind.COMMENTS, DateKind.TRANSITION, DateKind.DUTY, DateKind.EXPIRY})
_OF_HOLDINGS = frozenset({DateKind.RENEWAL, DateKind.EXPIRY})


def reminder_subject(event: Event, head: Letterhead) -> str:
    """〔期限〕还有 7 天：示例规定（征求意见稿）意见反馈截止 12-01; on the day a rule begins 〔到期施行〕今天：…"""
    begun = event.kind is DateKind.EFFECTIVE and event.day <= today(head.now)
    nature = "到期施行" if begun else "期限"
    room = clip(clean(event.about), 60)
    what = clean(event.title).replace(clean(event.about), room, 1)
    if event.kind is DateKind.RENEWAL:
        what = f"{room} {words.zh(event.kind)}"
    return f"〔{nature}〕{days_left(event.day, head.now)}：{what} {_day(event.day, head)}"


def _day(day: date, head: Letterhead) -> str:
    return f"{day:%m-%d}" if day.year == today(head.now).year else day.isoformat()


def reminder_message(
    event: Event, licences: tuple[str, ...], head: Letterhead, *, alert: str, subscription: str, number: str
) -> Message:
    """``subscription`` and ``number`` are its name and id. ``licences`` are those of the event that it names; none where
    its ledger alone is the reason."""
    subject = reminder_subject(event, head)
    names = "、".join(dict.fromkeys(map(head.name_of, licences or event.licences))) or "全部事项"
    when = f"{event.day}（{weekday(event.day)}）"
    done = f"zhengce calendar done {event.id} --for {number}"
    if event.kind in _OF_HOLDINGS:
        done = f"zhengce holding done {event.source}，已续期的再加 --until 新的到期日"
    lines = [
        _OPEN[event.kind],
        "",
        f"■ {clean(event.title)}",
        f"　{when}　{days_left(event.day, head.now)}" + _weekend(event),
        f"　涉及：{names}",
        *([f"　{clean(event.note)}"] if event.note else []),
        "■ 程序判断",
        f"　{_origin(event)}",
        "■ 请人工（只有您和本单位管理员可见）",
        f"　处理后在部署本系统的机器上记录，不再提醒：{done}",
        "",
        *([f"官方原文：{clean(event.url)}"] if event.url else []),
        "——",
        f"发给您是因为订阅“{clean(subscription)}”{_why(event, licences, names)}。修改或退订：回复本邮件写明“退订”，"
        "或由管理员运行 zhengce subscribe。",
        f"日期提醒不是法律意见，以官方原文为准。邮件编号 {alert}",
    ]
    link = event.url or f"{head.base_url}/"
    return head.finish(subject, lines, [subject, _OPEN[event.kind], link])


def _why(event: Event, licences: tuple[str, ...], names: str) -> str:
    of_ledger = event.owner or (event.licences and not licences)
    return f"的台账里有{'这一项' if event.owner else f'：{names}'}" if of_ledger else f"包含：{names}"


def _weekend(event: Event) -> str:
    """A rule takes effect, and a holder begins, on a Sunday as well."""
    asked = event.kind in _ENDS and event.day.weekday() >= 5
    return "　这一天是周末；程序不顺延，是否顺延以主管机关为准" if asked else ""


def _origin(event: Event) -> str:
    if event.kind in _OF_HOLDINGS:
        return "到期日和提前天数按贵司台账填写。"
    if event.kind is DateKind.DUTY:
        sure = "已对照官方文本" if event.verified else "未核，请先核实是否适用"
        return f"出自年度事项表（{sure}）；是否适用于贵司由贵司判断。"
    draft = "征求意见稿，不是现行规定。" if event.kind is DateKind.COMMENTS else ""
    return f"{draft}日期由程序从文件正文读出。"


def event_json(event: Event, head: Letterhead) -> dict[str, Any]:
    """What a machine receives about a day."""
    return {
        "demo": head.demo,
        "event": {
            "id": event.id,
            "kind": event.kind,
            "kind_zh": words.zh(event.kind),
            "day": event.day.isoformat(),
            "days_left": event.days_left(today(head.now)),
            "title": event.title,
            "source": event.source,
            "official_url": event.url,
            "verified": event.verified,
        },
        "licences": list(event.licences),
    }
