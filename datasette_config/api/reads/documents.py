"""Rule documents: those a filter finds, newest first; one, its passages and its text versions."""

from __future__ import annotations

from typing import Any

from datasette_config import knowledge
from datasette_config.api.asked import Asked, Listed
from datasette_config.api.problems import Moved, Refused
from datasette_config.knowledge import Connection, Row
from kb.lines import version_line
from kb.output import DocumentDetailOut, DocumentOut, PassageOut, RelationOut, TagOut, VersionOut
from kb.sources import Publish
from kb.store import queries


def documents(connection: Connection, asked: Asked) -> Listed[DocumentOut]:
    """Where a status is asked for, a list may give fewer than ``limit`` and yet go on: it is reckoned, no column."""
    after = asked.after(str, str)
    place = (str(after[0]), str(after[1])) if after else None
    rows, rest = knowledge.documents_under(connection, asked.filter(), asked.today, asked.limit, place)
    return asked.listed([DocumentOut.model_validate(_fields(row)) for row in rows], rest)


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
    knowledge.with_standing(connection, [row], asked.today)
    row["licences"] = knowledge.licences_of_documents(connection, [identifier]).get(identifier, [])
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
