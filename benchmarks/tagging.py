"""How many clauses a CPU second the tagger does: clauses of statutes where the development sets lie, else texts of our own.

Run: ``python -m benchmarks.tagging``. Part of ``make bench``; the goal is 10,000 clauses a CPU second on one core.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

from kb.tagging import tag

ROOT = Path(__file__).resolve().parents[1]
STATUTES = ROOT.parent / "shared" / "data" / "statutes"
OWN = ROOT / "tests" / "kb" / "tagging"
GOAL = 10_000
ROUNDS = 3


def clauses() -> list[tuple[str, str]]:
    """(title, clause): each paragraph of each statute, or each text of our own under its title."""
    files = sorted(STATUTES.glob("*.md"))
    if files:
        lines = ((file.stem, line.strip()) for file in files for line in file.read_text("utf-8").splitlines())
        return [(title, line) for title, line in lines if len(line) >= 10]
    read = (tomllib.loads((OWN / f"unseen_{which}.toml").read_text("utf-8"))["case"] for which in "ab")
    return [(case["title"], case["text"]) for cases in read for case in cases] * 50


def main() -> bool:
    items = clauses()
    for title, text in items[:100]:
        tag(title, text)
    best = 0.0
    for _ in range(ROUNDS):
        started = time.process_time()
        for title, text in items:
            tag(title, text, source_kind="regulator_rule")
        best = max(best, len(items) / (time.process_time() - started))
    length = sum(len(text) for _, text in items) / len(items)
    print(
        f"tagging: {len(items)} clauses of {length:.0f} characters, {best:,.0f} a CPU second (goal {GOAL:,})"
    )
    return best >= GOAL


if __name__ == "__main__":
    main()
