# ruff: noqa: S608 -- statements are put together from constants; what a client sends is only ever bound
"""Rule documents: those a filter finds, newest first; one, its passages and its text versions."""

from __future__ import annotations

import json
from typing import Any

from datasette_config import knowledge
from datasette_config.api.asked import Asked, Listed
from datasette_config.api.problems import Moved, Refused
from datasette_config.filters import Filter
from datasette_config.knowledge import Connection, Row
from datasette_config.selecting import where_documents
from kb.lines import version_line
from kb.output import DocumentDetailOut, DocumentOut, PassageOut, RelationOut, TagOut, VersionOut
from kb.sources import Publish
from kb.store import queries

BATCHES = 5
_DAY = "coalesce(d.published, d.made, d.first_seen)"


def documents(connection: Connection, asked: Asked) -> Listed[DocumentOut]:
    chosen = asked.filter()
    after = asked.after(str, str)
    kept: list[Row] = []
    for _ in range(BATCHES):
        found = _batch(connection, asked, chosen, after)
        more, found = len(found) > asked.limit, found[: asked.limit]
        after = (found[-1]["day"], found[-1]["document_id"]) if more else None
        standing = knowledge.with_standing(connection, found, asked.today)
        kept += [row for row in standing if not chosen.status or row["standing"] in chosen.status]
        if not more or len(kept) >= asked.limit:
            break
    if len(kept) > asked.limit:
        kept = kept[: asked.limit]
        after = (kept[-1]["day"], kept[-1]["document_id"])
    return asked.listed([_line(row) for row in _tagged(connection, kept)], after)


def _batch(
    connection: Connection, asked: Asked, chosen: Filter, after: tuple[str | int, ...] | None
) -> list[Row]:
    condition, values = where_documents(chosen, asked.today)
    if after is not None:
        condition = f"{condition} AND {_DAY} <= ? AND ({_DAY} < ? OR d.document_id > ?)"
        values = (*values, after[0], after[0], after[1])
    return knowledge.rows(
        connection,
        f"SELECT d.document_id, {_DAY} AS day FROM documents d WHERE {condition} "
        f"ORDER BY {_DAY} DESC, d.document_id LIMIT ?",
        (*values, asked.limit + 1),
    )


def _tagged(connection: Connection, found: list[Row]) -> list[Row]:
    """The rows with all that a line says."""
    identifiers = [row["document_id"] for row in found]
    known = knowledge.documents_by_id(connection, identifiers)
    tags: dict[str, list[str]] = {}
    for tag in knowledge.rows(
        connection,
        "SELECT DISTINCT target_id, licence FROM licence_tags WHERE target_kind = 'document' "
        "AND target_id IN (SELECT value FROM json_each(?)) ORDER BY licence",
        (json.dumps(identifiers),),
    ):
        tags.setdefault(tag["target_id"], []).append(tag["licence"])
    return [
        {
            **known[row["document_id"]],
            "standing": row["standing"],
            "licences": tags.get(row["document_id"], []),
        }
        for row in found
    ]


def _fields(row: Row) -> dict[str, Any]:
    return {
        "id": row["document_id"],
        "title": row["title"],
        "number": row["doc_number"],
        "issuers": row["issuers"],
        "url": row["url"],
        "source": row["source_id"],
        "source_title": row["source_title"],
        "level": row["level"],
        "status": row["standing"],
        "is_draft": bool(row["is_draft"]),
        "made": row["made"],
        "published": row["published"],
        "effective": row["effective"],
        "comments_until": row["comments_until"],
        "transition_until": row["transition_until"],
        "first_seen": row["first_seen"],
        "version": row["version_id"],
        "draft": row["draft"],
        "licences": row["licences"],
    }


def _line(row: Row) -> DocumentOut:
    return DocumentOut.model_validate(_fields(row))


def _found(connection: Connection, asked: Asked) -> Row:
    """The document that is asked for. Raises ``NotFound``, ``Moved`` where it has another id."""
    identifier = queries.document_id(connection, asked.values["id"])
    if identifier != asked.values["id"]:
        raise Moved(identifier)
    row = knowledge.document(connection, identifier)
    if row is None:
        raise Refused("not-found")
    return row


def document(connection: Connection, asked: Asked) -> DocumentDetailOut:
    row = _found(connection, asked)
    identifier = row["document_id"]
    (row,) = _tagged(connection, knowledge.with_standing(connection, [row], asked.today))
    relations = queries.relations_of(connection, identifier)
    return DocumentDetailOut.model_validate(
        {
            **_fields(row),
            "pages": _addresses(connection, identifier),
            "tags": [TagOut.of(tag) for tag in queries.tags_of(connection, "document", identifier)],
            "does": [RelationOut.model_validate(each, from_attributes=True) for each in relations.does],
            "suffers": [RelationOut.model_validate(each, from_attributes=True) for each in relations.suffers],
            "changes": [each["change_id"] for each in knowledge.changes_of_document(connection, identifier)],
        }
    )


def _addresses(connection: Connection, identifier: str) -> list[str]:
    found = knowledge.rows(
        connection,
        "SELECT p.url FROM pages p JOIN documents d ON d.id = p.document WHERE d.document_id = ? "
        "AND p.role = 'document' ORDER BY p.page_id <> d.document_id, p.baseline_at, p.page_id",
        (identifier,),
    )
    return [row["url"] for row in found]


def passages(connection: Connection, asked: Asked) -> Listed[PassageOut]:
    """Of the text that stands, or of the version named; going on, of the version that was begun with."""
    row = _found(connection, asked)
    after = asked.after(str, int)
    version = str(after[0]) if after else asked.values.get("version") or row["version_id"]
    if version is None:
        return asked.listed([], None)
    belongs = knowledge.version_belongs(connection, version)
    if belongs is None or belongs["document_id"] != row["document_id"]:
        raise Refused("not-found")
    if asked.cut and belongs["publish"] == Publish.EXCERPT:
        raise Refused("excerpts-only")
    begin = int(after[1]) if after else 0
    found = queries.passages(connection, version)[begin:]
    more = len(found) > asked.limit
    lines = [PassageOut.of(passage) for passage in found[: asked.limit]]
    return asked.listed(lines, (version, begin + asked.limit) if more else None)


def versions(connection: Connection, asked: Asked) -> Listed[VersionOut]:
    row = _found(connection, asked)
    after = asked.after(str, str)
    rows = [
        each
        for each in queries.history(connection, row["document_id"])
        if after is None or (each.first_seen, each.id) > after
    ]
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    last = (rows[-1].first_seen, rows[-1].id) if more else None
    return asked.listed([version_line(each) for each in rows], last)
