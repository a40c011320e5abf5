# ruff: noqa: S608 -- statements are put together from constants of this file; what a reader sends is only ever bound
"""Rules and their text versions."""

from __future__ import annotations

import json
from datetime import date

from datasette_config.choosing.filters import Filter
from datasette_config.choosing.selecting import where_documents
from datasette_config.knowledge.changes import with_standing
from datasette_config.knowledge.listing import Listed, Place, gathered
from datasette_config.knowledge.rows import Connection, Row, first, rows

DOCUMENT_COLUMNS = """
    d.document_id, d.title, d.url, d.issuers, d.doc_number, d.made, d.published, d.effective, d.comments_until,
    d.transition_until, d.is_draft, d.draft, d.first_seen, d.pages, v.version_id, v.first_seen AS text_seen, v.expires,
    s.source_id, s.title AS source_title, s.level, s.publish, s.province,
    (SELECT c.kind FROM changes c WHERE c.document = d.id AND c.confirmation <> 'retracted'
     ORDER BY c.observed_to DESC, c.id DESC LIMIT 1) = 'gone' AS withdrawn
"""
DOCUMENT_TABLES = """
    FROM documents d
    JOIN sources s ON s.id = d.source
    LEFT JOIN versions v ON v.id = d.current_version
"""
DAY = "coalesce(d.published, d.made, d.first_seen)"
NEWEST_FIRST = f"ORDER BY {DAY} DESC, d.document_id DESC"
DOCUMENT = f"SELECT {DOCUMENT_COLUMNS} {DOCUMENT_TABLES}"


def document(connection: Connection, document_id: str) -> Row | None:
    return first(connection, f"{DOCUMENT} WHERE d.document_id = ?", (document_id,))


def documents_listed(
    connection: Connection, chosen: Filter, day: date, limit: int, before: Place | None = None
) -> Listed:
    """The documents that fulfil a filter on a day, the newest first, from the one behind ``before``, with ``standing``."""
    sql, values = where_documents(chosen, day)
    # words that few titles hold are found sooner in one pass over the table than by its index of days
    order = NEWEST_FIRST.replace("ORDER BY ", "ORDER BY +", 1) if chosen.words else NEWEST_FIRST

    def batch(behind: Place | None) -> list[Row]:
        place = f" AND ({DAY}, d.document_id) < (?, ?)" if behind else ""
        ids = f"SELECT d.id FROM documents d WHERE {sql}{place} {order} LIMIT ?"
        found = rows(
            connection,
            f"{DOCUMENT} WHERE d.id IN ({ids}) {NEWEST_FIRST}",
            (*values, *(behind or ()), limit + 1),
        )
        return with_standing(connection, found, day)

    return gathered(
        batch,
        lambda row: (row["published"] or row["made"] or row["first_seen"], row["document_id"]),
        chosen,
        limit,
        before,
    )


def documents_counted(connection: Connection, chosen: Filter, day: date) -> int:
    """How many documents fulfil a filter that asks for no status."""
    sql, values = where_documents(chosen, day)
    return int(connection.execute(f"SELECT count(*) FROM documents d WHERE {sql}", values).fetchone()[0])


def document_count(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])


def documents_by_id(connection: Connection, identifiers: list[str]) -> dict[str, Row]:
    found = rows(
        connection,
        f"{DOCUMENT} WHERE d.document_id IN (SELECT value FROM json_each(?))",
        (json.dumps(identifiers),),
    )
    return {row["document_id"]: row for row in found}


def versions(connection: Connection, document_id: str) -> list[Row]:
    """Text versions of all pages of a document, newest first, each with the one before it on the same page."""
    return rows(
        connection,
        "SELECT v.version_id, v.kind, v.first_seen, v.capture, v.title, p.page_id, p.url, p.role, p.last_seen, "
        "p.title AS page_title, "
        "p.current_version = v.id AS is_current, s.title AS source_title, s.publish, "
        "lag(v.version_id) OVER (PARTITION BY v.page ORDER BY v.first_seen, v.id) AS previous, "
        "lead(v.first_seen) OVER (PARTITION BY v.page ORDER BY v.first_seen, v.id) AS next_seen "
        "FROM versions v JOIN pages p ON p.id = v.page JOIN documents d ON d.id = p.document "
        "JOIN sources s ON s.id = p.source WHERE d.document_id = ? ORDER BY v.first_seen DESC, v.id DESC",
        (document_id,),
    )


def version_belongs(connection: Connection, version_id: str) -> Row | None:
    """When a text version was first seen, its capture, the document it belongs to, and how its source may be published."""
    return first(
        connection,
        "SELECT v.version_id, v.title, v.first_seen, v.capture, d.document_id, s.publish "
        "FROM versions v JOIN pages p ON p.id = v.page JOIN sources s ON s.id = p.source "
        "LEFT JOIN documents d ON d.id = p.document WHERE v.version_id = ?",
        (version_id,),
    )


def row_anchors(connection: Connection, versions: list[str]) -> set[str]:
    """The anchors of the table rows of these text versions."""
    sql = (
        "SELECT q.anchor FROM versions v JOIN passages q ON q.version = v.id WHERE q.kind = 'row' "
        "AND v.version_id IN (SELECT value FROM json_each(?))"
    )
    return {row["anchor"] for row in rows(connection, sql, (json.dumps(versions),))}


def any_in_excerpts(connection: Connection, urls: list[str]) -> bool:
    """Whether one of these addresses is of a source that a public site shows in excerpts."""
    sql = (
        "SELECT 1 FROM pages p JOIN sources s ON s.id = p.source WHERE s.publish <> 'full' "
        "AND p.url IN (SELECT value FROM json_each(?)) LIMIT 1"
    )
    return first(connection, sql, (json.dumps(urls),)) is not None
