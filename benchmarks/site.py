"""The site over 100,000 rules and 1,000,000 passages, in process, beside Datasette's own pages over the same file.

Prints the 95th percentile of each page. Ours must not exceed theirs: ``/``, ``/changes`` and a document are set beside
Datasette's row page, search beside its table search. Goals: 50 ms, search 100 ms.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random

from datasette.app import Datasette

from benchmarks import big_base
from datasette_config.app import build
from kb.config import DataDirectory, Settings
from kb.model import instant

DOCUMENTS = 100_000
REQUESTS = 200
WARM = 10
WORDS = ("备案", "期限", "许可", "网络", "日志", "延期", "公示", "标识")


def addresses() -> dict[str, tuple[str, Iterator[str]]]:
    """Page -> what it is set beside, and the addresses asked for in turn."""
    chance = Random(11)
    some = [chance.randrange(1, DOCUMENTS) for _ in range(REQUESTS)]
    return {
        "Datasette row page": ("", (f"/kb/documents/{number}" for number in cycle(some))),
        "Datasette table search": ("", (f"/kb/documents?_search={word}" for word in cycle(WORDS))),
        "/": ("Datasette row page", cycle(["/"])),
        "/changes": (
            "Datasette row page",
            cycle(["/changes", "/changes?licence=icp-license", "/changes?page=3"]),
        ),
        "/document/<id>": ("Datasette row page", (f"/document/do-{number:x}" for number in cycle(some))),
        "/search": ("Datasette table search", (f"/search?q={word}" for word in cycle(WORDS))),
    }


async def percentile(site: Datasette, paths: Iterator[str], share: float = 0.95) -> tuple[float, int]:
    """The 95th percentile in milliseconds of that many requests one after another, and the largest answer in bytes."""
    taken, largest = [], 0
    for number in range(WARM + REQUESTS):
        path = next(paths)
        started = time.perf_counter()
        answer = await site.client.get(path)
        spent = time.perf_counter() - started
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        largest = max(largest, len(answer.content))
        if number >= WARM:
            taken.append(spent * 1000)
    return sorted(taken)[int(share * len(taken)) - 1], largest


async def measure(data: DataDirectory) -> bool:
    site = build(data, Settings(), now=instant(big_base.NOW))
    await site.invoke_startup()
    found: dict[str, float] = {}
    held = True
    for name, (beside, paths) in addresses().items():
        found[name], largest = await percentile(site, paths)
        against = f"{found[name] / found[beside]:.2f} of {beside}" if beside else ""
        held = held and (not beside or found[name] <= found[beside])
        print(f"  {name:24} p95 {found[name]:7.1f} ms  {largest / 1000:6.1f} kB  {against}")
    return held


def main() -> bool:
    print(f"site over {DOCUMENTS:,} rules (goals: 50 ms, search 100 ms; ours must not exceed Datasette's)")
    kept = os.environ.get("ZHENGCE_BENCH_BASE")  # a folder with a base built before
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(kept or folder))
        if not data.kb.exists():
            started = time.monotonic()
            big_base.build(data.kb, DOCUMENTS)
            print(
                f"  base written in {time.monotonic() - started:.0f} s, {data.kb.stat().st_size / 1e9:.1f} GB"
            )
        return asyncio.run(measure(data))


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
