"""``make bench``: speed as ratios in one run."""

from __future__ import annotations

import sys

from benchmarks import recheck

if __name__ == "__main__":
    sys.exit(0 if recheck.main() else 1)
