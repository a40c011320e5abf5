"""``zhengce import``: histories from disk through the same line as crawled pages.

An import makes history and never alerts. Doing it again adds nothing: a capture is known by its page, instant and body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from urllib.parse import urlsplit

from kb.archive import CaptureWriter, Seen, read_run_log
from kb.config import Clock, DataDirectory
from kb.errors import NotFound, Undecodable
from kb.model import Capture, Origin, PageRole, SourceLevel
from kb.reading import decode_body, fingerprint
from kb.sources import Mechanism, Publish, Source
from kb.store import Ingestor, IngestReport
from scheduler.declarations import keep
from scheduler.histories import Snapshot

CHUNK = 100


@dataclass
class ImportReport:
    kept: int = 0
    known: int = 0
    ingested: list[IngestReport] = field(default_factory=list)


def _hand_saved(host: str) -> Source:
    """The declaration of pages somebody saved from a host that no declaration names."""
    slug = "".join(c if c.isalnum() and c.isascii() else "-" for c in host.lower()).strip("-") or "files"
    return Source(
        id=f"imported.{slug}",
        title=f"人工导入·{host}",
        authority=host,
        mechanism=Mechanism.PAGES,
        level=SourceLevel.HAND_SAVED,
        hosts=(host,),
        start=(f"https://{host}/",),
        publish=Publish.EXCERPT,
        enabled=False,
        notes="由 zhengce import 生成：页面由人保存，正文用通用方法提取。",
    )


class SourcePicker:
    """Which source a snapshot belongs to: the one named for all, the manifest's, the one that declares its host, or a
    generated one. Declarations made here are in ``generated``."""

    def __init__(self, sources: Mapping[str, Source], chosen: Source | None) -> None:
        self.sources, self.chosen = dict(sources), chosen
        self.generated: dict[str, Source] = {}

    def pick(self, snapshot: Snapshot) -> Source:
        """Raises ``NotFound`` when the manifest names a source that nobody declares."""
        if self.chosen is not None:
            return self.chosen
        if snapshot.source:
            if snapshot.source in self.sources:
                return self.sources[snapshot.source]
            raise NotFound(f"没有这个来源：{snapshot.source}", do="请用 --declaration 给出它的来源配置")
        host = urlsplit(snapshot.url).netloc.lower()
        for source in self.sources.values():
            if host in source.hosts:
                return source
        source = _hand_saved(host)
        self.sources[source.id] = self.generated[source.id] = source
        return source


def known_captures(captures: Path, source: str) -> set[str]:
    """Ids of the captures of a source that are kept in full."""
    return {
        event.capture
        for log in sorted((captures / source).glob("*.jsonl"))
        for _, event in read_run_log(log)
        if isinstance(event, Seen) and event.record is not None
    }


def _fingerprint(capture: Capture, source: Source) -> str:
    try:
        text = decode_body(capture.body, capture.headers, source.encoding).text
    except Undecodable:
        return ""
    return fingerprint(text, url=capture.url, source=source, role=capture.role)


def _capture(snapshot: Snapshot, source: Source) -> Capture:
    return Capture(
        source.id,
        snapshot.url,
        snapshot.fetched_at,
        snapshot.status,
        snapshot.headers,
        snapshot.body,
        PageRole.DOCUMENT,
        Origin.IMPORT,
    )


def _write(data: DataDirectory, source: Source, captures: Iterable[Capture], clock: Clock) -> None:
    with CaptureWriter(
        data.captures,
        source=source.id,
        origin=Origin.IMPORT,
        started_at=clock.now(),
        declaration_digest=source.digest,
    ) as writer:
        for capture in captures:
            writer.keep(capture, fingerprint=_fingerprint(capture, source))
        writer.finished(clock.now())


def _chunks(snapshots: Iterable[Snapshot]) -> Iterator[list[Snapshot]]:
    iterator = iter(snapshots)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def import_histories(
    data: DataDirectory,
    snapshots: Iterable[Snapshot],
    *,
    sources: Mapping[str, Source],
    chosen: Source | None,
    clock: Clock,
    progress: Callable[[int], None],
) -> ImportReport:
    """Write and ingest chunk after chunk; ``progress`` is told how many snapshots are safely in the knowledge base."""
    report, picker, known = ImportReport(), SourcePicker(sources, chosen), dict[str, set[str]]()
    for chunk in _chunks(snapshots):
        picked = [(picker.pick(snapshot), snapshot) for snapshot in chunk]
        for source, group in groupby(sorted(picked, key=lambda pair: pair[0].id), key=lambda pair: pair[0]):
            if source.id in picker.generated:
                keep(data, [source])
            if source.id not in known:
                known[source.id] = known_captures(data.captures, source.id)
            captures = {c.capture_id: c for c in (_capture(snapshot, source) for _, snapshot in group)}
            fresh = captures.keys() - known[source.id]
            if fresh:
                _write(data, source, (captures[identifier] for identifier in sorted(fresh)), clock)
            known[source.id] |= fresh
            report.kept += len(fresh)
            report.known += len(captures) - len(fresh)
        report.ingested.append(Ingestor(data, picker.sources).ingest())
        progress(report.kept + report.known)
    return report
