"""CaptureWriter: one run of one source -> ``<run>.jsonl`` and, when something is kept in full, ``<run>.warc.gz``.

The record is on disk before the log line that speaks of it. Files are created, never opened again: a run name that
exists gets a suffix.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TextIO

from kb.archive.digests import code_digest, rules_key
from kb.archive.heads import Head, Heads, header
from kb.archive.records import write_info, write_record
from kb.archive.runlog import (
    Failed,
    ListedItem,
    NamedPart,
    RecordRef,
    RunFinished,
    RunStarted,
    Seen,
    append,
    read_run_log,
)
from kb.codes import Health, Origin, PageRole
from kb.errors import MixedOrigins, RunLogError
from kb.model import Capture, capture_id, instant, page_id

FULL_RECORD_EVERY = timedelta(days=30)


def software() -> str:
    with suppress(PackageNotFoundError):
        return f"zhengce/{version('zhengce')}"
    return "zhengce"


def directory_origin(captures: Path) -> Origin | None:
    """What a data directory holds: ``live`` or ``replay``; ``None`` while it has imports only, or nothing."""
    for folder in sorted(path for path in captures.iterdir() if path.is_dir()) if captures.is_dir() else []:
        for log in sorted(folder.glob("*.jsonl"), reverse=True):
            with suppress(RunLogError, StopIteration):
                _, event = next(read_run_log(log))
                if isinstance(event, RunStarted) and event.origin is not Origin.IMPORT:
                    return event.origin
    return None


class CaptureWriter:
    """Writes what one run saw. Use it as a context manager and call ``finished`` at the end; a run without an end line
    is one that crashed. Raises ``MixedOrigins`` when replayed and live captures would meet in one data directory."""

    def __init__(
        self,
        captures: Path,
        *,
        source: str,
        origin: Origin,
        started_at: datetime,
        declaration_digest: str,
        rules_digest: str = "",
        heads: Heads | None = None,
    ) -> None:
        held = directory_origin(captures)
        if origin is not Origin.IMPORT and held is not None and held is not origin:
            raise MixedOrigins(
                "回放的快照不能与实际监测的快照放在同一个数据目录",
                where=str(captures),
                do="请另用一个空的数据目录（--data）",
            )
        self.source, self.origin = source, origin
        self.folder = captures / source
        self.folder.mkdir(parents=True, exist_ok=True)
        self.heads = heads if heads is not None else Heads.load(self.folder, source)
        self.started_at = started_at
        self.rules = rules_key(declaration_digest, code_digest(), rules_digest)
        self.counts = {"requested": 0, "kept": 0, "unchanged": 0, "not_modified": 0, "failed": 0}
        self._stale_before = instant(started_at - FULL_RECORD_EVERY)
        self._warc: BinaryIO | None = None
        self.run, self._log = self._create_log()
        append(
            self._log,
            RunStarted(self.run, source, origin, started_at, declaration_digest, code_digest(), rules_digest),
        )

    def _create_log(self) -> tuple[str, TextIO]:
        name = f"{instant(self.started_at).replace('-', '').replace(':', '')}-{self.source}"
        for number in count(1):
            run = name if number == 1 else f"{name}-{number:02}"
            if (self.folder / f"{run}.warc.gz").exists():
                continue
            with suppress(FileExistsError):
                return run, (self.folder / f"{run}.jsonl").open("x", encoding="utf-8")
        raise AssertionError("count() ended")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._log.close()
        if self._warc is not None:
            self._warc.close()
            self._warc = None

    # ------------------------------------------------------------------ what was seen

    def usable_head(self, url: str) -> Head | None:
        """The head whose validators may be sent: taken under today's rules and kept in full within the last month."""
        head = self.heads.get(url)
        if head is None or head.rules != self.rules or head.kept_at < self._stale_before:
            return None
        return head

    def seen(
        self,
        capture: Capture,
        *,
        fingerprint: str = "",
        parent: str = "",
        title: str = "",
        items: tuple[ListedItem, ...] | None = None,
        aliases: tuple[str, ...] = (),
        final_url: str = "",
        name_parts: Callable[[], tuple[NamedPart, ...]] = tuple,
    ) -> Seen:
        """Log one answer; the exchange is kept in full when it differs from the head, else as a reference to it.

        ``name_parts`` is asked only then, after the record is on disk; what it raises is raised when the line is too.
        """
        head = self.heads.get(capture.url)
        if (
            head is not None
            and head.final_url == final_url
            and self._equals(head, capture, capture.body_digest, fingerprint)
        ):
            return self._refer(head, capture, capture.body_digest, fingerprint, aliases)
        return self.keep(
            capture,
            fingerprint=fingerprint,
            parent=parent,
            title=title,
            items=items,
            aliases=aliases,
            final_url=final_url,
            name_parts=name_parts,
        )

    def keep(
        self,
        capture: Capture,
        *,
        fingerprint: str = "",
        parent: str = "",
        title: str = "",
        items: tuple[ListedItem, ...] | None = None,
        aliases: tuple[str, ...] = (),
        final_url: str = "",
        name_parts: Callable[[], tuple[NamedPart, ...]] = tuple,
    ) -> Seen:
        """Keep one exchange in full, whatever the head says: an import leaves no trace of its order."""
        digest = capture.body_digest
        head = self.heads.get(capture.url)
        page = head.page if head is not None else page_id(self.source, capture.url)
        ref, parts = self._keep(capture), tuple[NamedPart, ...]()
        try:
            parts = name_parts()
        finally:
            event = Seen(
                page=page,
                url=capture.url,
                role=capture.role,
                fetched_at=capture.fetched_at,
                status=capture.status,
                body_digest=digest,
                fingerprint=fingerprint,
                capture=capture_id(page, capture.fetched_at, digest),
                record=ref,
                parent=parent or (head.parent if head is not None else ""),
                title=title or (head.title if head is not None else ""),
                items=items,
                aliases=aliases,
                final_url=final_url,
                parts=parts,
            )
            append(self._log, event)
            self._count("kept")
            self._remember(event, capture, head)
            self.heads.expect_parts(event)
        return event

    def not_modified(self, head: Head, at: datetime) -> Seen:
        """Log a 304: the page equals its head."""
        event = Seen(
            page=head.page,
            url=head.url,
            role=head.role,
            fetched_at=at,
            status=304,
            body_digest=head.body_digest,
            fingerprint=head.fingerprint,
            capture=head.capture,
            parent=head.parent,
            title=head.title,
        )
        append(self._log, event)
        self._count("not_modified")
        self.heads.put(head._replace(seen_at=instant(at)))
        return event

    def failed(
        self,
        url: str,
        role: PageRole,
        at: datetime,
        *,
        health: Health,
        reason: str,
        transient: bool,
        parent: str = "",
        title: str = "",
    ) -> Failed:
        """Log a request that got no answer."""
        event = Failed(page_id(self.source, url), url, role, at, health, reason, transient, parent, title)
        self.heads.expect(event)
        append(self._log, event)
        self._count("failed")
        return event

    def finished(self, at: datetime, *, status: str = "") -> RunFinished:
        """Write the end line and save the heads. Status is derived from the counts unless given."""
        if not status:
            answered = self.counts["requested"] - self.counts["failed"]
            status = "failed" if not answered else "partial" if self.counts["failed"] else "ok"
        event = RunFinished(at, status, dict(self.counts))
        append(self._log, event)
        os.fsync(self._log.fileno())
        self.heads.save()
        return event

    # ------------------------------------------------------------------ inside

    def _equals(self, head: Head, capture: Capture, digest: str, fingerprint: str) -> bool:
        if (
            head.rules != self.rules
            or head.status != capture.status
            or head.kept_at < self._stale_before
            or instant(capture.fetched_at) < head.seen_at
            or head.content_type != header(capture.headers, "content-type")
        ):
            return False
        if fingerprint or head.fingerprint:
            return fingerprint == head.fingerprint
        return digest == head.body_digest

    def _refer(
        self, head: Head, capture: Capture, digest: str, fingerprint: str, aliases: tuple[str, ...]
    ) -> Seen:
        event = Seen(
            page=head.page,
            url=head.url,
            role=head.role,
            fetched_at=capture.fetched_at,
            status=capture.status,
            body_digest=digest,
            fingerprint=fingerprint,
            capture=head.capture,
            parent=head.parent,
            title=head.title,
            aliases=aliases,
            final_url=head.final_url,
        )
        append(self._log, event)
        self._count("unchanged")
        self.heads.put(
            head._replace(
                body_digest=digest,
                seen_at=instant(capture.fetched_at),
                etag=header(capture.headers, "etag"),
                last_modified=header(capture.headers, "last-modified"),
            )
        )
        return event

    def _keep(self, capture: Capture) -> RecordRef:
        if self._warc is None:
            self._warc = (self.folder / f"{self.run}.warc.gz").open("xb")
            write_info(self._warc, run=self.run, written_at=self.started_at, software=software())
            _sync_directory(self.folder)
        return write_record(self._warc, capture)

    def _remember(self, event: Seen, capture: Capture, before: Head | None) -> None:
        at = instant(capture.fetched_at)
        if before is not None and before.seen_at > at:
            return
        self.heads.put(
            Head(
                event.page,
                event.url,
                event.role,
                event.status,
                event.body_digest,
                event.fingerprint,
                event.capture,
                kept_at=at,
                seen_at=at,
                rules=self.rules,
                content_type=header(capture.headers, "content-type"),
                etag=header(capture.headers, "etag"),
                last_modified=header(capture.headers, "last-modified"),
                parent=event.parent,
                title=event.title,
                final_url=event.final_url,
            )
        )

    def _count(self, what: str) -> None:
        self.counts["requested"] += 1
        self.counts[what] += 1


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
