"""One crawl process a source, a few at a time; what they write is ingested while they run.

The parent waits without spinning. A process that dies leaves a report about its source and no mark on the others.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from kb.config import Clock, DataDirectory
from kb.errors import CrawlFailed, DeclarationError
from kb.model import Origin, instant
from kb.sources import Source

if TYPE_CHECKING:
    from kb.store import Ingestor, IngestReport

AT_ONCE = 2
TICK = 2.0  # seconds between two looks at the run logs while processes run
REST = 60.0  # seconds without news after which ``between`` is called all the same: second looks, retries
PACKAGES = Path(__file__).resolve().parents[1]

Progress = Callable[["SourceOutcome"], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One process: a regular crawl of a source, or with ``pages`` a second look at those addresses."""

    source: str
    pages: tuple[str, ...] | None = None


Between = Callable[[], Iterable[Task]]
"""Called while processes run, after an ingest with news: it is told at once, and second looks come back as tasks."""


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """``failure`` says in Chinese why a process ended without an end line; empty when it wrote one."""

    source: str
    failure: str = ""

    @property
    def ok(self) -> bool:
        return not self.failure


@dataclass
class CrawlReport:
    """What each process came to, and what each ingest found, in the order of time."""

    sources: list[SourceOutcome] = field(default_factory=list)
    ingested: list[IngestReport] = field(default_factory=list)

    @property
    def failed(self) -> list[SourceOutcome]:
        return [outcome for outcome in self.sources if not outcome.ok]


@dataclass(frozen=True, slots=True)
class Errand:
    """What every process of a crawl is told besides its source. ``delay`` replaces the declared pause, in seconds."""

    captures: Path
    clock: Clock
    fixed: bool = False
    replay: str | None = None
    allow_addresses: tuple[str, ...] = ()
    delay: float | None = None
    contact: str = ""

    def job(self, declaration: Path, pages: tuple[str, ...] | None) -> dict[str, Any]:
        """The JSON that ``python -m crawler.run`` reads."""
        return {
            "declaration": str(declaration),
            "captures": str(self.captures),
            "origin": Origin.REPLAY if self.replay else Origin.LIVE,
            "replay": self.replay,
            "allow_addresses": list(self.allow_addresses),
            "delay": self.delay,
            "now": instant(self.clock.now()) if self.fixed else None,
            "pages": list(pages) if pages is not None else None,
            "unconditional": pages is not None,
            "contact": self.contact,
        }


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
    between: Between | None = None,
    progress: Progress | None = None,
) -> CrawlReport:
    """Crawl ``sources`` (of them ``only`` those named), look again at ``pages`` (addresses by source), and ingest.

    With ``pages`` and without ``only`` nothing else is crawled. ``replay``, ``http://host:port``, answers for
    every declared host. The caller holds ``data.writer()``. Never raises for one source: what a crawl finds wrong
    is in the report or an incident. Raises ``DeclarationError`` for a source that is not declared.
    """
    from kb.config import SystemClock
    from kb.store import Ingestor

    fixed = not isinstance(clock, SystemClock)
    errand = Errand(data.captures, clock, fixed, replay, tuple(allow_addresses), delay, contact)
    tasks = [Task(source, urls) for source, urls in (pages or {}).items()]
    if only is not None or pages is None:
        tasks += [Task(source) for source in (only if only is not None else sources)]
    if unknown := [task.source for task in tasks if task.source not in sources]:
        raise DeclarationError(f"没有这个来源：{'、'.join(unknown)}", do="zhengce sources list 可查看")
    with tempfile.TemporaryDirectory(prefix="zhengce-crawl-") as folder:
        crew = Crew(errand, sources, Path(folder), max(1, at_once))
        return crew.work(tasks, Ingestor(data, sources), between, progress)


class Crew:
    """The processes of one crawl, at most ``at_once`` regular ones; second looks are short and wait for nobody."""

    def __init__(self, errand: Errand, sources: Mapping[str, Source], folder: Path, at_once: int) -> None:
        self.errand, self.sources, self.folder, self.at_once = errand, sources, folder, at_once
        self.ended = SimpleQueue[SourceOutcome]()
        self.running: dict[str, tuple[Task, subprocess.Popen[bytes]]] = {}

    def work(
        self, tasks: Iterable[Task], ingestor: Ingestor, between: Between | None, progress: Progress | None
    ) -> CrawlReport:
        report, waiting, told = CrawlReport(), deque(tasks), monotonic()
        try:
            while waiting or self.running:
                waiting = self._start_what_fits(waiting)
                outcome = self._next_end()
                found = ingestor.ingest()
                report.ingested.append(found)
                if outcome:
                    report.sources.append(outcome)
                if outcome and progress:
                    progress(outcome)
                if between and (worth_telling(found) or monotonic() - told > REST):
                    told = monotonic()
                    known = {task.source for task in waiting} | set(self.running)
                    waiting.extend(task for task in between() if task.source not in known)
        finally:
            for _, process in self.running.values():
                process.terminate()
        return report

    def _start_what_fits(self, waiting: deque[Task]) -> deque[Task]:
        left = deque[Task]()
        for task in waiting:
            regular = sum(1 for running, _ in self.running.values() if running.pages is None)
            if task.source in self.running or (task.pages is None and regular >= self.at_once):
                left.append(task)
                continue
            source = self.sources[task.source]
            self.running[task.source] = (
                task,
                _start(self.errand, source, task.pages, self.folder, self.ended),
            )
        return left

    def _next_end(self) -> SourceOutcome | None:
        """Sleep until a process ends, at most ``TICK``."""
        try:
            outcome = self.ended.get(timeout=TICK)
        except Empty:
            return None
        del self.running[outcome.source]
        return outcome


def _start(
    errand: Errand,
    source: Source,
    pages: tuple[str, ...] | None,
    folder: Path,
    ended: SimpleQueue[SourceOutcome],
) -> subprocess.Popen[bytes]:
    """Start a process and a thread that sleeps until it ends."""
    declaration = folder / f"{source.id}.toml"
    declaration.write_text(as_toml(source), "utf-8")
    errors = (folder / f"{source.id}.stderr").open("w+b")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "crawler.run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env={**os.environ, "PYTHONPATH": _python_path()},
    )
    job = json.dumps(errand.job(declaration, pages), ensure_ascii=False).encode()

    def wait() -> None:
        with errors:
            try:
                process.communicate(job)
            except BrokenPipeError:
                process.wait()
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace")
        ended.put(SourceOutcome(source.id, _failure(source, process.returncode, said)))

    Thread(target=wait, name=f"wait-{source.id}", daemon=True).start()
    return process


def worth_telling(found: IngestReport) -> bool:
    totals = found.totals
    return bool(found.changes or totals["incidents_opened"] or totals["incidents_closed"])


def _failure(source: Source, code: int, said: str) -> str:
    """Empty for an orderly end; else the message of ``CrawlFailed``, with the last line the process said."""
    if code == 0:
        return ""
    how = f"被信号 {-code} 终止" if code < 0 else f"以退出码 {code} 结束"
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "没有留下说明")
    return str(CrawlFailed(f"巡查进程{how}：{last[:300]}", where=source.id, do="将自动重试"))


def as_toml(source: Source) -> str:
    """A declaration as TOML again; reading it yields the same ``Source`` and digest."""
    import tomlkit

    return tomlkit.dumps(source.model_dump(mode="json", exclude_defaults=True, exclude_none=True))


def _python_path() -> str:
    """Where the packages are, for a checkout that is not installed; ``-P`` keeps the working directory out."""
    return os.pathsep.join(part for part in (str(PACKAGES), os.environ.get("PYTHONPATH", "")) if part)
