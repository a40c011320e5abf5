"""Licence tags against the labelled set: micro precision, recall and F1 over (item, licence), and the weakest types."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.tagging import tag

SET = Path(__file__).resolve().parents[3] / "shared" / "gold" / "tagging.jsonl"
FLOOR = 0.85
"""Micro-F1. The set was looked at while the vocabulary was written; on texts nobody looked at it will be lower."""


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


def measure(items: list[dict[str, Any]], *, kinds: bool) -> Score:
    """``kinds``: whether the tagger is told what sort of source each text comes from."""
    score = Score()
    for item in items:
        kind = item["source_kind"] if kinds else ""
        tags = tag(item["title"], item["text"], source_kind=kind)
        score.add(set(item["licence_ids"]), {one.licence for one in tags})
    return score


def main() -> bool:
    if not SET.is_file():
        print("tagging  跳过：开发集（../shared）不在旁边")
        return True
    items = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]
    told, untold = measure(items, kinds=True), measure(items, kinds=False)
    print(
        f"tagging  {len(items)} 条，准确 {told.precision:.4f}，召回 {told.recall:.4f}，F1 {told.f1:.4f}（下限 {FLOOR}）；"
        f"不告知来源种类 F1 {untold.f1:.4f}"
    )
    for licence in sorted(told.extra | told.missed):
        print(
            f"         {licence}：对 {told.right[licence]}，多 {told.extra[licence]}，漏 {told.missed[licence]}"
        )
    return told.f1 >= FLOOR


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
