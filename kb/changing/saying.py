"""What changed inside one passage, in its own words: ``期限由“十个工作日”改为“五个工作日”``, ``新增材料“安全评估报告”``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from kb.changing.naming import point_name
from kb.changing.tokens import tokenise
from kb.codes import DeltaKind
from kb.model import ObligationDelta, PassageChange, Span

QUOTE_LIMIT = 24
SAID = 2  # points of one passage
_MARKS = "，、；。：:,; 　\n"
_FIRM = re.compile(
    r"[0-9]|[一二两三四五六七八九十百千万]+(?:个|日|天|年|月|元|倍|人|户|次|条)|应当|不得|必须|可以|《"
)
_MEASURED = frozenset(
    {DeltaKind.DEADLINE, DeltaKind.VALIDITY, DeltaKind.TRANSITION, DeltaKind.AMOUNT, DeltaKind.THRESHOLD,
     DeltaKind.PERCENTAGE, DeltaKind.FEE, DeltaKind.PENALTY}
)  # fmt: skip
_NAMED = frozenset(
    {DeltaKind.MATERIAL, DeltaKind.SCOPE, DeltaKind.SUBJECT, DeltaKind.AUTHORITY, DeltaKind.PENALTY}
)
_JOINER = re.compile(r"[，、\s]*(?:以及|或者|并且|和|或|及|与|并)?[，、\s]*")
RANKS = {
    DeltaKind.PENALTY: 0, DeltaKind.FEE: 0, DeltaKind.AMOUNT: 0, DeltaKind.DEADLINE: 1, DeltaKind.VALIDITY: 1,
    DeltaKind.TRANSITION: 1, DeltaKind.MODALITY: 2, DeltaKind.SCOPE: 3, DeltaKind.SUBJECT: 3, DeltaKind.EXCEPTION: 3,
    DeltaKind.THRESHOLD: 3, DeltaKind.PERCENTAGE: 3, DeltaKind.MATERIAL: 4, DeltaKind.AUTHORITY: 4,
}  # fmt: skip
"""The weight of a point: penalties first, then periods, duties, whom and what it covers, materials and bodies."""
_LONE, _FIRM_WORDS, _OTHER_WORDS = 10, 20, 30
_STOPS = "，。；：、\n"
_BARE = 2  # characters: so few say nothing without the words around them
_AROUND = 6
_FAR = 40
_SHARE = 0.6  # of a span's words that a point must hold to be told in its place


@dataclass(frozen=True, slots=True)
class _Piece:
    weight: int
    start: int
    text: str


def said(passage: PassageChange) -> str:
    """The two weightiest points, numbers and duties before other words, in the order they stand; empty when no words changed."""
    pieces = list(dict.fromkeys(_pieces(passage)))
    chosen = sorted(sorted(pieces, key=lambda piece: piece.weight)[:SAID], key=lambda piece: piece.start)
    return "，".join(dict.fromkeys(piece.text for piece in chosen)) + ("等" if len(pieces) > SAID else "")


def short(text: str) -> str:
    text = text.strip(_MARKS).replace("\n", " ")
    return text if len(text) <= QUOTE_LIMIT else f"{text[: QUOTE_LIMIT - 1]}…"


def _pieces(passage: PassageChange) -> Iterator[_Piece]:
    told: set[ObligationDelta] = set()
    for span in passage.spans:
        if not (span.before.strip(_MARKS) or span.after.strip(_MARKS)):
            continue
        points = [delta for delta in passage.deltas if _holds(delta, span)]
        if not points:
            firm = _FIRM.search(span.before + span.after) is not None
            yield _Piece(_FIRM_WORDS if firm else _OTHER_WORDS, span.after_start, _words(passage, span))
        for delta in points:
            if delta not in told:
                told.add(delta)
                lone = 0 if delta.before and delta.after else _LONE
                yield _Piece(lone + RANKS[delta.kind], span.after_start, _point(delta, passage))


def _holds(delta: ObligationDelta, span: Span) -> bool:
    """The point tells the span: it lies on it on both sides, or it is most of the words that came or went."""
    old = delta.before and _overlap(delta.before_start, delta.before, span.before_start, span.before_end)
    new = delta.after and _overlap(delta.after_start, delta.after, span.after_start, span.after_end)
    if delta.before and delta.after:
        return bool(old or new)
    words, changed = (delta.after, span.after) if delta.after else (delta.before, span.before)
    other = span.before if delta.after else span.after
    return bool(
        delta.kind in _NAMED
        and len(words) > _BARE
        and (old or new)
        and not other.strip(_MARKS)
        and len(words) >= _SHARE * len(changed)
    )


def _overlap(start: int, words: str, low: int, high: int) -> bool:
    return start <= high and start + len(words) >= low and (low < high or start < low < start + len(words))


def _point(delta: ObligationDelta, passage: PassageChange) -> str:
    before, after = short(delta.before), short(delta.after)
    name = point_name(delta, passage.before, passage.after, passage.anchor)
    if before and after:
        return (
            f"{_duty(delta, passage)}{name}由“{before}”改为“{after}”"
            if delta.kind in _MEASURED
            else f"“{before}”改为“{after}”"
        )
    return f"新增{name}“{after}”" if after else f"删去{name}“{before}”"


_DUTY = re.compile(
    r"(?:以?内|之内|之?前)，?(?:应当|必须|须)?((?:更新|报告|报送|提交|提出|备案|办理|作出|申请|答复|处置|删除|公示|告知|补正|审查|审核|受理|处理|"
    r"反馈|完成|履行|通知|移送|补办|缴纳|申报|公布|核发|颁发|报)[\u4e00-\u9fff]{0,10})(?=[，。；\n]|$)"
)
_DUTY_REACH = 24


def _duty(delta: ObligationDelta, passage: PassageChange) -> str:
    """``更新备案信息的``: what must be done in the period, where the words after it say so and are the same in both texts."""
    if delta.kind is not DeltaKind.DEADLINE:
        return ""
    ends = (
        (passage.before, delta.before_start + len(delta.before)),
        (passage.after, delta.after_start + len(delta.after)),
    )
    old, new = (_DUTY.match(text[end : end + _DUTY_REACH]) for text, end in ends)
    return f"{new[1]}的" if old and new and old[1] == new[1] and len(new[1]) > _BARE else ""


def _words(passage: PassageChange, span: Span) -> str:
    before, after = ("" if _JOINER.fullmatch(words) else short(words) for words in (span.before, span.after))
    bare = max(len(before), len(after)) <= _BARE and not (before and after)
    if bare and not _FIRM.search(before + after):
        before = short(_around(passage.before, span.before_start, span.before_end))
        after = short(_around(passage.after, span.after_start, span.after_end))
    if before and after:
        return f"“{before}”改为“{after}”"
    return f"新增“{after}”" if after else f"删去“{before}”"


def _around(text: str, start: int, end: int) -> str:
    """The span with the whole words about it, as far as the next mark."""
    left = max((text.rfind(stop, max(0, start - _FAR), start) for stop in _STOPS), default=-1) + 1
    rights = [place for stop in _STOPS if (place := text.find(stop, end, end + _FAR)) >= 0]
    before = tokenise(text[max(left, start - _FAR) : start])[::-1]
    after = tokenise(text[end : min([*rights, end + _FAR, len(text)])])
    return "".join(_up_to(before)[::-1]) + text[start:end] + "".join(_up_to(after))


def _up_to(words: list[str]) -> list[str]:
    """The first words, until they are _AROUND characters."""
    lengths = accumulate(map(len, words))
    return [word for word, length in zip(words, lengths, strict=True) if length - len(word) < _AROUND]
