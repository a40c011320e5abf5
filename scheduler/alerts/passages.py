"""PURE. Passages before and after, as plain text: what changed stands in 【】."""

from __future__ import annotations

import re
from itertools import groupby

from kb import words
from kb.codes import ChangeKind, DeltaKind, Op, Significance
from kb.model import ObligationDelta, PassageChange, Span
from scheduler.alerts.text import clean, clip
from scheduler.facts import ChangeFacts

SHOWN = 3  # passages in full; the rest is listed
LONGEST = 400  # characters of one side; a longer passage is cut around what changed
AROUND = 60
_WEIGHT = {DeltaKind.PENALTY: 0, DeltaKind.AMOUNT: 0, DeltaKind.FEE: 0, DeltaKind.DEADLINE: 0}
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_MADE = r"[^。；]{0,30}?(?:审议|通过|公布|发布|印发|施行|修订|修正)"


def anchor_words(passage: PassageChange) -> str:
    """The printed place: 第二十四条 or AI绘画行; chapters above an article are left out."""
    return _place(passage.anchor or passage.anchor_before)


def _place(anchor: str) -> str:
    parts = [part for part in anchor.split("/") if part]
    from_article = [
        i
        for i, part in enumerate(parts)
        if part.startswith("第") and part.rstrip("0123456789之一二三四五六七八九十").endswith("条")
    ]
    return clean("".join(parts[from_article[0] :]) if from_article else (parts[-1] if parts else "正文"))


def side_by_side(change: ChangeFacts) -> list[str]:
    """The section 原文对照: the weightiest passages, verbatim, at most ``SHOWN`` of them."""
    shown = weightiest(change)
    if not shown:
        return []
    lines = ["■ 原文" if _nothing_before(change) else "■ 原文对照"]
    for passage in shown:
        lines += _both_sides(passage)
    return [*lines, ""]


def weightiest(change: ChangeFacts) -> tuple[PassageChange, ...]:
    worth = [p for p in change.substantive if p.before or p.after]
    if not worth:
        worth = [p for p in change.differing if (p.before or p.after) and p.op is not Op.RENUMBERED]
    named = clean(change.headline)
    return tuple(sorted(worth, key=lambda p: (anchor_words(p) not in named, _rank(p)))[:SHOWN])


def deltas_of(passage: PassageChange) -> tuple[ObligationDelta, ...]:
    """The key-point changes of a passage; the days on which a rule was made, published or takes effect are no deadline."""
    return tuple(delta for delta in passage.deltas if not _is_day_of_making(delta, passage))


def _is_day_of_making(delta: ObligationDelta, passage: PassageChange) -> bool:
    return delta.kind is DeltaKind.DEADLINE and any(
        _DAY.fullmatch(value) and re.search(re.escape(value) + _MADE, text)
        for value, text in ((delta.before, passage.before), (delta.after, passage.after))
    )


def _rank(passage: PassageChange) -> int:
    return min((_WEIGHT.get(delta.kind, 1) for delta in deltas_of(passage)), default=2)


def _nothing_before(change: ChangeFacts) -> bool:
    return change.kind in {ChangeKind.NEW, ChangeKind.DRAFT_PUBLISHED} or all(
        p.op is Op.ADDED for p in weightiest(change)
    )


def _both_sides(passage: PassageChange) -> list[str]:
    place, old = anchor_words(passage), _place(passage.anchor_before)
    if passage.op is Op.ADDED or not passage.before:
        return [f"新增（{place}）", f"　{excerpt(passage.after, (), 'after')}"]
    if passage.op is Op.REMOVED or not passage.after:
        return [f"删除（原{old}）", f"　{excerpt(passage.before, (), 'before')}"]
    values_before = tuple(delta.before for delta in passage.deltas)
    values_after = tuple(delta.after for delta in passage.deltas)
    return [
        f"修改前（原{old}）" if old != place else f"修改前（{place}）",
        f"　{excerpt(passage.before, passage.spans, 'before', values_before)}",
        f"修改后（{place}）",
        f"　{excerpt(passage.after, passage.spans, 'after', values_after)}",
    ]


def excerpt(text: str, spans: tuple[Span, ...], side: str, values: tuple[str, ...] = ()) -> str:
    """The passage with its changed words in 【】; a long one is cut around them and says so with …"""
    ranges = _ranges(text, spans, side, values)
    start, end = 0, len(text)
    if len(text) > LONGEST:
        start = max(0, ranges[0][0] - AROUND) if ranges else 0
        end = min(len(text), max(start + LONGEST, 0))
    parts, at = [], start
    for a, b in ranges:
        if a < at or b > end:
            continue
        parts += [text[at:a], "【", text[a:b], "】"]
        at = b
    parts.append(text[at:end])
    return ("…" if start else "") + clean("".join(parts)) + ("…" if end < len(text) else "")


def _ranges(text: str, spans: tuple[Span, ...], side: str, values: tuple[str, ...]) -> list[tuple[int, int]]:
    """What is marked: the changed characters, widened to the whole value (五个工作日, not 五) that they belong to."""
    found: list[tuple[int, int]] = []
    for span in spans:
        a, b = (
            (span.before_start, span.before_end) if side == "before" else (span.after_start, span.after_end)
        )
        if not a < b <= len(text):
            continue
        for value in filter(None, values):
            at = text.rfind(value, 0, a + len(value))
            if at != -1 and at <= a and b <= at + len(value):
                a, b = at, at + len(value)
                break
        if (a, b) not in found:
            found.append((a, b))
    return sorted(found)


def others(change: ChangeFacts) -> list[str]:
    """The section on what else changed in the same document; empty when everything was shown."""
    shown = weightiest(change)
    rest = [p for p in change.differing if p not in shown]
    if not rest:
        return []
    lines: list[str] = []
    for op, group in groupby(sorted(rest, key=lambda p: list(Op).index(p.op)), key=lambda p: p.op):
        passages = list(group)
        lines += _renumbered(passages, change) if op is Op.RENUMBERED else [_other(p) for p in passages]
    count = len(rest)
    if len(lines) > 8:
        lines = [*lines[:8], "　其余见全文对照"]
    return [f"■ 同一文件的其他变动（{count} 处）", *lines, ""]


def _other(passage: PassageChange) -> str:
    text = clip(clean(passage.after or passage.before), 30)
    seriously = "实质，请一并看" if passage.significance is Significance.SUBSTANTIVE else "未见义务变化"
    return f"　{words.zh(passage.op)}{anchor_words(passage)}（{text}）→ {seriously}"


def _renumbered(passages: list[PassageChange], change: ChangeFacts) -> list[str]:
    first, last = passages[0], passages[-1]
    also = [
        p for p in change.differing if p.op is Op.AMENDED and p.anchor_before and p.anchor_before != p.anchor
    ]
    places = f"原{_place(first.anchor_before)}"
    if len(passages) > 1:
        places += f"至{_place(last.anchor_before)}"
    text = f"　{places}，条号顺延（{len(passages)} 条），文字未变"
    return [text + (f"；另有 {len(also)} 条条号与文字同时变动" if also else "")]
