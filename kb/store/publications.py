"""Documents that were newly published: named by a list that had been looked at before it named them. Pure in the set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from kb.changing.compare import compare
from kb.changing.filings import flags_of
from kb.changing.headline import headline
from kb.changing.kinds import new_document_kind
from kb.codes import ChangeKind, Confirmation, Flag, Origin, Significance, SourceLevel
from kb.config import beijing_day
from kb.model import Comparison, Document, change_id
from kb.sqlite import sqlite3
from kb.store.beside import is_unread, unread_files
from kb.store.report import IngestReport
from kb.store.rows import delete_changes, write_change
from kb.store.serial import document_from_json, dumps
from kb.tagging import tag

MIN_CORE = 6
"""A title shorter than this (公告, 通知) joins no draft with no final."""

SLID_IN = timedelta(days=30)
"""A row dated so long before the list's previous look is an old document that slid into view, not a new one."""

_WORDS = {
    ChangeKind.NEW: "新发布",
    ChangeKind.LIST_BATCH: "例行发布",
    ChangeKind.DRAFT_PUBLISHED: "公布征求意见稿",
    ChangeKind.DRAFT_REOPENED: "再次征求意见",
    ChangeKind.FINALISED: "正式稿公布",
    ChangeKind.REPUBLISHED: "转载",
}


@dataclass(frozen=True, slots=True)
class Publication:
    """One page whose document a list newly named. ``first`` is the document its first good look showed."""

    page: int
    page_id: str
    source: int
    level: SourceLevel
    authority: str
    document: int | None
    listed_after: str
    printed: str
    baseline_at: str
    confirmed_at: str | None
    version: int
    first_capture: str
    first: Document
    origin: Origin
    rules: str


_PUBLICATION = """
    SELECT p.id, p.page_id, p.source, s.level, s.authority, p.document, l.previous_look, l.date AS printed, p.baseline_at, p.baseline_confirmed_at,
           v.id AS version, v.first_capture, v.document AS first, c.origin, c.rules
    FROM pages p
    JOIN sources s ON s.id = p.source
    JOIN versions v ON v.page = p.id AND v.kind = 'first'
    JOIN captures c ON c.capture_id = v.first_capture
    JOIN listings l ON l.id = (SELECT id FROM listings WHERE page_id = p.page_id
                               ORDER BY first_seen, previous_look, list_page LIMIT 1)
    WHERE p.id = ? AND p.role = 'document' AND l.previous_look IS NOT NULL AND p.baseline_at >= l.first_seen
"""

_DAY = "coalesce({0}.published, {0}.made, substr({0}.first_seen, 1, 10))"

_DRAFT_BEFORE = f"""
    SELECT e.document_id FROM documents d
    JOIN pages p ON p.document = d.id AND p.role = 'document' AND length(p.title_core) >= :core
    JOIN pages q ON q.title_core = p.title_core AND q.title_core <> '' AND q.role = 'document'
    JOIN documents e ON e.id = q.document
    WHERE d.id = :document AND e.id <> d.id AND e.is_draft AND {_DAY.format("e")} < {_DAY.format("d")}
    ORDER BY {_DAY.format("e")} DESC, e.first_seen DESC, e.document_id DESC LIMIT 1
"""  # noqa: S608


class Publisher:
    def __init__(self, connection: sqlite3.Connection, report: IngestReport) -> None:
        self.connection, self.report = connection, report

    def publish(self, pages: Iterable[int], cores: Iterable[str] = ()) -> set[int]:
        """Recompute the publication change of these pages and of all pages whose title has the same core, or one of
        these ``cores``, which titles had before. Gives all pages it looked at again."""
        wanted = set(pages)
        touched = {core for core in cores if len(core) >= MIN_CORE} | {
            row[0]
            for page in wanted
            for row in self.connection.execute("SELECT title_core FROM pages WHERE id = ?", (page,))
            if len(row[0]) >= MIN_CORE
        }
        for page in sorted(wanted):
            self._link_drafts("p.id = ?", page)
        for core in sorted(touched):
            if self._link_drafts("p.title_core = ?", core):
                wanted |= {
                    row[0]
                    for row in self.connection.execute("SELECT id FROM pages WHERE title_core = ?", (core,))
                }
        for page in sorted(wanted):
            self._publish(page)
        return wanted

    def _link_drafts(self, pages: str, value: int | str) -> bool:
        """Each document of these pages follows the latest draft before it. Whether there is, or was, any link."""
        rows = self.connection.execute(
            "SELECT DISTINCT d.id, d.is_draft, d.draft FROM documents d JOIN pages p ON p.document = d.id"  # noqa: S608
            f" AND p.role = 'document' WHERE {pages}",
            (value,),
        ).fetchall()
        for row in rows:
            before = self.connection.execute(
                _DRAFT_BEFORE, {"document": row["id"], "core": MIN_CORE}
            ).fetchone()
            self.connection.execute(
                "UPDATE documents SET draft = ? WHERE id = ?", (before[0] if before else None, row["id"])
            )
        return any(row["is_draft"] or row["draft"] for row in rows)

    def _publish(self, page: int) -> None:
        before = {
            row[0]: row[1]
            for row in self.connection.execute(
                "SELECT change_id, confirmation FROM changes WHERE page = ? AND basis = 'publication'",
                (page,),
            )
        }
        delete_changes(self.connection, before)
        row = self.connection.execute(_PUBLICATION, (page,)).fetchone()
        if row is None:
            return
        publication = _publication(row)
        identifier = change_id(publication.page_id, publication.first_capture)
        confirmation = _confirmation(publication)
        self._write(publication, identifier, confirmation)
        if before.get(identifier) != confirmation:
            self.report.changed(identifier)

    def _write(self, publication: Publication, identifier: str, confirmation: Confirmation) -> None:
        first = publication.first
        draft = self._draft(publication)
        kind = self._kind(publication, draft is not None)
        comparison = Comparison(
            kind, Significance.SUBSTANTIVE, (), effective=first.effective, reason=_reason(publication, kind)
        )
        title = f"{_WORDS[kind]}《{first.title.strip('《》')}》"
        if draft is not None and kind is not ChangeKind.REPUBLISHED:
            differences = compare(document_from_json(draft["document"]), first)
            comparison = replace(comparison, passages=differences.passages)
            if differences.differing:
                title = headline(replace(differences, kind=kind), first)
        values: dict[str, Any] = {
            "change_id": identifier,
            "page": publication.page,
            "document": publication.document,
            "source": publication.source,
            "basis": "publication",
            "title": first.title,
            "kind": kind,
            "confirmation": confirmation,
            "headline": title,
            "flags": dumps(self._flags(publication, comparison)),
            "before_version": draft["version"] if draft is not None and comparison.passages else None,
            "after_version": publication.version,
            "observed_from": publication.listed_after,
            "observed_to": publication.baseline_at,
            "confirmed_at": publication.confirmed_at,
            "origin": publication.origin,
            "rules": publication.rules,
        }
        tags = tag(first.title, first.text, source_kind=publication.level, authority=publication.authority)
        write_change(self.connection, values, comparison, tags)

    def _flags(self, publication: Publication, comparison: Comparison) -> tuple[Flag, ...]:
        """``needs_reading`` also where the document, or a file it came with, holds no word that a program reads."""
        found = flags_of(comparison, publication.first)
        unread = is_unread(publication.first) or unread_files(self.connection, publication.page)
        return found if Flag.NEEDS_READING in found or not unread else (Flag.NEEDS_READING, *found)

    def _draft(self, publication: Publication) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.connection.execute(
            "SELECT v.id AS version, v.document FROM documents d JOIN documents e ON e.document_id = d.draft"
            " JOIN versions v ON v.id = e.current_version WHERE d.id = ?",
            (publication.document,),
        ).fetchone()
        return row

    def _kind(self, publication: Publication, follows_draft: bool) -> ChangeKind:
        earlier = self.connection.execute(
            "SELECT 1 FROM documents WHERE id = ? AND document_id <> ?",
            (publication.document, publication.page_id),
        ).fetchone()
        if earlier:
            return ChangeKind.REPUBLISHED
        if follows_draft:
            return ChangeKind.DRAFT_REOPENED if publication.first.is_draft else ChangeKind.FINALISED
        return new_document_kind(publication.first)


def _is_old(publication: Publication) -> bool:
    """Whether the list dates the document well before the look at which it did not name it yet."""
    try:
        printed = date.fromisoformat(publication.printed)
    except ValueError:
        return False
    return beijing_day(datetime.fromisoformat(publication.listed_after)) - printed > SLID_IN


def _confirmation(publication: Publication) -> Confirmation:
    if _is_old(publication):
        return Confirmation.HELD
    return Confirmation.CONFIRMED if publication.confirmed_at else Confirmation.PROVISIONAL


def _reason(publication: Publication, kind: ChangeKind) -> str:
    if not _is_old(publication):
        return _WORDS[kind]
    return f"栏目标注日期为 {publication.printed}，早于上次查看逾 {SLID_IN.days} 天，疑为旧文件移入栏目，待人工核对"


def _publication(row: sqlite3.Row) -> Publication:
    return Publication(
        page=row["id"],
        page_id=row["page_id"],
        source=row["source"],
        level=SourceLevel(row["level"]),
        authority=row["authority"],
        document=row["document"],
        listed_after=row["previous_look"],
        printed=row["printed"],
        baseline_at=row["baseline_at"],
        confirmed_at=row["baseline_confirmed_at"],
        version=row["version"],
        first_capture=row["first_capture"],
        first=document_from_json(row["first"]),
        origin=Origin(row["origin"]),
        rules=row["rules"],
    )
