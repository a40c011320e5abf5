"""Why a change is substantive, in words a lawyer can check against the text: which points changed, and which way they went."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.changing.fold import numerals, spelling
from kb.changing.naming import point_name
from kb.codes import DeltaKind, Op
from kb.model import ObligationDelta
from kb.numerals import to_int

_SHOWN = 3
_TIMES = frozenset({DeltaKind.DEADLINE, DeltaKind.VALIDITY, DeltaKind.TRANSITION})
_QUANTITIES = frozenset(
    {DeltaKind.AMOUNT, DeltaKind.THRESHOLD, DeltaKind.PERCENTAGE, DeltaKind.FEE, DeltaKind.PENALTY}
)
_DAYS = {"小时": 1 / 24, "工作日": 1.4, "自然日": 1.0, "日": 1.0, "天": 1.0, "周": 7.0, "个月": 30.0, "月": 30.0, "个季度": 91.0, "年": 365.0}  # fmt: skip
_CALENDAR = re.compile(r"(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日$")
_MEASURE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(亿|万)?([^0-9至到以，、]*)")
_NUMERAL = re.compile(r"(?<![0-9])[〇零一二两三四五六七八九十百千万亿]{1,12}")
_CLEAR = 1.5  # how much longer a period in other units must be before it is called longer


def reason_of(op: Op, deltas: Sequence[ObligationDelta], before: str, after: str) -> str:
    """``before`` and ``after`` are the texts that the offsets of the points count in."""
    names = [point_name(delta, before, after) for delta in deltas]
    said = list(dict.fromkeys(map(_said, deltas, names)))
    named = "、".join(said[:_SHOWN]) + ("等" if len(said) > _SHOWN else "")
    kinds = "、".join(list(dict.fromkeys(names))[:_SHOWN])
    match op:
        case Op.ADDED:
            return f"新增条款，写明{kinds}" if kinds else "新增条款，未归入要点，请看原文"
        case Op.REMOVED:
            return f"删除条款，原写明{kinds}" if kinds else "删除条款，未归入要点，请看原文"
        case Op.SPLIT | Op.MERGED:
            return f"分段的同时{named or '文字有修改'}"
    return named or "文字有修改，未归入要点，请对照原文"


def direction(delta: ObligationDelta) -> str:
    """缩短 or 延长, 提前 or 推迟, 提高 or 降低; empty where the words do not say so for certain."""
    if not (delta.before and delta.after):
        return ""
    before, after = (_in_digits(words) for words in (delta.before, delta.after))
    if delta.kind in _TIMES:
        return _later(before, after) or _longer(before, after)
    if delta.kind in _QUANTITIES:
        return _more(before, after)
    return ""


def turned(delta: ObligationDelta) -> str:
    """The direction in brackets, to stand behind a point: ``（缩短）``; empty where there is none."""
    way = direction(delta)
    return f"（{way}）" if way else ""


def _in_digits(words: str) -> str:
    return _NUMERAL.sub(_digits, numerals(spelling(words)))


def _digits(match: re.Match[str]) -> str:
    value = to_int(match[0])
    return match[0] if value is None else str(value)


def _said(delta: ObligationDelta, name: str) -> str:
    if delta.before and delta.after:
        return name + (direction(delta) or "改变")
    if delta.kind is DeltaKind.MODALITY:
        return f"{name}改变"
    return f"{'新增' if delta.after else '删去'}{name}"


def _later(before: str, after: str) -> str:
    old, new = _CALENDAR.match(before), _CALENDAR.match(after)
    if old is None or new is None or (old[1] is None) != (new[1] is None):
        return ""
    days = [tuple(int(part or 0) for part in match.groups()) for match in (old, new)]
    return "推迟" if days[1] > days[0] else "提前" if days[1] < days[0] else ""


def _longer(before: str, after: str) -> str:
    measured = [_MEASURE.fullmatch(words) for words in (before, after)]
    if not all(match and match[3] in _DAYS for match in measured):
        return ""
    (old, old_unit), (new, new_unit) = ((float(m[1]), m[3]) for m in measured if m)
    ratio = new * _DAYS[new_unit] / (old * _DAYS[old_unit]) if old else 0.0
    sure = 1.0 if old_unit == new_unit else _CLEAR
    return "延长" if ratio > sure else "缩短" if 0 < ratio < 1 / sure else ""


def _more(before: str, after: str) -> str:
    old, new = _MEASURE.findall(before), _MEASURE.findall(after)
    if not old or [unit for *_, unit in old] != [unit for *_, unit in new]:
        return ""
    steps = [_value(b) - _value(a) for a, b in zip(old, new, strict=True)]
    if any(step > 0 for step in steps):
        return "" if any(step < 0 for step in steps) else "提高"
    return "降低" if any(step < 0 for step in steps) else ""


def _value(measure: tuple[str, str, str]) -> float:
    return float(measure[0]) * {"": 1, "万": 10_000, "亿": 100_000_000}[measure[1]]
