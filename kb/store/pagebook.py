"""Writes what the timeline says of one page into kb.db. Runs inside the transaction of its caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kb.archive import RecordRef, RunStarted, Seen, rules_key
from kb.changing import headline, split_passages
from kb.model import (
    Capture,
    ChangeKind,
    Comparison,
    Confirmation,
    Document,
    Flag,
    IncidentState,
    LicenceTag,
    Op,
    Origin,
    PageRole,
    VersionKind,
    instant,
)
from kb.search import segment
from kb.store.driver import sqlite3
from kb.store.judging import UNREAD
from kb.store.looking import Look
from kb.store.serial import deltas_to_json, digest, document_to_json, dumps, spans_to_json
from kb.store.sightings import (
    AbsenceReached,
    BaselineConfirmed,
    ChangeConfirmed,
    ChangeHeld,
    ChangeObserved,
    ChangeSwallowed,
    IncidentChanged,
    IncidentClosed,
    VersionAdvanced,
    VersionStarted,
)
from kb.store.tail import Entry
from kb.tagging import tag_change

REPLACED = {
    PageRole.ATTACHMENT: ChangeKind.ATTACHMENT_REPLACED,
    PageRole.IMAGE: ChangeKind.IMAGE_REPLACED,
}

DOCUMENT_COLUMNS = (
    "title", "issuers", "doc_number", "made", "published", "effective", "comments_until", "transition_until",
    "is_draft",
)  # fmt: skip


def rules_of(run: RunStarted) -> str:
    """Under which declaration and code a run compared what it saw. An import compares nothing."""
    return "" if run.origin is Origin.IMPORT else rules_key(run.declaration_digest, run.code_digest)


def insert(connection: sqlite3.Connection, table: str, values: dict[str, Any]) -> int:
    """Insert one row and give its rowid. ``table`` and the keys are ours, never data."""
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    cursor = connection.execute(
        f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
        tuple(values.values()),
    )
    return int(cursor.lastrowid or 0)


def document_values(document: Document) -> dict[str, Any]:
    """The columns that ``versions`` and ``documents`` share."""

    def iso(day: object) -> str | None:
        return str(day) if day else None

    return {
        "title": document.title,
        "issuers": dumps(document.issuers),
        "doc_number": document.doc_number,
        "made": iso(document.made),
        "published": iso(document.published),
        "effective": iso(document.effective),
        "comments_until": iso(document.comments_until),
        "transition_until": iso(document.transition_until),
        "is_draft": int(document.is_draft),
    }


class PageBook:
    """The rows of one page. ``page`` and ``source`` are rowids."""

    def __init__(self, connection: sqlite3.Connection, *, page: int, source: int, role: PageRole) -> None:
        self.connection, self.page, self.source, self.role = connection, page, source, role

    # ------------------------------------------------------------------ captures

    def capture(self, capture: Capture, seen: Seen, ref: RecordRef, entry: Entry, look: Look) -> None:
        content_type = next((v for k, v in capture.headers if k.lower() == "content-type"), "")
        insert(
            self.connection,
            "captures",
            {
                "capture_id": seen.capture,
                "page": self.page,
                "fetched_at": instant(capture.fetched_at),
                "status": capture.status,
                "content_type": content_type,
                "encoding": look.encoding,
                "body_digest": capture.body_digest,
                "health": look.health,
                "reasons": dumps(look.reasons),
                "document_digest": look.digest,
                "origin": capture.origin,
                "rules": rules_of(entry.run),
                "record_file": ref.file,
                "record_offset": ref.offset,
                "record_length": ref.length,
                "record_digest": ref.digest,
            },
        )

    # ------------------------------------------------------------------ versions

    def start_version(self, event: VersionStarted, document: Document) -> None:
        version = insert(
            self.connection,
            "versions",
            {
                "version_id": event.version,
                "page": self.page,
                "kind": event.kind,
                "first_capture": event.good.key,
                "capture": event.good.capture,
                "first_seen": instant(event.good.at),
                **document_values(document),
                **_texts(document),
            },
        )
        self._passages(version, document)
        if event.kind is VersionKind.FIRST:
            self.connection.execute(
                "UPDATE pages SET baseline_at = ? WHERE id = ?", (instant(event.good.at), self.page)
            )

    def confirm_baseline(self, event: BaselineConfirmed) -> None:
        self.connection.execute(
            "UPDATE pages SET baseline_confirmed_at = ? WHERE id = ?", (instant(event.at), self.page)
        )

    def advance_version(self, event: VersionAdvanced, document: Document) -> None:
        version = self._version(event.version)
        self._unindex(version)
        self.connection.execute("DELETE FROM passages WHERE version = ?", (version,))
        self.connection.execute("UPDATE pages SET noise_count = noise_count + 1 WHERE id = ?", (self.page,))
        values = {"capture": event.good.capture, **document_values(document), **_texts(document)}
        assignments = ", ".join(f"{name} = ?" for name in values)
        self.connection.execute(
            f"UPDATE versions SET {assignments} WHERE id = ?",  # noqa: S608
            (*values.values(), version),
        )
        self._passages(version, document)
        current = self.connection.execute("SELECT current_version FROM pages WHERE id = ?", (self.page,))
        if current.fetchone()[0] == version:
            self._index(version)

    def set_current(self, version_id: str) -> None:
        """The one version of the page that search finds."""
        version = self._version(version_id)
        before = self.connection.execute("SELECT current_version FROM pages WHERE id = ?", (self.page,))
        if (old := before.fetchone()[0]) is not None:
            self._unindex(old)
        self.connection.execute("UPDATE pages SET current_version = ? WHERE id = ?", (version, self.page))
        self._index(version)

    def _version(self, version_id: str) -> int:
        row = self.connection.execute(
            "SELECT id FROM versions WHERE version_id = ?", (version_id,)
        ).fetchone()
        return int(row[0])

    def _passages(self, version: int, document: Document) -> None:
        self.connection.executemany(
            "INSERT INTO passages (version, seq, anchor, kind, ordinal, text) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (version, seq, passage.anchor, passage.kind, passage.ordinal, passage.text)
                for seq, passage in enumerate(split_passages(document))
            ),
        )

    def _index(self, version: int) -> None:
        row = self.connection.execute(
            "SELECT title, doc_number FROM versions WHERE id = ?", (version,)
        ).fetchone()
        title, number = segment(row[0]), segment(row[1])
        passages = self.connection.execute(
            "SELECT id, seq, anchor, ordinal, text FROM passages WHERE version = ?", (version,)
        ).fetchall()
        self.connection.executemany(
            "INSERT INTO passages_fts (rowid, title, anchor, body) VALUES (?, ?, ?, ?)",
            (
                (rowid, title, segment(anchor) + (f" {number}" if seq == 0 else ""), segment(text))
                for rowid, seq, anchor, _, text in passages
            ),
        )

    def _unindex(self, version: int) -> None:
        self.connection.execute(
            "DELETE FROM passages_fts WHERE rowid IN (SELECT id FROM passages WHERE version = ?)", (version,)
        )

    # ------------------------------------------------------------------ changes

    def observe_change(self, event: ChangeObserved, after: Document, entry: Entry) -> None:
        comparison = event.comparison
        title = after.title or (entry.event.title if isinstance(entry.event, Seen) else "")
        write_change(
            self.connection,
            {
                "change_id": event.change,
                "page": self.page,
                "source": self.source,
                "basis": "comparison",
                "title": title,
                "kind": self._kind(event),
                "confirmation": Confirmation.PROVISIONAL,
                "headline": _headline(comparison, after, title),
                "flags": dumps(_flags(comparison)),
                "before_version": self._version(event.before),
                "after_version": self._version(event.after),
                "reverts": event.reverts or None,
                "observed_from": instant(event.observed_from) if event.observed_from else None,
                "observed_to": instant(event.good.at),
                "origin": event.good.origin,
                "rules": rules_of(entry.run),
            },
            comparison,
            tag_change(title, comparison, after),
        )

    def _kind(self, event: ChangeObserved) -> ChangeKind:
        if event.reverts:
            return ChangeKind.REVERTED
        return REPLACED.get(self.role, event.comparison.kind)

    def confirm_change(self, event: ChangeConfirmed) -> None:
        self.connection.execute(
            "UPDATE changes SET confirmation = ?, confirmed_at = ? WHERE change_id = ?",
            (Confirmation.CONFIRMED, instant(event.at), event.change),
        )
        if event.corrects:
            self.connection.execute(
                "UPDATE changes SET confirmation = ? WHERE change_id = ?",
                (Confirmation.CORRECTED, event.corrects),
            )

    def hold_change(self, event: ChangeHeld) -> None:
        self.connection.execute(
            "UPDATE changes SET confirmation = ? WHERE change_id = ?", (Confirmation.HELD, event.change)
        )
        self.connection.execute("UPDATE pages SET flip_count = flip_count + 1 WHERE id = ?", (self.page,))

    def swallow_change(self, event: ChangeSwallowed) -> None:
        delete_changes(self.connection, (event.change,))
        self.connection.execute("UPDATE redirects SET to_id = ? WHERE to_id = ?", (event.by, event.change))
        insert(
            self.connection,
            "redirects",
            {"from_id": event.change, "to_id": event.by, "kind": "change", "page": self.page},
        )

    # ------------------------------------------------------------------ incidents and absences

    def incident(self, event: IncidentChanged) -> None:
        trouble = event.trouble
        self.connection.execute(
            "INSERT INTO incidents (incident_id, source, page, health, state, opened_at, last_seen, occurrences,"
            " reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (incident_id) DO UPDATE SET"
            " health = excluded.health, last_seen = excluded.last_seen, occurrences = excluded.occurrences,"
            " reasons = excluded.reasons",
            (
                trouble.incident,
                self.source,
                self.page,
                trouble.health,
                IncidentState.OPEN,
                instant(trouble.opened_at),
                instant(event.at),
                trouble.occurrences,
                dumps(trouble.reasons),
            ),
        )

    def close_incident(self, event: IncidentClosed) -> None:
        self.connection.execute(
            "UPDATE incidents SET state = ?, closed_at = ? WHERE incident_id = ?",
            (IncidentState.CLOSED, instant(event.at), event.incident),
        )

    def absence(self, event: AbsenceReached, last_good: datetime | None, entry: Entry) -> None:
        insert(
            self.connection,
            "absences",
            {
                "page": self.page,
                "started_at": instant(event.started_at),
                "reached_at": instant(event.bad.at),
                "last_good_at": instant(last_good) if last_good else None,
                "key": event.bad.key,
                "origin": event.bad.origin,
                "rules": rules_of(entry.run),
            },
        )


def write_change(
    connection: sqlite3.Connection,
    values: dict[str, Any],
    comparison: Comparison,
    tags: Iterable[LicenceTag],
) -> None:
    """One change with the passages that differ and its tags."""
    change = insert(
        connection,
        "changes",
        {
            **values,
            "significance": comparison.significance,
            "reason": comparison.reason,
            "effective": str(comparison.effective) if comparison.effective else None,
        },
    )
    connection.executemany(
        "INSERT INTO change_passages (change, seq, op, significance, anchor_before, anchor, before, after, spans,"
        " deltas, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                change,
                seq,
                passage.op,
                passage.significance,
                passage.anchor_before,
                passage.anchor,
                passage.before,
                passage.after,
                spans_to_json(passage.spans),
                deltas_to_json(passage.deltas),
                passage.reason,
            )
            for seq, passage in enumerate(comparison.passages)
            if passage.op is not Op.SAME
        ),
    )
    write_tags(connection, "change", values["change_id"], tags)


def write_tags(
    connection: sqlite3.Connection, target_kind: str, target_id: str, tags: Iterable[LicenceTag]
) -> None:
    connection.execute(
        "DELETE FROM licence_tags WHERE target_kind = ? AND target_id = ?", (target_kind, target_id)
    )
    connection.executemany(
        "INSERT INTO licence_tags (target_kind, target_id, licence, rule, evidence, field, start, \"end\", reason,"
        " confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                target_kind, target_id, tag.licence, tag.rule, tag.evidence, tag.field, tag.start, tag.end,
                tag.reason, tag.confidence,
            )
            for tag in tags
        ),
    )  # fmt: skip


def delete_changes(connection: sqlite3.Connection, change_ids: Iterable[str]) -> None:
    for change in change_ids:
        connection.execute("DELETE FROM changes WHERE change_id = ?", (change,))
        write_tags(connection, "change", change, ())


def _headline(comparison: Comparison, after: Document, title: str) -> str:
    if comparison.reason in UNREAD.values():
        return f"{title}：{comparison.reason}".lstrip("：")
    return headline(comparison, after)


def _flags(comparison: Comparison) -> list[Flag]:
    flags = []
    if any(passage.reason in UNREAD.values() for passage in comparison.differing):
        flags.append(Flag.NEEDS_READING)
    if comparison.kind is ChangeKind.LIST_BATCH:
        flags.append(Flag.ROUTINE)
    return flags


def _texts(document: Document) -> dict[str, str]:
    text = document.text
    return {"text": text, "text_digest": digest(text), "document": document_to_json(document)}
