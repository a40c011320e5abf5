"""Licence tags against the labelled set: micro precision, recall and F1 over (item, licence), items tagged that should have
no tag, evidence that is not verbatim, and the weakest types."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.tagging import tag
from tests.eval import sets
from tests.eval.table import Measure


@dataclass
class Score:
    """``false_alarms``: items without a label that were tagged; ``misquoted``: tags whose evidence is not in the text."""

    right: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    items: int = 0
    false_alarms: int = 0
    misquoted: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, wanted: set[str], found: set[str]) -> None:
        self.items += 1
        self.right.update(wanted & found)
        self.extra.update(found - wanted)
        self.missed.update(wanted - found)
        self.false_alarms += bool(found and not wanted)
        if found != wanted:
            self.wrong.append(f"{name}：多 {sorted(found - wanted)}，漏 {sorted(wanted - found)}")

    @property
    def precision(self) -> float:
        return self.right.total() / ((self.right + self.extra).total() or 1)

    @property
    def recall(self) -> float:
        return self.right.total() / ((self.right + self.missed).total() or 1)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Item:
    title: str
    text: str
    kind: str
    wanted: frozenset[str]
    columns: tuple[str, ...] = ()


def scored(items: Iterable[Item], *, kinds: bool = True) -> Score:
    """``kinds``: whether the tagger is told what sort of source each text comes from."""
    score = Score()
    for item in items:
        tags = tag(item.title, item.text, source_kind=item.kind if kinds else "", columns=item.columns)
        score.add(item.title, set(item.wanted), {one.licence for one in tags})
        fields = {"title": item.title, "text": item.text}
        score.misquoted += sum(fields[t.field][t.start : t.end] != t.evidence or not t.evidence for t in tags)
    return score


def read_gold(path: Path) -> list[Item]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Item(line["title"], line["text"], line["source_kind"], frozenset(line["licence_ids"]))
        for line in lines
    ]


FIGURES = ("micro-F1", "准确率", "不应标注而标注的条目", "证据不是原文的标注")


def values(score: Score) -> tuple[float, float, int, int]:
    """The four figures that any labelled set is measured by, in the order of ``FIGURES``."""
    return score.f1, score.precision, score.false_alarms, score.misquoted


def measure(shared: Path) -> list[Measure]:
    items = read_gold(sets.present(shared, "gold/tagging.jsonl"))
    told, untold = scored(items), scored(items, kinds=False)
    measured = zip(FIGURES, values(told), ("\n".join(told.wrong), "", "", ""), strict=True)
    return [
        *(Measure("gold/tagging", len(items), figure, value, note) for figure, value, note in measured),
        Measure("gold/tagging", len(items), "micro-F1（不告知来源种类）", untold.f1),
    ]
