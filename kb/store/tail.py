"""Reading run logs from where the last ingest stopped, torn and unreadable lines included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kb.archive.runlog import Event, Failed, RunFinished, RunStarted, Seen, decode
from kb.errors import RunLogError
from kb.model import instant

_LOOKS = (b'{"type":"seen"', b'{"type":"failed"')
_NAMED_TIME = re.compile(r"(\d{8}T\d{6}Z)-")


@dataclass(frozen=True, slots=True)
class Entry:
    """One look at one page, with the run that took it and the offset just after its line."""

    event: Seen | Failed
    run: RunStarted
    file: str
    end: int

    @property
    def at(self) -> datetime:
        return self.event.fetched_at if isinstance(self.event, Seen) else self.event.at

    @property
    def key(self) -> str:
        """Orders the looks at one page: by time, then by what was seen, never by where it is written."""
        event = self.event
        if isinstance(event, Failed):
            return f"{instant(event.at)} 2 {event.health}"
        return f"{instant(event.fetched_at)} {0 if event.record else 1} {event.capture}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be read. ``at`` is when its run began: it must not depend on where a reading resumed."""

    file: str
    line_at: int
    at: datetime
    reason: str


@dataclass(slots=True)
class LogPart:
    """What one run log has to say from a position on; ``position`` is where the next reading begins."""

    file: str
    position: int
    run: RunStarted | None = None
    finished: RunFinished | None = None
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def log_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def read_logs(
    folder: Path, positions: Mapping[str, int], *, until: Mapping[str, int] | None = None
) -> Iterator[LogPart]:
    """The parts of all logs of a source beyond ``positions``; with ``until``, up to those offsets only."""
    for path in log_files(folder):
        begin = positions.get(path.name, 0)
        end = until.get(path.name, 0) if until is not None else path.stat().st_size
        if end > begin:
            yield read_log(path, begin, end)


def count_looks(folder: Path, positions: Mapping[str, int]) -> int:
    """Looks that all logs of a source hold beyond ``positions``, without reading what they say."""
    looks = 0
    for path in log_files(folder):
        with path.open("rb") as log:
            log.seek(positions.get(path.name, 0))
            looks += sum(line.startswith(_LOOKS) and line.endswith(b"\n") for line in log)
    return looks


def read_log(path: Path, begin: int, end: int) -> LogPart:
    part = LogPart(path.name, begin)
    with path.open("rb") as log:
        if begin:
            part.run = _run(log.readline())
            log.seek(begin)
        for line in log:
            if not line.endswith(b"\n") or part.position + len(line) > end:
                break
            begin_of_line = part.position
            part.position += len(line)
            _take(part, line, begin_of_line)
    return part


def _decode(line: bytes) -> Event:
    """Raises ``RunLogError`` for whatever is no event with times that can be compared."""
    if not line.startswith(b"{"):
        raise RunLogError("不是 JSON 对象")
    event = decode(line)
    moments = (getattr(event, name, None) for name in ("started_at", "fetched_at", "at", "finished_at"))
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise RunLogError("时刻缺少时区")
    return event


def _run(line: bytes) -> RunStarted | None:
    try:
        event = _decode(line)
    except RunLogError:
        return None
    return event if isinstance(event, RunStarted) else None


def _take(part: LogPart, line: bytes, begin: int) -> None:
    try:
        event = _decode(line)
    except RunLogError as error:
        part.faults.append(_fault(part, begin, f"监测日志有一行无法读取：{error.what}"))
        return
    if isinstance(event, RunStarted):
        part.run = event
    elif part.run is None:
        part.faults.append(_fault(part, begin, "监测日志缺少开头一行"))
    elif isinstance(event, RunFinished):
        part.finished = event
    else:
        part.entries.append(Entry(event, part.run, part.file, part.position))


def _fault(part: LogPart, begin: int, reason: str) -> Fault:
    return Fault(part.file, begin, part.run.started_at if part.run else _named_time(part.file), reason)


def _named_time(file: str) -> datetime:
    """When a run began that does not say so itself: the time its log is named after, else the beginning of time."""
    if named := _NAMED_TIME.match(file):
        with suppress(ValueError):
            return datetime.strptime(named[1], "%Y%m%dT%H%M%S%z")
    return datetime(1970, 1, 1, tzinfo=UTC)
