"""Amended laws: are the passages paired as a lawyer pairs them? Against ``truth/alignment.toml``, decided by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.changing.compare import compare
from kb.changing.labels import label
from kb.model import Comparison
from kb.reading.text import read_text
from tests.eval.table import Measure

PAIRED, ADDED, REMOVED = KINDS = ("修改前后对应的条款", "增加的条款", "删去的条款")
TRUTH = Path(__file__).parent / "truth" / "alignment.toml"
Sides = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Verdict:
    law: str
    line: str
    kind: str
    right: bool
    found: str


def _sides(reading: str) -> Sides:
    old, new = (frozenset(filter(None, side.strip().split("＋"))) for side in reading.split("->"))
    return old, new


def _said(comparison: Comparison) -> list[Sides]:
    return [
        (
            frozenset(label(a) for a in p.anchor_before.split("＋") if a),
            frozenset(label(a) for a in p.anchor.split("＋") if a),
        )
        for p in comparison.passages
    ]


def judge(folder: Path, law: dict[str, object]) -> Iterator[Verdict]:
    """Right means exactly these passages on either side, or exactly those of another reading the truth allows."""
    old, new = (read_text((folder / str(law[side])).read_text("utf-8")) for side in ("old", "new"))
    said = _said(compare(old, new))
    for line in law["pairs"]:  # type: ignore[attr-defined]
        readings = [_sides(reading) for reading in line.split("｜")]
        before, after = readings[0]
        kind = PAIRED if before and after else ADDED if after else REMOVED
        met = [pair for pair in said if (pair[0] & before) or (pair[1] & after)]
        found = "；".join(f"{'＋'.join(sorted(a))} -> {'＋'.join(sorted(b))}" for a, b in met)
        yield Verdict(str(law["old"]), line, kind, any(reading in said for reading in readings), found)


def measure(shared: Path) -> list[Measure]:
    folder = shared / "data" / "law-pairs"
    laws = tomllib.loads(TRUTH.read_text("utf-8"))["law"]
    found = [verdict for law in laws for verdict in judge(folder, law)]
    return [_share([verdict for verdict in found if verdict.kind == kind], kind) for kind in KINDS]


def _share(found: list[Verdict], kind: str) -> Measure:
    wrong = "\n".join(f"{v.law}：应为 {v.line}；实为 {v.found}" for v in found if not v.right)
    return Measure("law-pairs/alignment", len(found), kind, sum(v.right for v in found) / len(found), wrong)
