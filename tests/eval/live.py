"""The site while a crawl and then rebuilds of the knowledge base run: every page kind opens, from before kb.db exists."""

from __future__ import annotations

import asyncio
import random
import tempfile
import threading
from collections import Counter
from pathlib import Path

from datasette.app import Datasette

from datasette_config.app import build
from kb.config import DataDirectory
from kb.errors import NotFound, StoreError
from kb.store import open_reader
from kb.store.maintenance import rebuild
from scheduler.declarations import known_sources
from scheduler.demo.__main__ import DAYS, play_day, stage
from tests.eval.table import Measure

SEED, REQUESTS, READERS = 20261122, 2000, 4
ALWAYS = (
    "/", "/changes", "/changes?licence=algorithm-filing&significance=substantive", "/changes?status=in_force", "/documents",
    "/search?q=应当", "/search?q=备案 期限", "/sources", "/incidents", "/licences", "/licence/algorithm-filing", "/calendar",
    "/feed.atom", "/changes.csv", "/chart/changes.svg", "/api/v1/changes", "/kb/changes",
)  # fmt: skip
OF_EACH = {
    "documents": ("/document/{}", "/document/{}/compare", "/document/{}/feed.atom", "/document/{}?as-of=2026-11-24"),
    "changes": ("/change/{}", "/change/{}/evidence.json"),
    "sources": ("/source/{}", "/source/{}/looks.svg"),
}  # fmt: skip
NOTHING_KEPT = {200, 400, 404, 503}  # before anything was kept; machines are told 503, tables are not there
COLUMNS = {"documents": "document_id", "changes": "change_id", "sources": "source_id"}


def measure(shared: Path) -> list[Measure]:
    with tempfile.TemporaryDirectory() as temporary:
        data = DataDirectory(Path(temporary) / "data")
        data.root.mkdir()
        house = House(data)
        asyncio.run(house.read())
    failed = [f"{path}：{status}" for (path, status), _ in house.failed.most_common()]
    return [
        Measure("live", house.asked, "巡查与重建期间没有打开的网页", len(failed), "\n".join(failed)),
        Measure("live", house.rebuilt, "期间重建的次数", float(house.rebuilt)),
    ]


class House:
    """One data directory that is crawled and rebuilt while it is read."""

    def __init__(self, data: DataDirectory) -> None:
        self.data = data
        self.asked = self.rebuilt = 0
        self.kept = False
        self.failed: Counter[tuple[str, int]] = Counter()
        self.draw = random.Random(SEED)
        self.work = threading.Thread(target=self._work)

    def _work(self) -> None:
        """Two days of the demonstration, each with its second look; then rebuilds until enough was asked."""
        with stage(self.data) as (context, web, _mailbox):
            for number, day in enumerate(DAYS[:2], start=1):
                play_day(context, web, number, day)
            while not self.rebuilt or self.asked < REQUESTS:
                rebuild(self.data, known_sources(self.data))
                self.rebuilt += 1

    async def read(self) -> None:
        site = build(self.data, self.data.settings())
        await site.invoke_startup()
        self.work.start()
        await asyncio.gather(*(self._reader(site) for _ in range(READERS)))
        self.work.join()

    async def _reader(self, site: Datasette) -> None:
        while self.work.is_alive():
            paths, kept = self._paths(), self.kept
            for path in paths:
                answer = await site.client.get(path)
                self.asked += 1
                if answer.status_code not in ({200} if kept else NOTHING_KEPT):
                    self.failed[path, answer.status_code] += 1

    def _paths(self) -> list[str]:
        """Every page kind, of one document, change and source each, where there are any."""
        found = list(ALWAYS)
        for table, patterns in OF_EACH.items():
            if identifier := self._one_of(table):
                found += [pattern.format(identifier) for pattern in patterns]
                self.kept = self.kept or table == "documents"
        return self.draw.sample(found, len(found))

    def _one_of(self, table: str) -> str:
        try:
            reader = open_reader(self.data.kb)
        except (NotFound, StoreError):
            return ""
        try:
            held = [row[0] for row in reader.execute(f"SELECT {COLUMNS[table]} FROM {table}")]  # noqa: S608
        finally:
            reader.close()
        return self.draw.choice(held) if held else ""
