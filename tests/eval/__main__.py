"""``make eval``: every development set, its size, the measure and the floor; exit 1 when one falls short."""

from __future__ import annotations

import sys

from tests.eval import durability, gold_changes, gold_tagging, laws, ota, search

SETS = (ota, laws, search, durability, gold_changes, gold_tagging)

if __name__ == "__main__":
    results = [evaluation.main() for evaluation in SETS]
    sys.exit(0 if all(results) else 1)
