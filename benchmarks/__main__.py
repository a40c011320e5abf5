"""``make bench``: speed as ratios in one run."""

from __future__ import annotations

import sys

from benchmarks import compare, recheck, site, tagging

if __name__ == "__main__":
    results = [compare.main(), tagging.main(), recheck.main(), site.main()]
    sys.exit(0 if all(results) else 1)
