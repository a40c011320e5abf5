"""PURE. A rule that slipped through -> the late notice that says so, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.model import LicenceTag
from scheduler.alerts.message import ROWS, Letterhead, Message, because, footer, reason
from scheduler.alerts.text import clean, clip


@dataclass(frozen=True, slots=True)
class MissedRule:
    """``explained`` says why it was missed; ``authority`` who published it, or the site's name."""

    document: str
    title: str
    url: str
    authority: str
    explained: str
    tags: tuple[LicenceTag, ...]
    published: date | None = None
    is_draft: bool = False
    comments_until: date | None = None
    effective: date | None = None
    region: str = ""  # the province whose local rule it is; empty for the whole country


def missed_message(
    rule: MissedRule,
    licences: tuple[str, ...],
    head: Letterhead,
    *,
    alert: str,
    subscription: str,
    named: tuple[tuple[str, str], ...] = (),
) -> Message:
    """``licences`` are those of the rule that concern the subscriber, ``named`` their watched names with the rows of the
    list that name them."""
    link = f"{head.base_url}/document/{rule.document}"
    day = f" {rule.published:%m-%d}" if rule.published else ""
    title = clip(clean(rule.title).strip("《》"), 60)
    hit = f"关注名单命中 {'、'.join(dict.fromkeys(clean(name) for name, _ in named))}：" if named else ""
    subject = f"〔补报〕{hit}{clean(rule.authority)}{day} 的《{title}》，我们今天才发现"
    names = "、".join(dict.fromkeys(head.name_of(tag.licence) for tag in rule.tags)) or "未命中任何事项"
    lines = [
        f"原因：{clean(rule.explained)}。",
        *(["征求意见稿，不是现行规定。"] if rule.is_draft else []),
        f"涉及：{names}",
        *_dates(rule),
        "",
        *_named(named),
        *_judgement(rule, licences, head),
        "■ 请人工（只有您和本单位管理员可见）",
        f"　在部署本系统的机器上记录：zhengce alerts {alert} --assess applies",
        "",
        f"文件：{clean(rule.title)}",
        f"官方原文：{clean(rule.url)}",
        f"全文：{link}",
        "",
        *footer(because(subscription, licences, named, head), alert),
    ]
    short = [f"〔补报〕{title}", f"原因：{clean(rule.explained)}", f"涉及：{names}", f"全文与处理：{link}"]
    return head.finish(subject, lines, short)


def _dates(rule: MissedRule) -> list[str]:
    dates = [
        f"发布 {rule.published}" if rule.published else "",
        f"施行 {rule.effective}" if rule.effective else "",
        f"意见反馈截止 {rule.comments_until}" if rule.comments_until else "",
    ]
    return ["　".join(filter(None, dates))] if any(dates) else []


def _judgement(rule: MissedRule, licences: tuple[str, ...], head: Letterhead) -> list[str]:
    reasons = [
        f"　标注理由（{head.name_of(tag.licence)}）：{reason(tag)}"
        for tag in rule.tags
        if tag.licence in licences
    ]
    whole = "　这是整份文件，不是改前改后的对照；何时公布以原文为准。"
    return ["■ 程序判断", *reasons, whole, ""]


def _named(named: tuple[tuple[str, str], ...]) -> list[str]:
    if not named:
        return []
    lines = [
        f"　“{clean(name)}”：{clip('，'.join(map(clean, row.splitlines())), 300)}"
        for name, row in named[:ROWS]
    ]
    more = [f"　另有 {len(named) - ROWS} 行，见全文"] if len(named) > ROWS else []
    return [f"■ 关注名单命中（{len(named)} 行）", *lines, *more, ""]
