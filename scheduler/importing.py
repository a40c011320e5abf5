"""``zhengce import``: histories from disk through the same line as crawled pages.

An import makes history and never alerts. Doing it again adds nothing: a capture is known by its page, instant and body.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from urllib.parse import urlsplit

from kb import words
from kb.addresses import UNKNOWN_HOST, is_unknown
from kb.archive import CaptureWriter, Seen
from kb.codes import Coverage, Health, Origin, PageRole, SourceLevel
from kb.config import BEIJING, Clock, DataDirectory
from kb.errors import NotFound, Undecodable, UsageError
from kb.model import Capture, canonical_url
from kb.reading.decode import decode_body
from kb.reading.fingerprint import fingerprint
from kb.sources import Mechanism, Publish, Source
from kb.store import open_reader, queries
from kb.store.ingest import Ingestor
from kb.store.report import IngestReport
from kb.store.tail import read_logs
from scheduler.declarations import keep
from scheduler.saved import SHAPE
from scheduler.snapshots import Item, Skipped, Snapshot

CHUNK = 1000
"""Snapshots between two ingests: an older snapshot that comes after a newer one makes its page be derived again."""


@dataclass
class ImportReport:
    """``kept`` counts snapshots that are new, ``unreadable`` those of them that show no document, ``known`` those that
    were there before, ``skipped`` what was left out; ``problems`` says the reasons, ``doubts`` what a person should
    look after, one sentence each."""

    kept: int = 0
    unreadable: int = 0
    known: int = 0
    skipped: int = 0
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    ingested: list[IngestReport] = field(default_factory=list)


def _hand_saved(host: str) -> Source:
    """The declaration of pages somebody saved from a host that no declaration names."""
    slug = re.sub("[^a-z0-9]+", "-", host).strip("-") or "files"
    return Source(
        id=f"imported.{slug}-{hashlib.sha256(host.encode()).hexdigest()[:8]}",
        title="人工导入（原网址未知）" if host == UNKNOWN_HOST else f"人工导入·{host}",
        authority=host,
        mechanism=Mechanism.PAGES,
        level=SourceLevel.HAND_SAVED,
        hosts=(host,),
        start=(f"https://{host}/",),
        coverage=Coverage.MANUAL,
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
    """Ids of the captures of a source that are kept in full. A line that cannot be read knows none."""
    return {
        entry.event.capture
        for part in read_logs(captures / source, {})
        for entry in part.entries
        if isinstance(entry.event, Seen) and entry.event.record is not None
    }


def _fingerprint(capture: Capture, source: Source) -> str:
    try:
        text = decode_body(capture.body, capture.headers, source.encoding).text
    except Undecodable:
        return ""
    day = capture.fetched_at.astimezone(BEIJING).date()
    return fingerprint(text, url=capture.url, source=source, role=capture.role, on=day)


def _role(url: str, source: Source) -> PageRole:
    """What a declaration says of an address: the pages it starts its lists from, and the endpoint of their rows."""
    lists = {canonical_url(start) for start in source.start} if source.list is not None else set()
    rows = source.cac is not None and urlsplit(url).path == source.cac.endpoint
    return PageRole.LIST if rows or canonical_url(url) in lists else PageRole.DOCUMENT


def _capture(snapshot: Snapshot, source: Source) -> Capture:
    return Capture(
        source.id,
        snapshot.url,
        snapshot.fetched_at,
        snapshot.status,
        snapshot.headers,
        snapshot.body,
        _role(snapshot.url, source),
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


def _chunks(items: Iterable[Item], report: ImportReport, now: datetime) -> Iterator[list[Snapshot]]:
    """The snapshots, so many at a time and each lot in the order of time; what was left out goes into the report."""
    iterator = (_had(item, now) for item in items)
    while chunk := list(islice(iterator, CHUNK)):
        skipped = [item for item in chunk if isinstance(item, Skipped)]
        report.skipped += len(skipped)
        report.problems += [item.problem for item in skipped if item.problem]
        snapshots = [item for item in chunk if isinstance(item, Snapshot)]
        yield sorted(snapshots, key=lambda snapshot: (snapshot.fetched_at, snapshot.url))


def _had(item: Item, now: datetime) -> Item:
    """Nobody has seen a page on a day that has not come."""
    if isinstance(item, Skipped) or item.fetched_at <= now:
        return item
    day = item.fetched_at.astimezone(BEIJING).date()
    return Skipped(
        f"{item.where or item.url}：时间 {day} 还没有到来，未导入；请检查 --date、文件名或清单里的时间"
    )


def _of_their_hosts(
    picked: list[tuple[Source, Snapshot]], report: ImportReport
) -> list[tuple[Source, Snapshot]]:
    """Without the pages of other sites: what a source did not publish is no history of it."""
    found = []
    for source, snapshot in picked:
        parts = urlsplit(snapshot.url)
        if is_unknown(snapshot.url) or {parts.netloc.lower(), parts.hostname} & {*source.hosts}:
            found.append((source, snapshot))
            continue
        report.skipped += 1
        report.problems.append(
            f"{snapshot.where or snapshot.url}：{parts.netloc} 不是来源 {source.id} 的网站"
            f"（{'、'.join(source.hosts)}），未导入；请核对 --url，或不写 --source"
        )
    return found


def _say_unreadable(data: DataDirectory, fresh: Mapping[str, str], report: ImportReport) -> None:
    """One sentence a new capture (id -> where it came from) that shows no document."""
    reader = open_reader(data.kb)
    try:
        for capture, where in fresh.items():
            health, reasons = queries.capture_health(reader, capture)
            if health is not Health.OK:
                report.unreadable += 1
                report.problems.append(f"{where}：{'；'.join((words.zh(health), *reasons))}")
    finally:
        reader.close()


def import_histories(
    data: DataDirectory,
    snapshots: Iterable[Item],
    *,
    sources: Mapping[str, Source],
    chosen: Source | None,
    clock: Clock,
    progress: Callable[[int], None],
) -> ImportReport:
    """Write and ingest chunk after chunk; ``progress`` is told how many new snapshots are safely in the knowledge base.

    Raises ``UsageError`` when there is nothing to import.
    """
    report, picker, known = ImportReport(), SourcePicker(sources, chosen), dict[str, set[str]]()
    addressless: set[str] = set()
    for chunk in _chunks(snapshots, report, clock.now()):
        fresh: dict[str, str] = {}
        picked = _of_their_hosts([(picker.pick(snapshot), snapshot) for snapshot in chunk], report)
        for source, group in groupby(sorted(picked, key=lambda pair: pair[0].id), key=lambda pair: pair[0]):
            if source.id in picker.generated:
                keep(data, [source])
            if source.id not in known:
                known[source.id] = known_captures(data.captures, source.id)
            captures = {
                (capture := _capture(snapshot, source)).capture_id: (capture, snapshot.where or snapshot.url)
                for _, snapshot in group
            }
            new = {
                identifier: pair
                for identifier, pair in captures.items()
                if identifier not in known[source.id]
            }
            if new:
                _write(data, source, (capture for capture, _ in new.values()), clock)
            known[source.id] |= new.keys()
            fresh |= {identifier: where for identifier, (_, where) in new.items()}
            addressless |= {capture.url for capture, _ in new.values() if is_unknown(capture.url)}
            report.known += len(captures) - len(new)
        report.ingested.append(Ingestor(data, picker.sources).ingest())
        report.kept += len(fresh)
        if fresh:
            _say_unreadable(data, fresh, report)
            progress(report.kept)
    if unknown := len(addressless):
        report.doubts.append(
            f"{unknown} 份的原网址未知：请用 --url 给出，或用浏览器另存（网页里会写明原网址）"
        )
    if not (report.kept or report.known or report.skipped):
        raise UsageError("没有可导入的内容", do=SHAPE)
    return report
