"""What a document does to other rules, and what they do to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from kb.codes import RelationKind
from kb.sqlite import sqlite3
from kb.store.queries.documents import document_id
from kb.store.queries.editions import Edition, editions_of

_ENDING = frozenset({RelationKind.REPEALS, RelationKind.REPLACES})


@dataclass(frozen=True, slots=True)
class RelationRow:
    """``other`` is the document at the other end, where we hold it; ``title`` and ``number`` name it. ``anchor`` and
    ``evidence`` are in the text that does it. ``effective`` (ISO 8601) is the day from which it does, ``None`` where no
    text says; ``draft``: the text that does it is itself a draft. ``change``: the change that told of it."""

    kind: RelationKind
    other: str | None
    title: str
    number: str
    anchor: str
    evidence: str
    effective: str | None
    draft: bool
    change: str | None


@dataclass(frozen=True, slots=True)
class Relations:
    """``does``: to others, in the order of its text; ``suffers``: from others, the oldest first. A later edition of the
    same name replaces the earlier one, though neither says so."""

    does: tuple[RelationRow, ...]
    suffers: tuple[RelationRow, ...]


_DOES = """
    SELECT d.document_id AS own, r.relation, o.document_id AS other, r.title, r.number, r.anchor, r.evidence,
           coalesce(r.effective, d.effective) AS effective, d.is_draft AS draft, r.change
    FROM relations r JOIN documents d ON d.id = r.document LEFT JOIN documents o ON o.id = r.target
    WHERE d.document_id IN (SELECT value FROM json_each(?1))
    UNION ALL
    SELECT d.document_id, 'draft_of', o.document_id, o.title, o.doc_number, '', d.title, d.effective, d.is_draft, NULL
    FROM documents d JOIN documents o ON o.document_id = d.draft
    WHERE d.document_id IN (SELECT value FROM json_each(?1))
"""

_SUFFERS = """
    SELECT * FROM (
    SELECT d.document_id AS own, r.relation, s.document_id AS other, s.title, s.doc_number AS number, r.anchor, r.evidence,
           coalesce(r.effective, s.effective, s.published, s.made) AS effective, s.is_draft AS draft, r.change
    FROM relations r JOIN documents s ON s.id = r.document JOIN documents d ON d.id = r.target
    WHERE d.document_id IN (SELECT value FROM json_each(?1))
    UNION ALL
    SELECT s.draft, 'draft_of', s.document_id, s.title, s.doc_number, '', s.title,
           coalesce(s.published, s.made, s.effective), s.is_draft, NULL
    FROM documents s WHERE s.draft IN (SELECT value FROM json_each(?1))
    ) ORDER BY effective IS NULL, effective, other
"""


def relations_of(connection: sqlite3.Connection, identifier: str) -> Relations:
    """By a document id, a page id or an address. Raises ``NotFound``."""
    wanted = document_id(connection, identifier)
    return relations_of_documents(connection, [wanted])[wanted]


def relations_of_documents(connection: sqlite3.Connection, documents: Sequence[str]) -> dict[str, Relations]:
    """Of each of these document ids, in few questions however many they are."""
    does, suffers = _rows(connection, _DOES, documents), _rows(connection, _SUFFERS, documents)
    editions = editions_of(connection, documents)
    found = {}
    for document in documents:
        own, felt = tuple(does.get(document, ())), tuple(suffers.get(document, ()))
        ended = {each.other for each in (*own, *felt) if each.kind in _ENDING}
        others = [each for each in editions.get(document, ()) if each.document not in ended]
        found[document] = Relations(
            (*own, *(_edition(each) for each in others if not each.later)),
            (*felt, *(_edition(each) for each in others if each.later)),
        )
    return found


def _edition(edition: Edition) -> RelationRow:
    return RelationRow(
        kind=RelationKind.REPLACES,
        other=edition.document,
        title=edition.title,
        number=edition.number,
        anchor="",
        evidence=edition.title,
        effective=edition.since,
        draft=False,
        change=None,
    )


def _rows(
    connection: sqlite3.Connection, statement: str, documents: Sequence[str]
) -> dict[str, list[RelationRow]]:
    """By the document whose relations they are."""
    found: dict[str, list[RelationRow]] = {}
    for row in connection.execute(statement, (json.dumps(documents),)):
        relation = RelationRow(
            kind=RelationKind(row["relation"]),
            other=row["other"],
            title=row["title"],
            number=row["number"],
            anchor=row["anchor"],
            evidence=row["evidence"],
            effective=row["effective"],
            draft=bool(row["draft"]),
            change=row["change"],
        )
        found.setdefault(row["own"], []).append(relation)
    return found
