"""Rule documents under a filter, newest first, a place at a time."""

from __future__ import annotations

import json
from datetime import date

from datasette_config.choosing.filters import Filter
from datasette_config.knowledge.documents import documents_listed
from datasette_config.knowledge.listing import Place
from datasette_config.knowledge.rows import Connection, Row, rows


def documents_under(
    connection: Connection, chosen: Filter, day: date, limit: int, after: Place | None = None
) -> tuple[list[Row], Place | None]:
    """The documents with ``standing`` and ``licences``, and where the list goes on, if it does."""
    listed = documents_listed(connection, chosen, day, limit, after)
    tags = licences_of_documents(connection, [row["document_id"] for row in listed.rows])
    return [{**row, "licences": tags.get(row["document_id"], [])} for row in listed.rows], listed.rest


def licences_of_documents(connection: Connection, identifiers: list[str]) -> dict[str, list[str]]:
    """Document id -> the licence types it is tagged with."""
    tags: dict[str, list[str]] = {}
    for tag in rows(
        connection,
        "SELECT DISTINCT target_id, licence FROM licence_tags WHERE target_kind = 'document' "
        "AND target_id IN (SELECT value FROM json_each(?)) ORDER BY licence",
        (json.dumps(identifiers),),
    ):
        tags.setdefault(tag["target_id"], []).append(tag["licence"])
    return tags
