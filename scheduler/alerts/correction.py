"""PURE. The correction: to those who were told of a change that the site then undid, or that we had misread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scheduler.alerts.message import Letterhead, Message, footer
from scheduler.alerts.text import clean, clip, hour_minute, minute, month_day
from scheduler.facts import ChangeFacts


def correction_message(
    reverted: ChangeFacts,
    original: ChangeFacts,
    head: Letterhead,
    *,
    alert: str,
    original_alert: str,
    alerted_at: datetime,
    told: int,
    subscription: str,
    assessment: str = "",
) -> Message:
    """``reverted`` undid ``original``; ``told`` subscribers got the original alert; ``assessment`` is what was made of it."""
    link = f"{head.base_url}/change/{reverted.id}"
    value = clip(_new_value(original), 24)
    back = clip(_old_value(original), 24)
    now_reads = f"，现为“{back}”" if back else ""
    subject = f"〔更正〕{month_day(alerted_at)} {hour_minute(alerted_at)}“{value}”的提醒：原站已改回"
    subject += back if back else "原文"
    captures = "、".join(
        dict.fromkeys(
            capture
            for capture in (original.capture_before, original.capture_after, reverted.capture_after)
            if capture
        )
    )
    confirmed = (
        f"；{hour_minute(reverted.confirmed_at)} 再次查看，一致"
        if reverted.confirmed_at and reverted.confirmed_at > reverted.new_seen
        else ""
    )
    lines = [
        f"请按本信为准：{clean(original.title)}已改回修改前的文字{now_reads}。",
        "",
        "经过",
        f"　{minute(original.new_seen)}　看到“{value}”，{hour_minute(alerted_at)} 向 {told} 个订阅发出提醒 {original_alert}",
        f"　{minute(reverted.new_seen)}　原站同一页面改回{f'“{back}”' if back else '原文'}{confirmed}",
        f"判断：原站自行改回。各次留存都在：{captures}",
    ]
    if assessment:
        lines.append(f"您当时的处理：“{assessment}” → 请撤回或保留")
    lines += [
        "若贵司已据此调整内部流程，请重新评估。",
        "",
        f"官方原文：{clean(reverted.url)}",
        f"全文对照：{link}",
        "",
        f"原提醒 {original_alert} ← 更正 {alert}",
        "",
        *footer(f"发给您是因为订阅“{clean(subscription)}”收到过原提醒 {original_alert}。", alert),
    ]
    short = [
        f"〔更正〕请按本信为准：{clean(original.title)}",
        f"原站已改回{f'“{back}”' if back else '修改前的文字'}",
        f"对照：{link}",
    ]
    return head.finish(subject, lines, short)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A message that was sent and does not hold: ``said`` is the sentence we sent, ``alert`` the correction's number.

    ``others``: how many further changes are taken back at the same time, each with a correction of its own.
    """

    alert: str
    change: str
    said: str
    original_alert: str
    alerted_at: datetime
    others: int
    subscription: str
    url: str = ""

    @property
    def told(self) -> str:
        return clip(clean(self.said), 60) or f"变动 {self.change}"

    @property
    def sent(self) -> str:
        """When the original went out, as a subject says it."""
        return f"{month_day(self.alerted_at)} {hour_minute(self.alerted_at)}"

    @property
    def original(self) -> str:
        return f"原提醒：{minute(self.alerted_at)}　{self.told}　{self.original_alert}"

    def closing(self) -> list[str]:
        return [
            "若贵司已据此调整内部流程，请重新评估；以官方原文为准。",
            *([f"官方原文：{clean(self.url)}"] if self.url else []),
            "",
            f"原提醒 {self.original_alert} ← 更正 {self.alert}",
            "",
            *footer(
                f"发给您是因为订阅“{clean(self.subscription)}”收到过原提醒 {self.original_alert}。",
                self.alert,
            ),
        ]


def misread_message(taken: TakenBack, head: Letterhead) -> Message:
    """What was told is not found any more when the same captures are read again."""
    subject = f"〔更正〕{taken.sent}的提醒有误，是我们读错了：{taken.told}"
    lines = [
        "原提醒有误，是我们读错了：用现在的程序和来源配置重读留存的页面，没有这处变动。给您添了麻烦。",
        "",
        taken.original,
        f"用同一规则重读全部留存：另有 {taken.others} 处提醒受影响，各有一封更正。",
        *taken.closing(),
    ]
    return head.finish(subject, lines, [subject, f"{head.base_url}/"])


def rejected_message(taken: TakenBack, head: Letterhead) -> Message:
    """What was told, a person has found to be no change of the rule."""
    subject = f"〔更正〕{taken.sent}的提醒经复核撤回：{taken.told}"
    lines = [
        "原提醒有误：经人工复核，这不是规则变动，现予撤回。给您添了麻烦。",
        "",
        taken.original,
        *([f"同时撤回的另有 {taken.others} 处，各有一封更正。"] if taken.others else []),
        *taken.closing(),
    ]
    return head.finish(subject, lines, [subject, f"{head.base_url}/change/{taken.change}"])


def _new_value(change: ChangeFacts) -> str:
    return next(
        (clean(v) for v in _values(change, "after") if v), clean(change.headline) or clean(change.title)
    )


def _old_value(change: ChangeFacts) -> str:
    return next((clean(v) for v in _values(change, "before") if v), "")


def _values(change: ChangeFacts, side: str) -> list[str]:
    passages = change.substantive or change.differing
    deltas = [getattr(delta, side) for passage in passages for delta in passage.deltas]
    return deltas or [getattr(span, side) for passage in passages for span in passage.spans]
