# ruff: noqa: S608 -- statements are put together from constants of this file; what a reader sends is only ever bound
"""Changes with what a list or a head says of them: document, source, captures of both sides."""

from __future__ import annotations

from datetime import date, timedelta

from datasette_config.choosing.filters import Filter
from datasette_config.choosing.selecting import TOLD, begins, where
from datasette_config.knowledge.listing import Listed, Place, gathered
from datasette_config.knowledge.rows import Connection, Row, first, rows
from datasette_config.saying.present import surest
from kb.store.queries import statuses_on, tags_of

CHANGE = """
    SELECT c.change_id, c.kind, c.significance, c.confirmation, c.headline, c.reason, c.flags, c.effective, c.origin,
           c.observed_from, c.observed_to, c.confirmed_at, c.title, c.reverts, c.held_for,
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
NEWEST_FIRST = "ORDER BY c.observed_to DESC, c.change_id DESC"


def changes_listed(
    connection: Connection, chosen: Filter, day: date, limit: int, before: Place | None = None
) -> Listed:
    """The changes that fulfil a filter on a day, newest first, from the one behind ``before``, with ``tags`` and
    ``standing``."""

    def batch(behind: Place | None) -> list[Row]:
        return with_standing(connection, _candidates(connection, chosen, day, limit + 1, behind), day)

    listed = gathered(batch, lambda row: (row["observed_to"], row["change_id"]), chosen, limit, before)
    with_tags(connection, listed.rows)
    return listed


def changes_counted(connection: Connection, chosen: Filter, day: date) -> int:
    """How many changes fulfil a filter that asks for no status."""
    sql, values = where(chosen, day)
    return int(connection.execute(f"SELECT count(*) FROM changes c WHERE {sql}", values).fetchone()[0])


def _candidates(
    connection: Connection, chosen: Filter, day: date, limit: int, before: Place | None
) -> list[Row]:
    """What the condition finds; the ids first, from an index, and then what is said of them."""
    sql, values = where(chosen, day)
    behind = " AND (c.observed_to, c.change_id) < (?, ?)" if before else ""
    ids = f"SELECT c.id FROM changes c WHERE {sql}{behind} {NEWEST_FIRST} LIMIT ?"
    return rows(
        connection, f"{CHANGE} WHERE c.id IN ({ids}) {NEWEST_FIRST}", (*values, *(before or ()), limit)
    )


def live_changes(connection: Connection, chosen: Filter, day: date, limit: int) -> list[Row]:
    """The newest changes under a filter that were observed live, as those are that alerts may tell of."""
    sql, values = where(chosen, day)
    ids = f"SELECT c.id FROM changes c WHERE {sql} AND c.origin = 'live' {NEWEST_FIRST} LIMIT ?"
    found = rows(connection, f"{CHANGE} WHERE c.id IN ({ids}) {NEWEST_FIRST}", (*values, limit))
    standing = with_standing(connection, found, day)
    return with_tags(
        connection, [row for row in standing if not chosen.status or row["standing"] in chosen.status]
    )


def changes_of_document(connection: Connection, document_id: str) -> list[Row]:
    sql = f"{CHANGE} WHERE d.document_id = ? AND {TOLD} ORDER BY c.observed_to DESC, c.id DESC"
    return with_tags(connection, rows(connection, sql, (document_id,)))


def held_of_day(connection: Connection, document_id: str, day: date) -> list[Row]:
    """The changes of a document's own text that wait for a person and whose text was first seen on a Beijing day: no answer
    about that day tells of them. ``change_id``, ``held_for`` and ``version_id`` of that text."""
    sql = (
        "SELECT c.change_id, c.held_for, a.version_id FROM documents d JOIN changes c ON c.document = d.id "
        "JOIN pages p ON p.id = c.page JOIN versions a ON a.id = c.after_version "
        f"WHERE d.document_id = ? AND c.confirmation = 'held' AND p.role = 'document' AND {TOLD} "
        "AND a.first_seen >= ? AND a.first_seen < ? ORDER BY a.first_seen, c.id"
    )
    return rows(connection, sql, (document_id, begins(day), begins(day + timedelta(days=1))))


def change(connection: Connection, change_id: str) -> Row | None:
    return first(connection, f"{CHANGE} WHERE c.change_id = ?", (change_id,))


def with_tags(connection: Connection, found: list[Row]) -> list[Row]:
    """Changes with ``tags``: one a licence type, the surest first."""
    for row in found:
        row["tags"] = surest(tags_of(connection, "change", row["change_id"]))
    return found


def with_standing(connection: Connection, found: list[Row], day: date) -> list[Row]:
    """Rows with ``standing``: how the document of each stands on the day; empty where there is none."""
    stands = statuses_on(connection, {row["document_id"] for row in found} - {None}, day)
    for row in found:
        row["standing"] = stands.get(row["document_id"], "")
    return found
