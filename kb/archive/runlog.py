"""The run log: one JSON line an event, appended after the record it speaks of is on disk.

A log is written by one process, once; after a crash nobody appends to it, the next run starts a new file. A torn last
line is therefore possible and is left out by ``read_run_log``; a torn line anywhere else is a ``RunLogError``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from kb.codes import Health, Origin, PageRole
from kb.errors import RunLogError
from kb.model import instant


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Where a full record lies: file name inside ``captures/<source>/``, byte offset and length, SHA-256 of those bytes."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class ListedItem:
    url: str
    title: str
    date: str = ""  # YYYY-MM-DD as the list prints it, or empty


@dataclass(frozen=True, slots=True)
class NamedPart:
    """An attachment or watched image that a document names."""

    url: str
    role: PageRole
    title: str = ""


@dataclass(frozen=True, slots=True)
class RunStarted:
    run: str
    source: str
    origin: Origin
    started_at: datetime
    declaration_digest: str
    code_digest: str
    rules_digest: str = ""  # of the day's document rules, where the declaration has rules of old


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer of a server. ``capture`` is the id of the full capture that shows this state; ``record`` is set when
    this very exchange was kept in full, otherwise the answer equalled the earlier capture (a 304 too).

    ``items`` is what a list page names, given whenever the list was kept in full; ``parent`` is the document page that
    names an attachment or image; ``aliases`` are addresses that redirected here. ``final_url`` is the address that
    answered in the end, where it is not the one that was asked: ``page`` and ``url`` are those of the asked one.
    ``parts`` is what a document that was kept in full names: a run that is killed forgets none of them.
    """

    page: str
    url: str
    role: PageRole
    fetched_at: datetime
    status: int
    body_digest: str
    fingerprint: str
    capture: str
    record: RecordRef | None = None
    parent: str = ""
    title: str = ""
    items: tuple[ListedItem, ...] | None = None
    aliases: tuple[str, ...] = ()
    final_url: str = ""
    parts: tuple[NamedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A request without an answer: ``health`` is unreachable, tls_error, robots_disallowed, refused or truncated.

    ``parent`` and ``title`` as in ``Seen``: a page that was named once is asked again until it has answered.
    """

    page: str
    url: str
    role: PageRole
    at: datetime
    health: Health
    reason: str
    transient: bool
    parent: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class RunFinished:
    finished_at: datetime
    status: str  # "ok", "partial" or "failed"
    counts: dict[str, int] = field(default_factory=dict)


Event = RunStarted | Seen | Failed | RunFinished
_TYPES: dict[str, type[Event]] = {"run": RunStarted, "seen": Seen, "failed": Failed, "end": RunFinished}
_NAMES = {cls: name for name, cls in _TYPES.items()}
_TIMES = frozenset({"started_at", "fetched_at", "at", "finished_at"})
_FIELDS = {cls: tuple(field.name for field in fields(cls)) for cls in _NAMES}
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(event: Event) -> str:
    """One line of JSON, without the newline; empty fields are left out."""
    data: dict[str, Any] = {"type": _NAMES[type(event)]}
    for key in _FIELDS[type(event)]:
        value = getattr(event, key)
        if value is None or value == "" or (value == () and key != "items"):
            continue  # a list that names nothing is not a page without a list
        if key in _TIMES:
            value = instant(value)
        elif key == "record":
            value = asdict(value)
        elif key in {"items", "parts"}:
            value = [asdict(item) for item in value]
        data[key] = value
    return _to_json(data)


def decode(line: str | bytes) -> Event:
    """Raises ``RunLogError`` when the line is no event."""
    try:
        data: dict[str, Any] = json.loads(line)
        cls = _TYPES[data.pop("type")]
        for key in _TIMES:
            if key in data:
                data[key] = datetime.fromisoformat(data[key])
        if cls is RunStarted:
            data["origin"] = Origin(data["origin"])
        if cls is Failed:
            data["health"] = Health(data["health"])
        if "role" in data:
            data["role"] = PageRole(data["role"])
        if cls is Seen:
            if "record" in data:
                data["record"] = RecordRef(**data["record"])
            if "items" in data:
                data["items"] = tuple(ListedItem(**item) for item in data["items"])
            data["parts"] = tuple(
                NamedPart(part["url"], PageRole(part["role"]), part["title"])
                for part in data.get("parts", ())
            )
            data["aliases"] = tuple(data.get("aliases", ()))
            data.setdefault("fingerprint", "")
        return cls(**data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunLogError(f"监测日志有一行无法读取：{error}", where=repr(line[:80])) from error


def append(log: TextIO, event: Event) -> None:
    """Write one event and flush it to the operating system; the caller has already written its record."""
    log.write(encode(event) + "\n")
    log.flush()


def read_run_log(path: Path, offset: int = 0) -> Iterator[tuple[int, Event]]:
    """Events from a byte offset on, each with the offset after it; a torn last line is left for the next reading."""
    with path.open("rb") as log:
        log.seek(offset)
        for line in log:
            if not line.endswith(b"\n"):
                return
            offset += len(line)
            yield offset, decode(line)
