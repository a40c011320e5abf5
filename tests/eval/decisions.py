"""Amended statutes against their amendment decisions: which articles were amended, added, deleted, which got another number."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from kb.changing.compare import compare
from kb.changing.labels import label
from kb.codes import Significance
from kb.model import Comparison
from kb.numerals import to_int
from kb.reading.text import read_text
from tests.eval.table import Measure

SET = "law-pairs/decisions"
TRUTH = Path(__file__).parent / "truth" / "decisions.toml"
NUMBERS = ("条号变化·召回", "条号变化·准确")
AMENDMENTS = ("修改、增加、删去的条·召回", "修改、增加、删去的条·准确")
_ARTICLE = re.compile(r"第([〇零一二三四五六七八九十百千0-9]+)条(之[一二三四五六七八九十]+)?")
Operation = tuple[str, int, int]
"""Kind (amended, added, removed, renumbered), old and new number of the article; 0 where there is none."""


def decided(law: dict[str, Any]) -> set[Operation]:
    """The operations that the truth writes down."""
    found = {("removed", number, 0) for number in law.get("removed", ())}
    found |= {("added", 0, number) for number in law.get("added", ())}
    for amended in law.get("amended", ()):
        old, _, new = amended.partition(" -> ")
        found.add(("amended", int(old), int(new or old)))
    for run in law.get("renumbered", ()):
        first, last, new = (int(number) for number in re.findall(r"\d+", run))
        found |= {("renumbered", old, old - first + new) for old in range(first, last + 1)}
    return found


def told(comparison: Comparison) -> set[Operation]:
    """The operations on articles that a comparison tells. An article one of whose clauses has no equal in the other text was
    amended; one none of whose clauses has was added or removed."""
    links: Counter[tuple[int, int]] = Counter()
    loose: list[tuple[set[int], set[int]]] = []
    amended: set[tuple[int, int]] = set()
    for passage in comparison.passages:
        olds, news = _articles(passage.anchor_before), _articles(passage.anchor)
        pairs = {(old, new) for old in olds for new in news}
        links.update(dict.fromkeys(pairs, 1 + min(len(passage.before), len(passage.after))))
        if passage.significance is Significance.SUBSTANTIVE:
            amended |= pairs
            if not pairs:
                loose.append((olds, news))
    found = {("renumbered", old, new) for old, new in links if old != new}
    found |= {("amended", old, new) for old, new in amended}
    for olds, news in loose:
        found |= {_alone("removed", old, _partners(links, old, 0)) for old in olds}
        found |= {_alone("added", new, _partners(links, new, 1)) for new in news}
    return found


def _partners(links: Counter[tuple[int, int]], number: int, side: int) -> list[tuple[int, int]]:
    return [link for link, _ in links.most_common() if link[side] == number]


def _alone(kind: str, number: int, partners: list[tuple[int, int]]) -> Operation:
    if partners:
        return ("amended", *partners[0])
    return (kind, number, 0) if kind == "removed" else (kind, 0, number)


def _articles(anchor: str) -> set[int]:
    found = (_ARTICLE.match(label(part)) for part in anchor.split("＋"))
    return {to_int(match[1]) or 0 for match in found if match}


def measure(shared: Path) -> list[Measure]:
    folder = shared / "data" / "law-pairs"
    wanted: set[tuple[str, Operation]] = set()
    found: set[tuple[str, Operation]] = set()
    for law in tomllib.loads(TRUTH.read_text("utf-8"))["decision"]:
        old, new = (read_text((folder / law[side]).read_text("utf-8")) for side in ("old", "new"))
        wanted |= {(law["old"], operation) for operation in decided(law)}
        found |= {(law["old"], operation) for operation in told(compare(old, new))}
    return [
        one
        for names in (AMENDMENTS, NUMBERS)
        for one in _measures(names, *([x for x in side if _named(x) == names] for side in (wanted, found)))
    ]


def _named(operation: tuple[str, Operation]) -> tuple[str, str]:
    return NUMBERS if operation[1][0] == "renumbered" else AMENDMENTS


def _measures(
    names: tuple[str, str], wanted: list[tuple[str, Operation]], found: list[tuple[str, Operation]]
) -> list[Measure]:
    missed, false = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    right = len(wanted) - len(missed)
    return [
        Measure(SET, len(wanted), names[0], right / len(wanted), "\n".join(map(str, missed))),
        Measure(SET, len(found), names[1], right / len(found), "\n".join(map(str, false))),
    ]
