"""Licence tags against the labelled set: micro precision, recall and F1 over (item, licence), and the weakest types."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.tagging import tag
from tests.eval import sets
from tests.eval.table import Measure


@dataclass
class Score:
    right: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def add(self, wanted: set[str], found: set[str]) -> None:
        self.right.update(wanted & found)
        self.extra.update(found - wanted)
        self.missed.update(wanted - found)

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


def scored(items: list[dict[str, Any]], *, kinds: bool) -> Score:
    """``kinds``: whether the tagger is told what sort of source each text comes from."""
    score = Score()
    for item in items:
        kind = item["source_kind"] if kinds else ""
        tags = tag(item["title"], item["text"], source_kind=kind)
        score.add(set(item["licence_ids"]), {one.licence for one in tags})
    return score


def measure(shared: Path) -> list[Measure]:
    lines = sets.present(shared, "gold/tagging.jsonl").read_text("utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    told, untold = scored(items, kinds=True), scored(items, kinds=False)
    wrong = [
        f"{licence}：对 {told.right[licence]}，多 {told.extra[licence]}，漏 {told.missed[licence]}"
        for licence in sorted(told.extra | told.missed)
    ]
    return [
        Measure("gold/tagging", len(items), "micro-F1", told.f1, "\n".join(wrong)),
        Measure("gold/tagging", len(items), "micro-F1（不告知来源种类）", untold.f1),
    ]
