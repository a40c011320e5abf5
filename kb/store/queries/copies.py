"""Copies of one document that differ."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kb.sqlite import sqlite3
from kb.store.queries.documents import document_id


@dataclass(frozen=True, slots=True)
class DifferingClause:
    """``page`` is the words of the page that stands for the document, ``copy`` those of the other."""

    anchor: str
    page: str
    copy: str


@dataclass(frozen=True, slots=True)
class DivergenceRow:
    """Two pages of a document (their addresses) that said different things from ``since`` to ``until`` (ISO 8601 in UTC;
    ``None`` while they do). ``change`` is the change that told of it; ``None`` where it was so when both were first seen."""

    id: str
    page: str
    copy: str
    since: str
    until: str | None
    clauses: tuple[DifferingClause, ...]
    change: str | None


def divergences(connection: sqlite3.Connection, identifier: str) -> tuple[DivergenceRow, ...]:
    """Of one document, the oldest first; by a document id, a page id or an address. Raises ``NotFound``."""
    rows = connection.execute(
        "SELECT v.*, p.url AS page_url, q.url AS copy_url FROM divergences v JOIN documents d ON d.id = v.document"
        " JOIN pages p ON p.id = v.page JOIN pages q ON q.id = v.copy WHERE d.document_id = ?"
        " ORDER BY v.since, v.divergence_id",
        (document_id(connection, identifier),),
    )
    return tuple(
        DivergenceRow(
            id=row["divergence_id"],
            page=row["page_url"],
            copy=row["copy_url"],
            since=row["since"],
            until=row["until"],
            clauses=tuple(DifferingClause(**clause) for clause in json.loads(row["clauses"])),
            change=row["change"],
        )
        for row in rows
    )
