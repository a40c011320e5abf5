"""Writes what the timeline says of one page into kb.db. Runs inside the transaction of its caller."""

from __future__ import annotations

from datetime import datetime

from kb.archive import RecordRef, Seen
from kb.changing.passages import split_passages
from kb.changing.status import expiry
from kb.codes import IncidentState, PageRole, VersionKind
from kb.model import Capture, Document, instant
from kb.search import segment
from kb.sqlite import sqlite3
from kb.store import beginnings, past
from kb.store.looking import Look
from kb.store.rows import document_values, insert, rules_of
from kb.store.serial import digest, document_to_json, dumps
from kb.store.sightings import (
    AbsenceReached,
    BaselineConfirmed,
    IncidentChanged,
    IncidentClosed,
    VersionAdvanced,
    VersionStarted,
)
from kb.store.tail import Entry


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
        past.forget(self.connection, version)
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
            past.keep(self.connection, old, version)
        self.connection.execute("UPDATE pages SET current_version = ? WHERE id = ?", (version, self.page))
        past.forget(self.connection, version)
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
        beginnings.write(self.connection, version)

    def _unindex(self, version: int) -> None:
        beginnings.take_out(self.connection, version)
        self.connection.execute(
            "DELETE FROM passages_fts WHERE rowid IN (SELECT id FROM passages WHERE version = ?)", (version,)
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
            "UPDATE incidents SET state = ?, closed_at = ?, reasons = ? WHERE incident_id = ?",
            (IncidentState.CLOSED, instant(event.at), dumps(event.reasons), event.incident),
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


def _texts(document: Document) -> dict[str, str | None]:
    text, last = document.text, expiry(document)
    return {
        "text": text,
        "text_digest": digest(text),
        "document": document_to_json(document),
        "expires": str(last) if last else None,
    }
