"""Tags that a person should look at: unsure ones, and substantive changes that carry none."""

from __future__ import annotations

from dataclasses import dataclass

from kb.model import LicenceTag
from kb.sqlite import sqlite3
from kb.store.tagged import read_tags, said_of, words_of

_UNSURE = """
    SELECT DISTINCT t.target_kind, t.target_id, c.headline, c.title, c.observed_to AS at, p.url, s.source_id
    FROM licence_tags t JOIN changes c ON c.change_id = t.target_id JOIN pages p ON p.id = c.page
    JOIN sources s ON s.id = c.source
    WHERE t.target_kind = 'change' AND t.confidence <> 'high' AND c.confirmation <> 'retracted'
      AND c.significance <> 'noise'
    UNION ALL
    SELECT DISTINCT t.target_kind, t.target_id, '', d.title, d.first_seen, d.url, s.source_id
    FROM licence_tags t JOIN documents d ON d.document_id = t.target_id JOIN sources s ON s.id = d.source
    WHERE t.target_kind = 'document' AND t.confidence <> 'high'
    ORDER BY target_kind, at DESC, target_id
"""
_UNTAGGED = """
    SELECT 'change' AS target_kind, c.change_id AS target_id, c.headline, c.title, c.observed_to AS at, p.url, s.source_id
    FROM changes c JOIN pages p ON p.id = c.page JOIN sources s ON s.id = c.source
    WHERE c.significance = 'substantive' AND c.confirmation <> 'retracted'
      AND c.kind NOT IN ('baseline', 'technical', 'republished') AND s.licences <> '[]'
      AND NOT EXISTS (SELECT 1 FROM licence_tags t WHERE t.target_kind = 'change' AND t.target_id = c.change_id)
    ORDER BY c.observed_to DESC, c.change_id
"""
_OTHER_WORDS = """
    SELECT 1 FROM decisions WHERE kind LIKE 'tag_%' AND said = :licence AND about NOT IN ('', :key)
    AND (subject = :target OR subject IN (SELECT from_id FROM redirects WHERE to_id = :target AND kind = :kind))
"""

_WITHOUT = """
    SELECT c.change_id FROM changes c JOIN documents d ON d.id = c.document
    WHERE d.document_id = ?1 AND c.origin = 'live' AND c.confirmation = 'confirmed'
      AND c.significance = 'substantive' AND c.kind NOT IN ('baseline', 'technical', 'republished')
      AND NOT EXISTS (SELECT 1 FROM licence_tags t WHERE t.target_kind = 'change' AND t.target_id = c.change_id
                      AND t.licence = ?2)
    ORDER BY c.observed_to DESC, c.change_id LIMIT ?3
"""


@dataclass(frozen=True, slots=True)
class DoubtfulRow:
    """``tag`` is None for a change that carries none. ``reworded``: a person said something of this tag when the text
    read otherwise. ``at``: when it was first seen."""

    target_kind: str
    id: str
    headline: str
    title: str
    at: str
    url: str
    source: str
    tag: LicenceTag | None = None
    reworded: bool = False


def doubtful(connection: sqlite3.Connection, *, limit: int = 50) -> tuple[DoubtfulRow, ...]:
    """Changes with unsure tags, newest first, then untagged substantive changes of sources that declare licences, then
    documents with unsure tags. What a person said of these very words is settled."""
    unsure = [row for each in connection.execute(_UNSURE) for row in _unsure(connection, each)]
    untagged = [
        _row(each)
        for each in connection.execute(_UNTAGGED)
        if not said_of(
            connection, "change", each["target_id"], words_of(connection, "change", each["target_id"]) or ""
        )
    ]
    changes = [row for row in unsure if row.target_kind == "change"]
    documents = [row for row in unsure if row.target_kind == "document"]
    return tuple([*changes, *untagged, *documents][:limit])


def changes_without(
    connection: sqlite3.Connection, document: str, licence: str, *, limit: int = 3
) -> tuple[str, ...]:
    """Substantive changes of a document that were told, or will be, and do not carry this licence type; newest first."""
    return tuple(row[0] for row in connection.execute(_WITHOUT, (document, licence, limit)))


def _unsure(connection: sqlite3.Connection, record: sqlite3.Row) -> list[DoubtfulRow]:
    kind, target = record["target_kind"], record["target_id"]
    key = words_of(connection, kind, target) or ""
    rows = []
    for tag in read_tags(connection, "licence_tags", kind, target):
        if tag.confidence != "high":
            asked = {"licence": tag.licence, "key": key, "target": target, "kind": kind}
            rows.append(_row(record, tag, connection.execute(_OTHER_WORDS, asked).fetchone() is not None))
    return rows


def _row(record: sqlite3.Row, tag: LicenceTag | None = None, reworded: bool = False) -> DoubtfulRow:
    return DoubtfulRow(
        record["target_kind"],
        record["target_id"],
        record["headline"],
        record["title"],
        record["at"],
        record["url"],
        record["source_id"],
        tag,
        reworded,
    )
