"""Amended laws: are the passages paired as a lawyer pairs them? Against ``truth/alignment.toml``, decided by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.changing import compare, label
from kb.model import Comparison
from kb.reading import read_text
from tests.eval import sets

FLOOR = 0.95
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
        kind = "对应" if before and after else "增加" if after else "删去"
        met = [pair for pair in said if (pair[0] & before) or (pair[1] & after)]
        found = "；".join(f"{'＋'.join(sorted(a))} -> {'＋'.join(sorted(b))}" for a, b in met)
        yield Verdict(str(law["old"]), line, kind, any(reading in said for reading in readings), found)


def verdicts() -> list[Verdict]:
    folder = sets.SHARED / "data" / "law-pairs"
    laws = tomllib.loads(TRUTH.read_text("utf-8"))["law"]
    return [verdict for law in laws for verdict in judge(folder, law)]


def main() -> bool:
    if not (sets.SHARED / "data").is_dir():
        print(f"alignment  {sets.ABSENT}")
        return True
    found = verdicts()
    for verdict in found:
        if not verdict.right:
            print(f"   {verdict.law}：应为 {verdict.line}；实为 {verdict.found}")
    shares = []
    for kind in ("对应", "增加", "删去"):
        of_kind = [verdict.right for verdict in found if verdict.kind == kind]
        shares.append(sum(of_kind) / len(of_kind))
        print(
            f"alignment  修改前后条款{kind}：{sum(of_kind)}/{len(of_kind)} = {shares[-1]:.3f}（下限 {FLOOR}）"
        )
    return shares[0] >= FLOOR


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
