"""How many clauses a CPU second the tagger does: clauses of statutes where the development sets lie, and dense notices of our
own, each with a title to read and several licences to tell.

Run: ``python -m benchmarks.tagging``. Part of ``make bench``; the goal is 10,000 clauses a CPU second on one core.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from kb.tagging import tag

ROOT = Path(__file__).resolve().parents[1]
STATUTES = ROOT.parent / "shared" / "data" / "statutes"
OWN = ROOT / "tests" / "kb" / "tagging"
GOAL = 10_000
ROUNDS = 3


def clauses() -> list[tuple[str, str]]:
    """(title, clause): each paragraph of each statute; none where the development sets do not lie."""
    files = sorted(STATUTES.glob("*.md"))
    lines = ((file.stem, line.strip()) for file in files for line in file.read_text("utf-8").splitlines())
    return [(title, line) for title, line in lines if len(line) >= 10]


def notices() -> list[tuple[str, str]]:
    """(title, text): texts of our own that concern licences, each under a title of its own: the densest there are."""
    read = (tomllib.loads((OWN / f"unseen_{which}.toml").read_text("utf-8"))["case"] for which in "abcdefg")
    return [(case["title"], case["text"]) for cases in read for case in cases if case["want"]] * 10


def speed(items: Sequence[tuple[str, str]]) -> float:
    """The most items a CPU second of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        started = time.process_time()
        for title, text in items:
            tag(title, text, source_kind="regulator_rule")
        best = max(best, len(items) / (time.process_time() - started))
    return best


def main() -> bool:
    dense, plain = notices(), clauses()
    for title, text in dense[:100]:
        tag(title, text)
    measured = [("clauses", plain, speed(plain))] if plain else []
    measured.append(("dense notices", dense, speed(dense)))
    for name, items, per_second in measured:
        length = sum(len(text) for _, text in items) / len(items)
        print(
            f"tagging: {len(items)} {name} of {length:.0f} characters, {per_second:,.0f} a CPU second (goal {GOAL:,})"
        )
    return measured[0][2] >= GOAL


if __name__ == "__main__":
    main()
