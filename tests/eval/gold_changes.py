"""How well changes are judged: substantive recall, noise reported as change, macro F1 of the three classes; how failed fetches
are recognised; and the same figures on the pairs of texts that were written before the program had seen them."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.changing.compare import compare
from kb.codes import Health, Significance
from kb.model import Comparison
from kb.reading.page import PageHistory, read_page
from kb.reading.text import read_text
from tests.eval import sets
from tests.eval.table import Measure

CLASSES = [str(s) for s in Significance]
CASES = Path(__file__).resolve().parents[1] / "kb" / "changing"
POINTS = CASES / "cases_deltas_unseen.toml"
UNSEEN = (CASES / "cases_unseen.toml", CASES / "cases_third.toml")
PAGE = "<!DOCTYPE html><html><head><meta charset='utf-8'><title></title></head><body>{}</body></html>"
RECOGNISED = {
    "partial": {Health.LOGIN_WALL, Health.EMPTY_SHELL, Health.BODY_GONE, Health.COLLAPSE, Health.TRUNCATED},
    "redirect": {
        Health.REDIRECT_HOME,
        Health.EMPTY_SHELL,
        Health.COLLAPSE,
    },  # the items name no address to compare
    "404": {Health.SOFT_404, Health.NOT_FOUND},
}


@dataclass(frozen=True)
class Judged:
    name: str
    truth: str
    verdict: str
    comparison: Comparison


def read_gold(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def judge_gold(path: Path) -> list[Judged]:
    """Every item that is scored: neither ambiguous nor about how a fetch failed."""
    scored = [item for item in read_gold(path) if not item.get("ambiguous") and not item.get("fetch_status")]
    return [_judge(item) for item in scored]


def judge_unseen(paths: Iterable[Path] = UNSEEN) -> list[Judged]:
    sets_of_cases = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [
        _judge({**item, "significance": label})
        for cases in sets_of_cases
        for label in CLASSES
        for item in cases[label]
    ]


def judge_fetches(path: Path) -> dict[str, Health]:
    """The verdicts on the answers that were no page, by item; the text stands in a bare page with status 200."""
    return {
        item["id"]: _answered(item["before"], item["after"])
        for item in read_gold(path)
        if item.get("fetch_status")
    }


def _answered(before: str, after: str) -> Health:
    body = PAGE.format("".join(f"<p>{line}</p>" for line in after.split("\n")))
    history = PageHistory(len(before), before.partition("\n")[0])
    return read_page(body.encode(), url="https://gov.example.invalid/2026/c_1.htm", history=history).health


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
    path = sets.present(shared, "gold/changes.jsonl")
    return [
        *_figures("gold/changes", judge_gold(path)),
        _health(path),
        *_figures("未见过的比对", judge_unseen()),
        *_points(),
    ]


def _points(path: Path = POINTS) -> list[Measure]:
    """Precision and recall of the points of a change: kind and words before and after, all three right."""
    cases = tomllib.loads(path.read_text(encoding="utf-8"))["cases"]
    wanted = Counter((case["id"], point) for case in cases for point in case["deltas"])
    found = Counter(
        (case["id"], point) for case in cases for point in _points_of(case["before"], case["after"])
    )
    hits = (wanted & found).total()
    wrong = "\n".join(f"{name}：{point}" for name, point in (wanted | found) - (wanted & found))
    return [
        Measure("未见过的要点", len(cases), "准确", hits / max(1, found.total())),
        Measure("未见过的要点", len(cases), "召回", hits / max(1, wanted.total()), wrong),
    ]


def _points_of(before: str, after: str) -> list[str]:
    comparison = compare(read_text(before), read_text(after))
    return [f"{d.kind}|{d.before}|{d.after}" for p in comparison.differing for d in p.deltas]


def _figures(name: str, judged: list[Judged]) -> list[Measure]:
    alarms = sum(j.truth == "noise" and j.verdict != "noise" for j in judged)
    wrong = [
        f"{j.name}：应为 {j.truth}，判为 {j.verdict}（{j.comparison.reason}）"
        for j in judged
        if j.truth != j.verdict
    ]
    return [
        Measure(name, len(judged), "实质变动召回", recall(judged, "substantive")),
        Measure(name, len(judged), "噪声报为变动", alarms),
        Measure(name, len(judged), "三类 macro-F1", macro_f1(judged), "\n".join(wrong)),
    ]


def _health(path: Path) -> Measure:
    verdicts = judge_fetches(path)
    statuses = {item["id"]: item["fetch_status"] for item in read_gold(path) if item.get("fetch_status")}
    wrong = [
        f"{name}：{statuses[name]}，判为 {verdict}"
        for name, verdict in verdicts.items()
        if verdict not in RECOGNISED[statuses[name]]
    ]
    return Measure(
        "gold/changes",
        len(verdicts),
        "抓取失败认出的",
        1 - len(wrong) / max(1, len(verdicts)),
        "\n".join(wrong),
    )
