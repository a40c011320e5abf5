"""Which penalties of two texts are one point: who is punished, on what condition, and with what measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.changing.points import Point
from kb.codes import DeltaKind

REACH = 300  # characters of a clause that are read before a penalty
_CRIMINAL = "刑事责任"
_TO = re.compile(r"对(?!本条|前款|违法)([^，；。：\n]{1,40})|(单位|个人)(?:有|违反|犯|实施)")
_PERSONS = (
    ("staff", re.compile(r"主管人员|责任人|负责人|法定代表人|从业人员|工作人员|会计人员|董事|监事")),
    ("unit", re.compile(r"单位|企业|机构|组织|公司|经营者|提供者|运营者|平台")),
    ("individual", re.compile(r"个人|自然人|公民")),
)
_CONDITIONS = re.compile(
    r"(?P<gravest>(?:情节|后果)特别严重|特别严重[^，；。]{0,10}后果)|(?P<grave>情节(?:较为?)?严重|后果严重|严重[^，；。]{0,10}后果)"
    r"|(?P<refusal>拒不|逾期[不未仍])|(?P<minor>情节(?:较轻|轻微))|(?P<crime>(?<!不)构成犯罪)"
    r"|(?P<nogain>(?:没有|无)违法所得|(?:违法所得|货值金额)[^，；。]{0,8}不[足满])"
    r"|(?P<gain>(?:违法所得|货值金额)[^，；。倍]{1,16}(?:以上|超过)[^，；。倍]{0,8}的)"
)


@dataclass(frozen=True, slots=True)
class Footing:
    """What stands about a penalty: ``who`` is ``unit`` where nobody else is named; ``when`` is empty without a condition."""

    who: str
    when: frozenset[str]
    measure: str

    def agrees(self, other: Footing) -> bool:
        """The same persons, and one condition at least in common; two penalties without any are under one condition."""
        return self.who == other.who and (bool(self.when & other.when) or self.when == other.when)


def is_criminal(point: Point) -> bool:
    return point.words == _CRIMINAL


def footing(text: str, point: Point) -> Footing:
    clause = _clause_before(text, point.start)
    measure = _measure(point)
    when = _when(clause)
    if measure == "times":  # a multiple of the gains supposes that there are some
        when -= {"gain"}
    return Footing(_who(clause), when, measure)


def _clause_before(text: str, at: int) -> str:
    low = max(0, at - REACH)
    start = max(text.rfind(stop, low, at) for stop in "；。\n")
    return text[max(start + 1, low) : at]


def _measure(point: Point) -> str:
    if "罚款" not in point.words and "元" not in point.words:
        return point.words
    return "times" if "倍" in point.words else "sum" if "元" in point.words else point.words


def _who(clause: str) -> str:
    who = "unit"
    for named in _TO.finditer(clause):
        words = named[1] or named[2]
        who = next((name for name, pattern in _PERSONS if pattern.search(words)), who)
    return who


def _when(clause: str) -> frozenset[str]:
    """The conditions of the last part of the clause that names any: ``拒不改正或者情节严重的`` is two."""
    for part in reversed(clause.split("，")):
        found = frozenset(match.lastgroup or "" for match in _CONDITIONS.finditer(part))
        if found:
            return found
    return frozenset()


def may_be_one(before: str, old: Point, after: str, new: Point) -> bool:
    """Two points of one kind may be one point; of penalties only those on one footing, never a crime and a
    measure, nor a sum and a multiple."""
    if old.kind is not DeltaKind.PENALTY:
        return True
    if is_criminal(old) or is_criminal(new):
        return old.words == new.words
    first, second = footing(before, old), footing(after, new)
    return first.agrees(second) and {first.measure, second.measure} != {"sum", "times"}


def is_measure_alone(point: Point) -> bool:
    """A penalty without a number: 警告, 责令改正, 刑事责任."""
    return point.kind is DeltaKind.PENALTY and "元" not in point.words and "倍" not in point.words


def of_one_measure(before: str, old: Point, after: str, new: Point) -> bool:
    return footing(before, old).measure == footing(after, new).measure


def counterparts(
    before: str, olds: Sequence[Point], after: str, news: Sequence[Point]
) -> Iterator[tuple[Point, Point]]:
    """The fines that are the only one on their footing in either text, wherever they stand."""
    first, second = _by_footing(before, olds), _by_footing(after, news)
    for key, points in first.items():
        others = second.get(key, [])
        if key.measure in ("sum", "times") and len(points) == len(others) == 1:
            yield points[0], others[0]


def _by_footing(text: str, points: Sequence[Point]) -> dict[Footing, list[Point]]:
    found: dict[Footing, list[Point]] = {}
    for point in points:
        found.setdefault(footing(text, point), []).append(point)
    return found
