"""What a point of a duty is called before a reader. The day on which a rule takes effect is no period: 施行日期, not 期限."""

from __future__ import annotations

import re
from typing import Protocol

from kb.codes import DeltaKind
from kb.words import en, zh

_EFFECT = ("施行日期", "effective date")
_TAKES_EFFECT = re.compile(r"起?(?:正式)?(?:施行|实施|生效|执行)")


class Point(Protocol):
    """A point before and after; empty where it does not stand. The offsets are into the passage's two texts."""

    @property
    def kind(self) -> DeltaKind: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def before_start(self) -> int: ...
    @property
    def after_start(self) -> int: ...


def point_name(point: Point, before: str, after: str, anchor: str = "") -> str:
    """``before`` and ``after`` are the passage's texts; ``anchor`` names a date that is shown beside the text."""
    return _EFFECT[0] if _is_effect(point, before, after, anchor) else zh(point.kind)


def point_name_en(point: Point, before: str, after: str, anchor: str = "") -> str:
    return _EFFECT[1] if _is_effect(point, before, after, anchor) else en(point.kind)


def from_to(before: str, after: str) -> str:
    """``十个工作日 → 五个工作日``; where only one of them stands, 新增“每年”, 删去“每年”."""
    if before and after:
        return f"{before} → {after}"
    return f"新增“{after}”" if after else f"删去“{before}”"


def _is_effect(point: Point, before: str, after: str, anchor: str) -> bool:
    if point.kind is not DeltaKind.DEADLINE:
        return False
    sides = ((point.before, point.before_start, before), (point.after, point.after_start, after))
    return anchor == _EFFECT[0] or all(
        start >= 0 and _TAKES_EFFECT.match(text, start + len(words)) is not None
        for words, start, text in sides
        if words
    )
