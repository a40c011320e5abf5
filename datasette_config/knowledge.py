# ruff: noqa: S608 -- statements are put together from constants of this file; what a reader sends is only ever bound
"""What the pages read from kb.db: rows as dictionaries, one function a question.

Each function takes a connection; instants come and go as they are stored (ISO 8601 in UTC).
"""

from __future__ import annotations

import json
from typing import Any

Connection = Any
Row = dict[str, Any]

STRUCTURES = ("issuers", "flags", "licences", "reasons", "spans", "deltas", "aliases", "counts")

CHANGE = """
    SELECT c.change_id, c.kind, c.significance, c.confirmation, c.headline, c.reason, c.flags, c.effective, c.origin,
           c.observed_from, c.observed_to, c.confirmed_at, c.title, c.reverts,
           d.document_id, d.title AS document_title, d.issuers, d.doc_number, d.published, d.effective AS in_force_from,
           d.comments_until, d.is_draft, p.url, s.source_id, s.title AS source_title, s.level, s.publish,
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
    d.transition_until, d.is_draft, d.first_seen, d.pages, v.version_id, v.first_seen AS text_seen,
    s.source_id, s.title AS source_title, s.level, s.publish
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


def licence_names(connection: Connection) -> dict[str, str]:
    return {row["licence_id"]: row["zh"] for row in rows(connection, "SELECT licence_id, zh FROM licences")}


def newest_run(connection: Connection) -> str | None:
    """The newest time a run log speaks of."""
    found = first(connection, "SELECT max(coalesce(finished_at, started_at)) AS newest FROM runs")
    return found["newest"] if found else None


def changes_since(connection: Connection, since: str, limit: int = 200) -> list[Row]:
    sql = f"{CHANGE} WHERE c.observed_to >= ? AND {TOLD} ORDER BY c.observed_to DESC, c.id DESC LIMIT ?"
    return with_tags(connection, rows(connection, sql, (since, limit)))


def changes_of_document(connection: Connection, document_id: str) -> list[Row]:
    sql = f"{CHANGE} WHERE d.document_id = ? AND {TOLD} ORDER BY c.observed_to DESC, c.id DESC"
    return with_tags(connection, rows(connection, sql, (document_id,)))


def changes_of_licence(connection: Connection, licence: str, limit: int = 100) -> list[Row]:
    sql = (
        f"{CHANGE} WHERE {TOLD} AND c.change_id IN (SELECT target_id FROM licence_tags WHERE target_kind = 'change' "
        "AND licence = ?) ORDER BY c.observed_to DESC, c.id DESC LIMIT ?"
    )
    return with_tags(connection, rows(connection, sql, (licence, limit)))


def change(connection: Connection, change_id: str) -> Row | None:
    found = rows(connection, f"{CHANGE} WHERE c.change_id = ?", (change_id,))
    return with_tags(connection, found)[0] if found else None


def redirected(connection: Connection, identifier: str, kind: str) -> str | None:
    """Where an id that a later derivation swallowed leads, followed to its end; a ring leads nowhere."""
    seen: set[str] = set()
    while identifier not in seen:
        seen.add(identifier)
        found = first(
            connection, "SELECT to_id FROM redirects WHERE from_id = ? AND kind = ?", (identifier, kind)
        )
        if found is None:
            return identifier if len(seen) > 1 else None
        identifier = found["to_id"]
    return None


def with_tags(connection: Connection, found: list[Row]) -> list[Row]:
    """Changes with ``tags``: one a licence, the surest first."""
    ids = json.dumps([row["change_id"] for row in found])
    tags = rows(
        connection,
        "SELECT target_id, licence, evidence, reason, confidence FROM licence_tags WHERE target_kind = 'change' AND "
        "target_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY CASE confidence WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, id",
        (ids,),
    )
    for row in found:
        own = [tag for tag in tags if tag["target_id"] == row["change_id"]]
        row["tags"] = list({tag["licence"]: tag for tag in reversed(own)}.values())[::-1]
    return found


def change_passages(connection: Connection, change_id: str) -> list[Row]:
    return rows(
        connection,
        "SELECT cp.seq, cp.op, cp.significance, cp.anchor_before, cp.anchor, cp.before, cp.after, cp.spans, cp.deltas "
        "FROM change_passages cp JOIN changes c ON c.id = cp.change WHERE c.change_id = ? AND cp.op <> 'same' "
        "ORDER BY cp.seq",
        (change_id,),
    )


def capture(connection: Connection, capture_id: str | None) -> Row | None:
    return first(
        connection,
        "SELECT capture_id, fetched_at, body_digest, origin FROM captures WHERE capture_id = ?",
        (capture_id,),
    )


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
        "licence = ?) ORDER BY coalesce(d.published, d.made, d.first_seen) DESC, d.id DESC LIMIT ?",
        (licence, limit),
    )


def document_count(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])


def licences_of_document(connection: Connection, document_id: str) -> list[Row]:
    return rows(
        connection,
        "SELECT DISTINCT t.licence AS id, coalesce(l.zh, t.licence) AS name FROM licence_tags t "
        "LEFT JOIN licences l ON l.licence_id = t.licence WHERE t.target_kind = 'document' AND t.target_id = ? "
        "ORDER BY t.licence",
        (document_id,),
    )


def passages(connection: Connection, version_id: str | None) -> list[Row]:
    return rows(
        connection,
        "SELECT p.seq, p.anchor, p.kind, p.ordinal, p.text FROM passages p JOIN versions v ON v.id = p.version "
        "WHERE v.version_id = ? ORDER BY p.seq",
        (version_id,),
    )


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


def version(connection: Connection, version_id: str) -> Row | None:
    """A text version with its stored document (JSON text) and the public id of the document it belongs to."""
    return first(
        connection,
        "SELECT v.version_id, v.kind, v.first_seen, v.capture, v.title, v.document, d.document_id "
        "FROM versions v JOIN pages p ON p.id = v.page LEFT JOIN documents d ON d.id = p.document "
        "WHERE v.version_id = ?",
        (version_id,),
    )


def licence(connection: Connection, licence_id: str) -> Row | None:
    return first(connection, "SELECT * FROM licences WHERE licence_id = ?", (licence_id,))


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


def incidents(connection: Connection, limit: int = 300) -> list[Row]:
    return rows(
        connection,
        "SELECT i.incident_id, i.health, i.state, i.opened_at, i.last_seen, i.closed_at, i.occurrences, i.reasons, "
        "s.source_id, s.title, p.url FROM incidents i JOIN sources s ON s.id = i.source "
        "LEFT JOIN pages p ON p.id = i.page ORDER BY i.state = 'closed', i.last_seen DESC, i.id DESC LIMIT ?",
        (limit,),
    )


RANKED = """
    WITH hit AS MATERIALIZED (  -- bm25() works beside MATCH only, not in a grouped query
        SELECT p.id AS passage, v.id AS version, bm25(passages_fts, 10.0, 5.0, 1.0) AS score
        FROM passages_fts JOIN passages p ON p.id = passages_fts.rowid JOIN versions v ON v.id = p.version
        WHERE passages_fts MATCH ?
    ), best AS (SELECT version, passage, min(score) AS score FROM hit GROUP BY version)
"""


def matching(connection: Connection, expression: str) -> int:
    """How many documents hold, in the text that stands, what an FTS5 expression asks for."""
    sql = f"{RANKED} SELECT count(*) FROM documents d JOIN best ON best.version = d.current_version"
    return int(connection.execute(sql, (expression,)).fetchone()[0])


def best_matches(connection: Connection, expression: str, query: str, limit: int, offset: int) -> list[Row]:
    """Documents with their best passage: a title that is or holds the query first, then by BM25, then the newer."""
    sql = (
        f"{RANKED} SELECT {DOCUMENT_COLUMNS}, bp.anchor, bp.text {DOCUMENT_TABLES} "
        "JOIN best ON best.version = d.current_version JOIN passages bp ON bp.id = best.passage "
        "ORDER BY d.title = ? DESC, instr(d.title, ?) > 0 DESC, best.score, d.published DESC, d.id LIMIT ? OFFSET ?"
    )
    return rows(connection, sql, (expression, query, query, limit, offset))
