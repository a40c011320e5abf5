"""One crawl process a source, a few at a time; what they write is ingested while they run.

The parent waits without spinning. A process that dies leaves a report about its source and no mark on the others.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from kb.config import Clock, DataDirectory
from kb.errors import DeclarationError
from kb.sources import Source
from scheduler.processes import CrawlProcess, Errand, SourceOutcome, Task, failure_of

if TYPE_CHECKING:
    from kb.store.ingest import Ingestor
    from kb.store.report import IngestReport

AT_ONCE = 2
TICK = 2.0  # seconds between two looks at the run logs while processes run
REST = 60.0  # seconds without news after which ``between`` is called all the same: second looks, retries
LIMIT = 6 * 3600.0 + 600  # seconds; a process ends itself after six hours, this is for one that does not

Progress = Callable[[SourceOutcome], None]
Started = Callable[[Task], None]
Between = Callable[[], Iterable[Task]]
"""Called while processes run, after an ingest with news: it is told at once, and second looks come back as tasks."""


@dataclass
class CrawlReport:
    """What each process came to, and what each ingest found, in the order of time."""

    sources: list[SourceOutcome] = field(default_factory=list)
    ingested: list[IngestReport] = field(default_factory=list)

    @property
    def failed(self) -> list[SourceOutcome]:
        return [outcome for outcome in self.sources if not outcome.ok]


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a caller wants to know or do while a crawl runs. ``started`` is called just before a process starts.

    Once ``ending`` is set nothing new starts, and what runs is asked to end.
    """

    between: Between | None = None
    started: Started | None = None
    progress: Progress | None = None
    ending: Event | None = None


def crawl(
    data: DataDirectory,
    sources: Mapping[str, Source],
    *,
    clock: Clock,
    replay: str | None = None,
    allow_addresses: Iterable[str] = (),
    delay: float | None = None,
    contact: str = "",
    pages: Mapping[str, tuple[str, ...]] | None = None,
    only: Iterable[str] | None = None,
    at_once: int = AT_ONCE,
    limit: float = LIMIT,
    secrets: Iterable[str] = (),
    hooks: Hooks | None = None,
) -> CrawlReport:
    """Crawl ``sources`` (of them ``only`` those named), look again at ``pages`` (addresses by source), and ingest.

    With ``pages`` and without ``only`` nothing else is crawled. ``replay``, ``http://host:port``, answers for
    every declared host. ``limit``: seconds after which a process is stopped. ``secrets``: environment variables that
    the processes do not get. The caller holds ``data.writer()``. Never raises for one source: what a crawl finds wrong
    is in the report or an incident. Raises ``DeclarationError`` for a source that is not declared.
    """
    from kb.config import SystemClock
    from kb.store.ingest import Ingestor

    fixed = not isinstance(clock, SystemClock)
    errand = Errand(
        data.captures, clock, fixed, replay, tuple(allow_addresses), delay, contact, frozenset(secrets)
    )
    tasks = [Task(source, urls) for source, urls in (pages or {}).items()]
    if only is not None or pages is None:
        tasks += [Task(source) for source in (only if only is not None else sources)]
    if unknown := [task.source for task in tasks if task.source not in sources]:
        raise DeclarationError(f"没有这个来源：{'、'.join(unknown)}", do="zhengce sources list 可查看")
    with tempfile.TemporaryDirectory(prefix="zhengce-crawl-") as folder:
        crew = Crew(
            errand,
            sources,
            Path(folder),
            at_once=max(1, at_once),
            limit=limit,
            hooks=hooks or Hooks(),
        )
        return crew.work(tasks, Ingestor(data, sources))


class Crew:
    """The processes of one crawl, at most ``at_once`` regular ones; second looks are short and wait for nobody."""

    def __init__(
        self,
        errand: Errand,
        sources: Mapping[str, Source],
        folder: Path,
        *,
        at_once: int,
        limit: float,
        hooks: Hooks,
    ) -> None:
        self.errand, self.sources, self.folder, self.at_once = errand, sources, folder, at_once
        self.limit, self.hooks = limit, hooks
        self.ended = SimpleQueue[SourceOutcome]()
        self.running: dict[str, CrawlProcess] = {}
        self.waiting = deque[Task]()

    def work(self, tasks: Iterable[Task], ingestor: Ingestor) -> CrawlReport:
        report, told = CrawlReport(), monotonic()
        self.waiting.extend(tasks)
        try:
            while self._ongoing():
                self._stop_overdue()
                self._start_what_fits()
                outcome = self._next_end()
                found = ingestor.ingest()
                report.ingested.append(found)
                if outcome:
                    report.sources.append(outcome)
                if outcome and self.hooks.progress:
                    self.hooks.progress(outcome)
                if self.hooks.between and (worth_telling(found) or monotonic() - told > REST):
                    told = monotonic()
                    self._queue(self.hooks.between())
        finally:
            while self.running:  # an error on our side: nobody is left to read what they write
                self._stop_all("被中断")
                self._next_end()
        return report

    def _ongoing(self) -> bool:
        if self.hooks.ending is not None and self.hooks.ending.is_set():
            self.waiting.clear()
            self._stop_all("应要求停止")
        return bool(self.waiting or self.running or not self.ended.empty())

    def _queue(self, looks: Iterable[Task]) -> None:
        """Second looks wait until their source is free; one waiting already takes in what became due since."""
        under_way = {process.task for process in self.running.values()}
        for task in looks:
            if task in under_way or task in self.waiting:
                continue
            pages = list(task.pages or ())
            for same in [w for w in self.waiting if w.source == task.source and w.pages is not None]:
                self.waiting.remove(same)
                pages = [*(same.pages or ()), *pages]
            self.waiting.append(Task(task.source, tuple(dict.fromkeys(pages))))

    def _start_what_fits(self) -> None:
        left = deque[Task]()
        for task in self.waiting:
            regular = sum(1 for process in self.running.values() if process.task.pages is None)
            if task.source in self.running or (task.pages is None and regular >= self.at_once):
                left.append(task)
            else:
                self._start(task)
        self.waiting = left

    def _start(self, task: Task) -> None:
        if self.hooks.started:
            self.hooks.started(task)
        source = self.sources[task.source]
        try:
            self.running[task.source] = CrawlProcess(self.errand, source, task, self.folder, self.ended)
        except OSError as error:
            self.ended.put(SourceOutcome(task.source, failure_of(task.source, f"巡查进程无法启动：{error}")))

    def _stop_all(self, why: str) -> None:
        for process in self.running.values():
            process.stop(why)

    def _stop_overdue(self) -> None:
        for process in self.running.values():
            if process.stopping or monotonic() - process.started > self.limit:
                process.stop("超过时限，已停止")

    def _next_end(self) -> SourceOutcome | None:
        """Sleep until a process ends, at most ``TICK``."""
        try:
            outcome = self.ended.get(timeout=TICK)
        except Empty:
            return None
        self.running.pop(outcome.source, None)
        return outcome


def worth_telling(found: IngestReport) -> bool:
    totals = found.totals
    return bool(found.changes or totals["incidents_opened"] or totals["incidents_closed"])
