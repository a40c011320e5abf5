"""The site over 100,000 rules and 1,000,000 passages, in process, beside Datasette's own pages over the same file.

Of each page it prints the 95th percentile as served (many ask for the same page; what was answered is given again while
nothing is written) and of first answers (kb.db written before each), and the largest answer. Judged is: as served, ours must not
exceed theirs, ``/``, ``/changes`` and a document beside Datasette's row page, search beside its table search; first answers
take no more than ``FIRST``, and no answer is larger than ``LARGEST``.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

from datasette.app import Datasette

from benchmarks import big_base
from datasette_config.app import build
from kb.config import DataDirectory, Settings
from kb.model import instant
from kb.sqlite import sqlite3

DOCUMENTS = 100_000
REQUESTS, FIRST_REQUESTS = 200, 60
WARM = 10
ROW_PAGE, TABLE_SEARCH = "Datasette row page", "Datasette table search"
FIRST, FIRST_SEARCH = 50.0, 100.0  # milliseconds
LARGEST = 100_000  # bytes
WORDS = ("备案", "期限", "许可", "网络", "日志", "延期", "公示", "标识")
PAIRS = ("期限 备案", "生成式人工智能 不得转让", "日志 六个月", "网络 公示 延期", "示例令第77号", "第99号")


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds and bytes: the 95th percentile of many requests one after another, and the largest answer."""

    p95: float
    largest: int


def theirs(numbers: list[int]) -> dict[str, list[str]]:
    return {
        ROW_PAGE: [f"/kb/documents/{number}" for number in numbers],
        TABLE_SEARCH: [f"/kb/documents?_search={word}" for word in WORDS],
    }


def ours(numbers: list[int]) -> dict[str, tuple[str, float, list[str]]]:
    """Page -> what it is set beside, how long a first answer may take, and the addresses asked for in turn."""
    filtered = (
        "",
        "?licence=icp-license",
        "?kind=amended&significance=editorial",
        "?since=2026-11-01&words=许可",
    )
    return {
        "/": (ROW_PAGE, FIRST, ["/", "/?my=icp-license&my=algorithm-filing"]),
        "/changes": (ROW_PAGE, FIRST, [f"/changes{query}" for query in filtered]),
        "/document/<id>": (ROW_PAGE, FIRST, [f"/document/do-{number:x}" for number in numbers]),
        "/search": (TABLE_SEARCH, FIRST_SEARCH, [f"/search?q={words}" for words in (*WORDS, *PAIRS)]),
    }


async def ask(
    site: Datasette, paths: Iterator[str], requests: int, before: Callable[[int], object] = lambda _: None
) -> Measured:
    """Ask one after another, with something done ``before`` each."""
    taken, largest = [], 0
    for number in range(WARM + requests):
        path = next(paths)
        before(number)
        started = time.perf_counter()
        answer = await site.client.get(path)
        spent = time.perf_counter() - started
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        largest = max(largest, len(answer.content))
        if number >= WARM:
            taken.append(spent * 1000)
    return Measured(sorted(taken)[int(0.95 * len(taken)) - 1], largest)


@contextmanager
def writing(data: DataDirectory) -> Iterator[Callable[[int], object]]:
    """Commits to kb.db, so that nothing of it is remembered, and leaves it as it was."""
    writer = sqlite3.connect(data.kb, isolation_level=None)
    (was,) = writer.execute("PRAGMA user_version").fetchone()
    yield lambda number: writer.execute(f"PRAGMA user_version = {number + 1}")
    writer.execute(f"PRAGMA user_version = {was}")
    writer.close()


async def measure(data: DataDirectory) -> bool:
    site = build(data, Settings(), now=instant(big_base.NOW))
    await site.invoke_startup()
    chance = Random(11)
    numbers = [chance.randrange(1, DOCUMENTS) for _ in range(REQUESTS)]
    print(f"  {'p95 in milliseconds':24} {'served':>8} {'first':>8} {'largest':>9}")
    beside = {}
    for name, paths in theirs(numbers).items():
        beside[name] = await ask(site, cycle(paths), REQUESTS)
        print(f"  {name:24} {beside[name].p95:8.1f} {'':8} {beside[name].largest / 1000:6.1f} kB")
    held = True
    for name, (other, goal, paths) in ours(numbers).items():
        with writing(data) as write:
            first = await ask(site, cycle(paths), FIRST_REQUESTS, write)
        served = await ask(site, cycle(paths), REQUESTS)
        good = served.p95 <= beside[other].p95 and first.p95 <= goal and served.largest <= LARGEST
        held = held and good
        print(
            f"  {name:24} {served.p95:8.1f} {first.p95:8.1f} {served.largest / 1000:6.1f} kB"
            f"  served {served.p95 / beside[other].p95:.2f} of {other}, first of {goal:.0f} ms"
            f"{'' if good else '  NOT HELD'}"
        )
    return held


def main() -> bool:
    print(f"site over {DOCUMENTS:,} rules and {DOCUMENTS * big_base.PASSAGES_EACH:,} passages")
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
