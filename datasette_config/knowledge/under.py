# ruff: noqa: S608 -- statements are put together from constants of this file; what a reader sends is only ever bound
"""Rule documents under a filter, newest first, a place at a time."""

from __future__ import annotations

import json
from datetime import date

from datasette_config.filters import Filter
from datasette_config.knowledge.changes import with_standing
from datasette_config.knowledge.documents import documents_by_id
from datasette_config.knowledge.rows import Connection, Row, rows
from datasette_config.selecting import where_documents

DAY = "coalesce(d.published, d.made, d.first_seen)"
MOST_LOOKED = 400  # documents whose status is reckoned for one page of a list
Place = tuple[str, str]  # the day by which it is sorted and its id


def documents_under(
    connection: Connection, chosen: Filter, day: date, limit: int, after: Place | None = None
) -> tuple[list[Row], Place | None]:
    """The documents with ``standing`` and ``licences``, and where the list goes on, if it does."""
    found: list[Row] = []
    looked, place = 0, after
    while looked < max(limit, MOST_LOOKED):
        batch = _batch(connection, chosen, day, limit + 1, place)
        for row in with_standing(connection, batch[:limit], day):
            if len(found) == limit:
                return _whole(connection, found), place
            if not chosen.status or row["standing"] in chosen.status:
                found.append(row)
            place = (row["day"], row["document_id"])
        looked += limit
        if len(batch) <= limit:
            return _whole(connection, found), None
        if len(found) == limit:
            break
    return _whole(connection, found), place


def _batch(connection: Connection, chosen: Filter, day: date, limit: int, after: Place | None) -> list[Row]:
    condition, values = where_documents(chosen, day)
    if after is not None:
        condition = f"{condition} AND ({DAY}, d.document_id) < (?, ?)"
        values = (*values, *after)
    return rows(
        connection,
        f"SELECT d.document_id, {DAY} AS day FROM documents d WHERE {condition} "
        f"ORDER BY {DAY} DESC, d.document_id DESC LIMIT ?",
        (*values, limit),
    )


def _whole(connection: Connection, found: list[Row]) -> list[Row]:
    identifiers = [row["document_id"] for row in found]
    known = documents_by_id(connection, identifiers)
    tags = licences_of_documents(connection, identifiers)
    return [
        {
            **known[row["document_id"]],
            "standing": row["standing"],
            "licences": tags.get(row["document_id"], []),
        }
        for row in found
    ]


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
