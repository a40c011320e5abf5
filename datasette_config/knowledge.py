# ruff: noqa: S608 -- statements are put together from constants of this file; what a reader sends is only ever bound
"""What the pages ask of kb.db beyond ``kb.store.queries``: rows as dictionaries, one function a question.

Each function takes a connection; instants come and go as they are stored (ISO 8601 in UTC).
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from datasette_config.present import surest
from kb.store.queries import reached_by, status_on, tags_of

Connection = Any
Row = dict[str, Any]

STRUCTURES = ("issuers", "flags", "licences", "reasons", "spans", "deltas", "aliases", "counts")

CHANGE = """
    SELECT c.change_id, c.kind, c.significance, c.confirmation, c.headline, c.reason, c.flags, c.effective, c.origin,
           c.observed_from, c.observed_to, c.confirmed_at, c.title, c.reverts,
           d.document_id, d.title AS document_title, d.issuers, d.doc_number, d.published, d.effective AS in_force_from,
           d.comments_until, d.is_draft, p.url, p.role, s.source_id, s.title AS source_title, s.level, s.publish,
           b.version_id AS before_id, b.capture AS before_capture, a.version_id AS after_id, a.capture AS after_capture
    FROM changes c
    JOIN pages p ON p.id = c.page
    JOIN sources s ON s.id = c.source
    LEFT JOIN documents d ON d.id = c.document
    LEFT JOIN versions b ON b.id = c.before_version
    LEFT JOIN versions a ON a.id = c.after_version
"""
TOLD = "c.significance <> 'noise' AND c.kind NOT IN ('technical', 'baseline')"

DOCUMENT_COLUMNS = """
    d.document_id, d.title, d.url, d.issuers, d.doc_number, d.made, d.published, d.effective, d.comments_until,
    d.transition_until, d.is_draft, d.draft, d.first_seen, d.pages, v.version_id, v.first_seen AS text_seen,
    s.source_id, s.title AS source_title, s.level, s.publish,
    (SELECT c.kind FROM changes c WHERE c.document = d.id AND c.confirmation <> 'retracted'
     ORDER BY c.observed_to DESC, c.id DESC LIMIT 1) = 'gone' AS withdrawn
"""
DOCUMENT_TABLES = """
    FROM documents d
    JOIN sources s ON s.id = d.source
    LEFT JOIN versions v ON v.id = d.current_version
"""
DOCUMENT = f"SELECT {DOCUMENT_COLUMNS} {DOCUMENT_TABLES}"


def rows(connection: Connection, sql: str, parameters: tuple[Any, ...] = ()) -> list[Row]:
    """The rows of a question, JSON columns decoded."""
    found = []
    for record in connection.execute(sql, parameters):
        row = dict(zip(record.keys(), tuple(record), strict=True))
        for name in STRUCTURES:
            if isinstance(row.get(name), str):
                row[name] = json.loads(row[name])
        found.append(row)
    return found


def first(connection: Connection, sql: str, parameters: tuple[Any, ...] = ()) -> Row | None:
    found = rows(connection, sql, parameters)
    return found[0] if found else None


def newest_look(connection: Connection) -> str | None:
    """The newest time anything was looked at or imported (an import makes no run)."""
    found = first(
        connection,
        "SELECT max(seen) AS newest FROM (SELECT max(coalesce(finished_at, started_at)) AS seen FROM runs "
        "UNION ALL SELECT max(last_seen) FROM pages)",
    )
    return found["newest"] if found else None


def anything_kept(connection: Connection) -> bool:
    return (
        connection.execute("SELECT 1 FROM pages WHERE last_good_at IS NOT NULL LIMIT 1").fetchone()
        is not None
    )


def changes_since(connection: Connection, since: str, limit: int = 200) -> list[Row]:
    sql = f"{CHANGE} WHERE c.observed_to >= ? AND {TOLD} ORDER BY c.observed_to DESC, c.id DESC LIMIT ?"
    return with_tags(connection, rows(connection, sql, (since, limit)))


def settled_live_changes(connection: Connection, limit: int) -> list[Row]:
    """Changes that alerts may tell of: observed live, and confirmed or later corrected."""
    sql = (
        f"{CHANGE} WHERE {TOLD} AND c.origin = 'live' AND c.confirmation IN ('confirmed', 'corrected') "
        "ORDER BY c.observed_to DESC, c.id DESC LIMIT ?"
    )
    return with_tags(connection, rows(connection, sql, (limit,)))


def licences_of_sources(connection: Connection) -> dict[str, list[str]]:
    """Source id -> licence types that its declaration names."""
    return {
        row["source_id"]: row["licences"]
        for row in rows(connection, "SELECT source_id, licences FROM sources")
    }


def changes_of_document(connection: Connection, document_id: str) -> list[Row]:
    sql = f"{CHANGE} WHERE d.document_id = ? AND {TOLD} ORDER BY c.observed_to DESC, c.id DESC"
    return with_tags(connection, rows(connection, sql, (document_id,)))


def change(connection: Connection, change_id: str) -> Row | None:
    return first(connection, f"{CHANGE} WHERE c.change_id = ?", (change_id,))


def changes_of_licence(connection: Connection, licence: str, limit: int = 100) -> list[Row]:
    """Changes tagged with a licence type, one below it or the one above."""
    sql = (
        f"{CHANGE} WHERE {TOLD} AND c.change_id IN (SELECT target_id FROM licence_tags WHERE target_kind = 'change' "
        "AND licence IN (SELECT value FROM json_each(?))) ORDER BY c.observed_to DESC, c.id DESC LIMIT ?"
    )
    return with_tags(connection, rows(connection, sql, (_family(licence), limit)))


def with_tags(connection: Connection, found: list[Row]) -> list[Row]:
    """Changes with ``tags``: one a licence type, the surest first."""
    for row in found:
        row["tags"] = surest(tags_of(connection, "change", row["change_id"]))
    return found


def with_standing(connection: Connection, found: list[Row], day: date) -> list[Row]:
    """Rows with ``standing``: how the document of each stands on the day; empty where there is none."""
    stands = {
        identifier: status_on(connection, identifier, day)
        for identifier in {row["document_id"] for row in found} - {None}
    }
    for row in found:
        row["standing"] = stands.get(row["document_id"], "")
    return found


def any_in_excerpts(connection: Connection, urls: list[str]) -> bool:
    """Whether one of these addresses is of a source that a public site shows in excerpts."""
    sql = (
        "SELECT 1 FROM pages p JOIN sources s ON s.id = p.source WHERE s.publish <> 'full' "
        "AND p.url IN (SELECT value FROM json_each(?)) LIMIT 1"
    )
    return first(connection, sql, (json.dumps(urls),)) is not None


def capture(connection: Connection, capture_id: str | None) -> Row | None:
    return first(
        connection,
        "SELECT capture_id, fetched_at, body_digest, origin FROM captures WHERE capture_id = ?",
        (capture_id,),
    )


def watched_picture(connection: Connection, capture_id: str) -> Row | None:
    """A good live or imported capture of a watched image: where its record lies and how its source may be published."""
    return first(
        connection,
        "SELECT c.capture_id, c.body_digest, c.record_file, c.record_offset, c.record_length, c.record_digest, p.url, "
        "s.source_id, s.publish FROM captures c JOIN pages p ON p.id = c.page JOIN sources s ON s.id = p.source "
        "WHERE c.capture_id = ? AND p.role = 'image' AND c.health = 'ok' AND c.origin <> 'replay'",
        (capture_id,),
    )


def capture_of_picture(connection: Connection, url: str) -> str | None:
    """The capture that shows what a watched image, known by its address, is now."""
    found = first(
        connection,
        "SELECT v.capture FROM pages p JOIN versions v ON v.id = p.current_version WHERE p.role = 'image' AND p.url = ? "
        "ORDER BY p.id LIMIT 1",
        (url,),
    )
    return found["capture"] if found else None


def document(connection: Connection, document_id: str) -> Row | None:
    return first(connection, f"{DOCUMENT} WHERE d.document_id = ?", (document_id,))


def documents(connection: Connection, limit: int, offset: int) -> list[Row]:
    return rows(
        connection,
        f"{DOCUMENT} ORDER BY coalesce(d.published, d.made, d.first_seen) DESC, d.id DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )


def documents_of_licence(connection: Connection, licence: str, limit: int = 200) -> list[Row]:
    return rows(
        connection,
        f"{DOCUMENT} WHERE d.document_id IN (SELECT target_id FROM licence_tags WHERE target_kind = 'document' AND "
        "licence IN (SELECT value FROM json_each(?))) "
        "ORDER BY coalesce(d.published, d.made, d.first_seen) DESC, d.id DESC LIMIT ?",
        (_family(licence), limit),
    )


def document_count(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])


def versions(connection: Connection, document_id: str) -> list[Row]:
    """Text versions of all pages of a document, newest first, each with the one before it on the same page."""
    return rows(
        connection,
        "SELECT v.version_id, v.kind, v.first_seen, v.capture, v.title, p.page_id, p.url, p.role, p.last_seen, "
        "p.current_version = v.id AS is_current, s.title AS source_title, "
        "lag(v.version_id) OVER (PARTITION BY v.page ORDER BY v.first_seen, v.id) AS previous, "
        "lead(v.first_seen) OVER (PARTITION BY v.page ORDER BY v.first_seen, v.id) AS next_seen "
        "FROM versions v JOIN pages p ON p.id = v.page JOIN documents d ON d.id = p.document "
        "JOIN sources s ON s.id = p.source WHERE d.document_id = ? ORDER BY v.first_seen DESC, v.id DESC",
        (document_id,),
    )


def dates_after(connection: Connection, day: str, limit: int = 12) -> list[Row]:
    """Dates to come of known documents, the nearest first: the end of comments, coming into force, of a transition."""
    return rows(
        connection,
        "SELECT * FROM ("
        " SELECT comments_until AS day, '意见反馈截止' AS what, document_id, title FROM documents"
        " UNION ALL SELECT effective, '施行', document_id, title FROM documents"
        " UNION ALL SELECT transition_until, '过渡期至', document_id, title FROM documents"
        ") WHERE day >= ? ORDER BY day, document_id LIMIT ?",
        (day, limit),
    )


def documents_by_id(connection: Connection, identifiers: list[str]) -> dict[str, Row]:
    found = rows(
        connection,
        f"{DOCUMENT} WHERE d.document_id IN (SELECT value FROM json_each(?))",
        (json.dumps(identifiers),),
    )
    return {row["document_id"]: row for row in found}


def version_belongs(connection: Connection, version_id: str) -> Row | None:
    """When a text version was first seen, its capture, the document it belongs to, and how its source may be published."""
    return first(
        connection,
        "SELECT v.version_id, v.title, v.first_seen, v.capture, d.document_id, s.publish "
        "FROM versions v JOIN pages p ON p.id = v.page JOIN sources s ON s.id = p.source "
        "LEFT JOIN documents d ON d.id = p.document WHERE v.version_id = ?",
        (version_id,),
    )


def _family(licence: str) -> str:
    return json.dumps(sorted(reached_by(licence)))
