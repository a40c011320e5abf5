"""A crawl process: how it is started, what it is told, how it is stopped, and what it came to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from kb.codes import Origin
from kb.config import Clock
from kb.errors import CrawlFailed
from kb.model import instant
from kb.sources import Source

GRACE = 15.0  # seconds a process has to end its run log after it was asked to end
PACKAGES = Path(__file__).resolve().parents[1]
MEMORY = {
    # Each page takes a few dozen megabytes for a moment. Left alone, glibc gives them back to the system and asks for
    # them again at every page: 10 to 15 % of the processor time of a re-check of 5,000 pages.
    "MALLOC_TRIM_THRESHOLD_": "67108864",
    "MALLOC_TOP_PAD_": "16777216",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One process: a regular crawl of a source, or with ``pages`` a second look at those addresses."""

    source: str
    pages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """``failure`` says in Chinese why a process ended without an orderly end; empty when it had one.

    ``began`` is when the process was started, by the crawl's clock.
    """

    source: str
    failure: str = ""
    began: datetime | None = None

    @property
    def ok(self) -> bool:
        return not self.failure


@dataclass(frozen=True, slots=True)
class Errand:
    """What every process of a crawl is told besides its source. ``delay`` replaces the declared pause, in seconds.

    ``secrets`` names the environment variables that a crawler has no business with.
    """

    captures: Path
    clock: Clock
    fixed: bool = False
    replay: str | None = None
    allow_addresses: tuple[str, ...] = ()
    delay: float | None = None
    contact: str = ""
    secrets: frozenset[str] = frozenset()

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


class CrawlProcess:
    """A running process and a thread that sleeps until it ends, and then puts a ``SourceOutcome`` into ``ended``.

    Raises ``OSError`` when the system has no process or file left.
    """

    def __init__(
        self, errand: Errand, source: Source, task: Task, folder: Path, ended: SimpleQueue[SourceOutcome]
    ) -> None:
        self.task, self.source, self.ended = task, source, ended
        self.began, self.started, self._asked, self._why = errand.clock.now(), monotonic(), 0.0, ""
        declaration = folder / f"{source.id}.toml"
        declaration.write_text(as_toml(source), "utf-8")
        job = json.dumps(errand.job(declaration, task.pages), ensure_ascii=False).encode()
        errors = folder / f"{source.id}.stderr"
        with errors.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "crawler.run"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env={**without(errand.secrets), **MEMORY, "PYTHONPATH": _python_path()},
            )
        Thread(target=self._wait, args=(job, errors), name=f"wait-{source.id}", daemon=True).start()

    def stop(self, why: str) -> None:
        """Ask it to end; call again (every few seconds) and after ``GRACE`` it is killed."""
        if not self._why:
            self._why, self._asked = why, monotonic()
            self.process.terminate()
        elif monotonic() - self._asked > GRACE:
            self.process.kill()

    @property
    def stopping(self) -> bool:
        return bool(self._why)

    def _wait(self, job: bytes, errors: Path) -> None:
        try:
            self.process.communicate(job)
        except BrokenPipeError:
            self.process.wait()
        said = errors.read_text("utf-8", "replace") if errors.exists() else ""
        self.ended.put(SourceOutcome(self.source.id, self._failure(said), self.began))

    def _failure(self, said: str) -> str:
        """Empty for an orderly end; else the message of ``CrawlFailed``, with the last line the process said."""
        code = self.process.returncode
        if self._why:
            return failure_of(self.source.id, f"巡查{self._why}")
        if code == 0:
            return ""
        how = f"被信号 {-code} 终止" if code < 0 else f"以退出码 {code} 结束"
        last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "没有留下说明")
        return failure_of(self.source.id, f"巡查进程{how}：{last[:300]}")


def failure_of(source: str, what: str) -> str:
    return str(CrawlFailed(what, where=source, do="将自动重试"))


def without(secrets: Iterable[str]) -> dict[str, str]:
    """Our environment for a child process, without the variables that hold secrets of channels."""
    hidden = frozenset(secrets)
    return {name: value for name, value in os.environ.items() if name not in hidden}


def as_toml(source: Source) -> str:
    """A declaration as TOML again; reading it yields the same ``Source`` and digest."""
    import tomlkit

    return tomlkit.dumps(source.model_dump(mode="json", exclude_defaults=True, exclude_none=True))


def _python_path() -> str:
    """Where the packages are, for a checkout that is not installed; ``-P`` keeps the working directory out."""
    return os.pathsep.join(part for part in (str(PACKAGES), os.environ.get("PYTHONPATH", "")) if part)
