"""PURE. One change -> subject, body and short form, in the words and the order of the house's sample mail.

Three voices are kept apart and named: 原文 (verbatim), 程序判断 (what the program concluded), 请人工 (what a person may do).
Templates are code; nothing a website or a user wrote is ever evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kb import words
from kb.changing.naming import from_to
from kb.changing.reasons import turned
from kb.codes import ChangeKind, Confidence, DeltaKind, DocumentStatus, Flag, HeldFor, Op, SourceLevel
from kb.model import LicenceTag
from scheduler.alerts.passages import anchor_words, deltas_of, others, side_by_side
from scheduler.alerts.text import (
    DEMO_BANNER,
    clean,
    clip,
    clip_sentence,
    days_left,
    hour_minute,
    minute,
    today,
)
from scheduler.facts import ChangeFacts

SHORT = 400
SUBJECT = 120
_PLACE = re.compile(r"^(第[^：]{1,20}[条款项段])：")
ROWS = 10  # rows of a list that name what is watched

_NATURE = {
    ChangeKind.NEW: "新发布",
    ChangeKind.DRAFT_PUBLISHED: "征求意见",
    ChangeKind.DRAFT_REOPENED: "再次征求意见",
    ChangeKind.FINALISED: "正式稿",
    ChangeKind.CAME_INTO_FORCE: "到期施行",
    ChangeKind.REPEALED: "废止",
    ChangeKind.GONE: "页面撤下",
    ChangeKind.ATTACHMENT_REPLACED: "附件更换",
    ChangeKind.IMAGE_REPLACED: "图片更换",
    ChangeKind.OFFICIAL_REPLY: "平台官方回复",
    ChangeKind.LIST_BATCH: "名单更新",
    ChangeKind.ADDRESS_MOVED: "网址迁移",
}


@dataclass(frozen=True, slots=True)
class Message:
    """``subject`` is one line; ``short`` has at most 400 characters, for chat receivers."""

    subject: str
    body: str
    short: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every message of a step shares. ``name_of`` gives the short Chinese name of a licence type."""

    base_url: str
    demo: bool
    now: datetime
    name_of: Callable[[str], str]

    def finish(self, subject: str, lines: list[str], short: list[str]) -> Message:
        """Join, put the demo banner on top and keep the short form within 400 characters, its link included."""
        banner = [DEMO_BANNER, ""] if self.demo else []
        text = "\n".join(clip(line, (SHORT - len(short[-1]) - 12) // 3) for line in short[:-1])
        head = f"{DEMO_BANNER}\n" if self.demo else ""
        return Message(
            clip_sentence(clean(subject), SUBJECT),
            "\n".join([*banner, *lines]) + "\n",
            f"{head}{text}\n{short[-1]}"[:SHORT],
        )


def nature(change: ChangeFacts) -> str:
    """The word in 〔〕 that a subject begins with: never a draft, platform rule or agency article in the tone of law."""
    if change.is_draft and change.kind is not ChangeKind.DRAFT_REOPENED:
        return "征求意见"
    if change.level is SourceLevel.AGENCY:
        return "代办机构文章，仅线索"
    if change.level is SourceLevel.PLATFORM and change.kind in {ChangeKind.AMENDED, ChangeKind.NEW}:
        return "平台规则"
    if change.kind in _NATURE:
        return _NATURE[change.kind]
    if Flag.NEEDS_READING in change.flags:
        return "待人工判读"
    return words.zh(change.significance).removesuffix("性变动") + "变动"


def item(change: ChangeFacts, licences: tuple[str, ...], head: Letterhead) -> str:
    """The licence types of this subscriber, by their short names: 算法备案 or 算法备案等 3 项; else the source's title."""
    order = [tag.licence for tag in in_order(change)]
    ranked = sorted(licences, key=lambda licence: order.index(licence) if licence in order else len(order))
    names = list(dict.fromkeys(head.name_of(licence) for licence in ranked))
    if not names:
        return clean(change.source_title)
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}项"


def in_order(change: ChangeFacts) -> tuple[LicenceTag, ...]:
    """The tags, those first whose evidence stands inside the words that changed, then those of the changed passages."""
    words_changed = [span.after or span.before for p in change.differing for span in p.spans]
    words_changed += [
        p.after or p.before for p in change.differing if not p.spans and p.op is not Op.RENUMBERED
    ]
    return tuple(
        sorted(
            change.tags, key=lambda tag: not any(tag.evidence and tag.evidence in w for w in words_changed)
        )
    )


def point(change: ChangeFacts) -> str:
    """What changed in a few words: the new value when one value changed, else the headline."""
    title = clean(change.title)
    if change.kind is ChangeKind.IMAGE_REPLACED:
        return f"材料图片被更换，内容待人工判读（{title}）"
    if change.kind is ChangeKind.ATTACHMENT_REPLACED and change.part:
        return f"附件《{clip(clean(change.part), 24)}》同一网址被更换（{title}）"
    if change.kind is not ChangeKind.AMENDED:
        return clean(change.headline) or title
    changed = change.substantive or change.differing
    deltas = [(passage, delta) for passage in changed for delta in deltas_of(passage)]
    if len({p.anchor for p, _ in deltas}) == 1:
        passage, delta = deltas[0]
        if delta.after and delta.kind is not DeltaKind.MATERIAL and len(delta.after) <= 20:
            return f"{words.zh(delta.kind)}改为{clean(delta.after)}（{anchor_words(passage)}）"
    return clean(change.headline) or f"{title}内容修改"


def effect(change: ChangeFacts) -> str:
    """，2027-01-01 起 for a rule that begins to apply, ，意见反馈截止 2026-12-01 for a draft, else nothing."""
    if change.is_draft:
        return f"，意见反馈截止 {change.comments_until}" if change.comments_until else ""
    return f"，{change.effective} 起" if change.effective else ""


def status(change: ChangeFacts, now: datetime) -> str:
    """The document's standing on the day of the message, computed and never stored."""
    if change.is_draft:
        until = change.comments_until
        return "征求意见稿，不是现行规定" + (
            f"（意见反馈截止 {until}，{days_left(until, now)}）" if until else ""
        )
    if change.kind is ChangeKind.REPEALED:
        return _repealed(change.effective, now)
    if change.effective and change.effective > today(now):
        return f"已公布，尚未施行（{change.effective} 起，{days_left(change.effective, now)}）"
    if change.level in {SourceLevel.PLATFORM, SourceLevel.OFFICIAL_REPLY}:
        return "平台现行页面（不是法律）"
    if change.effective:
        return f"{change.effective} 起施行"
    return "效力未核（原文中未读到施行日期）"


def _repealed(day: date | None, now: datetime) -> str:
    if day and day > today(now):
        return f"将于 {day} 废止（{days_left(day, now)}）"
    return words.zh(DocumentStatus.REPEALED) + (f"（{day} 起）" if day else "")


def subject_of(change: ChangeFacts, licences: tuple[str, ...], head: Letterhead) -> str:
    said = _PLACE.sub(r"\1 ", point(change), count=1)  # one colon is enough for a subject
    return f"〔{nature(change)}〕{item(change, licences, head)}：{clip_sentence(said, 60)}{effect(change)}"


def change_message(
    change: ChangeFacts,
    licences: tuple[str, ...],
    head: Letterhead,
    *,
    alert: str,
    subscription: str,
    late: str = "",
    named: tuple[tuple[str, str], ...] = (),
) -> Message:
    """The immediate alert. ``licences`` are those that concern the subscriber; ``late`` is the
    clause that says why a late notice (补报) comes late, ``named`` the watched names with the rows that name them."""
    link = f"{head.base_url}/change/{change.id}"
    subject = subject_of(change, licences, head)
    if named:
        names = "、".join(dict.fromkeys(name for name, _ in named))
        subject = f"〔关注名单命中〕{names}：{clip_sentence(point(change), 60)}"
    lines = []
    if late:
        subject = f"〔补报〕{subject}"
        lines = [
            f"补报：这处变动在 {minute(change.new_seen)} 已留存，{late}。",
            "",
        ]
    first = clean(change.headline) or clean(change.title)
    if change.part:
        first = f"{point(change)}：{first}"
    lines += [f"{first.rstrip('。')}。"]
    if change.is_draft:
        lines += ["征求意见稿，不是现行规定。"]
    concerned = (
        "、".join(dict.fromkeys(head.name_of(tag.licence) for tag in in_order(change))) or "未命中任何事项"
    )
    lines += [f"涉及：{concerned}　状态：{status(change, head.now)}", ""]
    lines += _named(named, change)
    lines += side_by_side(change)
    if Flag.NEEDS_READING in change.flags:
        lines += _both_files(change, link)
    lines += _judgement(change, licences, head)
    lines += others(change)
    lines += _window(change)
    lines += [
        "■ 请人工（只有您和本单位管理员可见）",
        "　适用｜不适用｜请律师判断｜这是误报｜标注有误",
        f"　在部署本系统的机器上记录：zhengce alerts {alert} --assess applies",
        "",
        f"文件：{clean(change.title)}" + (f"（{clean(change.doc_number)}）" if change.doc_number else ""),
        f"官方原文：{clean(change.url)}",
        f"全文对照：{link}",
    ]
    if change.capture_after:
        lines += [f"留存：{change.capture_after}　SHA-256 {change.digest_after}".rstrip()]
    lines += ["", *footer(because(subscription, licences, named, head), alert)]
    short = [
        f"〔{nature(change)}〕{item(change, licences, head)}",
        first,
        f"{clean(change.title)} · {status(change, head.now)}",
        f"对照与处理：{link}",
    ]
    return head.finish(subject, lines, short)


def because(
    subscription: str, licences: Iterable[str], named: Iterable[tuple[str, str]], head: Letterhead
) -> str:
    """Why somebody gets this: the licence types and watched names of theirs that it concerns."""
    wanted = [head.name_of(licence) for licence in licences]
    wanted += [f"关注名单“{clean(name)}”" for name in dict.fromkeys(name for name, _ in named)]
    return f"发给您是因为订阅“{clean(subscription)}”包含：{'、'.join(wanted) or '全部事项'}。"


def _named(named: tuple[tuple[str, str], ...], change: ChangeFacts) -> list[str]:
    """The rows of the list that name what is watched, each with what became of it."""
    if not named:
        return []
    became = {p.before: f"{words.zh(p.op)}前" for p in change.differing if p.after}
    became |= {(p.after or p.before): words.zh(p.op) for p in change.differing}
    lines = [f"■ 关注名单命中（{len(named)} 行）"]
    for name, row in named[:ROWS]:
        told = clip("，".join(clean(line) for line in row.split("\n")), 300)
        lines.append(f"　“{clean(name)}”　{became.get(row, '列入')}：{told}")
    more = [f"　另有 {len(named) - ROWS} 行，见全文对照"] if len(named) > ROWS else []
    return [*lines, *more, ""]


def why_late(change: ChangeFacts) -> str:
    """The clause of a late notice that a person let out."""
    if change.held_for is None:
        return "旧版本程序当时没有读出，现经人工放行"
    return f"因为{words.zh(change.held_for)}而暂缓推送，现经人工放行"


def footer(why: str, alert: str) -> list[str]:
    return [
        "——",
        f"{why}修改或退订：回复本邮件写明“退订”，或由管理员运行 zhengce subscribe。",
        f"差异由程序逐字比对得出，不是法律意见，以官方原文为准。邮件编号 {alert}",
    ]


def _both_files(change: ChangeFacts, link: str) -> list[str]:
    """Where a person finds the two files that no program can read."""
    kept = [
        f"　{name}留存 {capture}"
        for name, capture in (("旧", change.capture_before), ("新", change.capture_after))
        if capture
    ]
    if not change.capture_before:
        return ["■ 读不出内容的文件", *kept, f"　所在页面：《{clip(clean(change.title), 60)}》　{link}", ""]
    return [
        "■ 新旧两份文件在哪里",
        *kept,
        f"　并列查看：{link}　所在页面：《{clip(clean(change.title), 60)}》",
        "　上文的 SHA-256 是文件本身的前 16 位；下文“留存”的是网站传来的字节的，传输时压缩过则两者不同。",
        "",
    ]


def _judgement(change: ChangeFacts, licences: tuple[str, ...], head: Letterhead) -> list[str]:
    lines = ["■ 程序判断"]
    deltas = dict.fromkeys(delta for passage in change.differing for delta in deltas_of(passage))
    for delta in list(deltas)[:6]:
        moved = from_to(clean(delta.before), clean(delta.after))
        lines.append(f"　要点变化：{words.zh(delta.kind)} {moved}{turned(delta)}")
    tags = [tag for tag in in_order(change) if tag.licence in licences] or list(in_order(change))
    lines += [f"　标注理由（{head.name_of(tag.licence)}）：{reason(tag)}" for tag in _one_each(tags)]
    if Flag.NEEDS_READING in change.flags:
        which = "新旧两份" if change.capture_before else "原件"
        lines.append(f"　图片或扫描件，程序读不出内容，请人工看{which}　把握：低")
    kind = words.zh(change.kind)
    return [
        *lines,
        f"　变动类型：{kind}　性质：{words.zh(change.significance)}",
        f"　来源级别：{words.zh(change.level)}",
        "",
    ]


def _one_each(tags: list[LicenceTag]) -> list[LicenceTag]:
    return list({tag.licence: tag for tag in reversed(tags)}.values())[::-1]


def reason(tag: LicenceTag) -> str:
    sure = words.zh(tag.confidence if tag.confidence else Confidence.HIGH)
    if not tag.evidence:
        return f"{clip(clean(tag.reason), 60)}　把握：{sure}"
    text = f"命中原文“{clip(clean(tag.evidence), 40)}”"
    if tag.reason and clean(tag.evidence) not in clean(tag.reason):
        text += f"，{clip(clean(tag.reason), 60)}"
    return f"{text}　把握：{sure}"


def _window(change: ChangeFacts) -> list[str]:
    lines = ["■ 变动发生在什么时候"]
    new = change.kind in {ChangeKind.NEW, ChangeKind.DRAFT_PUBLISHED, ChangeKind.FINALISED}
    if change.old_seen:
        lines.append(f"　{minute(change.old_seen)}　{'列表上还没有它' if new else '最后一次看到旧文'}")
    lines.append(f"　{minute(change.new_seen)}　首次看到{'它' if new else '新文'}")
    if change.confirmed_at and change.confirmed_at > change.new_seen:
        lines.append(f"　{minute(change.confirmed_at)}　{_how_confirmed(change)}")
    lines.append(
        f"　程序只能说{'它' if new else '变动'}{'公布' if new else '发生'}在前两个时刻之间。"
        if change.old_seen
        else f"　首次看到以前的情况，本库没有留存（{hour_minute(change.new_seen)} 起有）。"
    )
    return [*lines, ""]


def _how_confirmed(change: ChangeFacts) -> str:
    if change.held_for is None or change.held_for is HeldFor.REWORDED:
        return "再次查看，一致，确认"
    return f"人工复核后放行（此前暂缓推送：{words.zh(change.held_for)}）"
