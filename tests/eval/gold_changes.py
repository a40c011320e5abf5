"""How well changes are judged: substantive recall, noise reported as change, macro F1 of the three classes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.changing import compare
from kb.model import Comparison, Significance
from kb.reading import read_text
from tests.eval import sets
from tests.eval.table import Measure

CLASSES = [str(s) for s in Significance]


@dataclass(frozen=True)
class Judged:
    name: str
    truth: str
    verdict: str
    comparison: Comparison


def judge_gold(path: Path) -> list[Judged]:
    """Every item that is scored: neither ambiguous nor about how a fetch failed."""
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    scored = [item for item in items if not item.get("ambiguous") and not item.get("fetch_status")]
    return [_judge(item) for item in scored]


def _judge(item: dict[str, str]) -> Judged:
    comparison = compare(read_text(item["before"]), read_text(item["after"]))
    return Judged(item["id"], item["significance"], str(comparison.significance), comparison)


def recall(judged: Iterable[Judged], label: str) -> float:
    of_label = [j for j in judged if j.truth == label]
    return sum(j.verdict == label for j in of_label) / len(of_label) if of_label else 1.0


def macro_f1(judged: list[Judged]) -> float:
    return sum(_f1(judged, label) for label in CLASSES) / len(CLASSES)


def _f1(judged: list[Judged], label: str) -> float:
    hits = sum(j.truth == j.verdict == label for j in judged)
    named = Counter(j.verdict for j in judged)[label] + Counter(j.truth for j in judged)[label]
    return 2 * hits / named if named else 1.0


def measure(shared: Path) -> list[Measure]:
    judged = judge_gold(sets.present(shared, "gold/changes.jsonl"))
    alarms = sum(j.truth == "noise" and j.verdict != "noise" for j in judged)
    wrong = [
        f"{j.name}：应为 {j.truth}，判为 {j.verdict}（{j.comparison.reason}）"
        for j in judged
        if j.truth != j.verdict
    ]
    return [
        Measure("gold/changes", len(judged), "实质变动召回", recall(judged, "substantive")),
        Measure("gold/changes", len(judged), "噪声报为变动", alarms),
        Measure("gold/changes", len(judged), "三类 macro-F1", macro_f1(judged), "\n".join(wrong)),
    ]
