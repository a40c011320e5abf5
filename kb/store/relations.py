"""What documents do to each other: their relations, resolved against what is held, and the repeals that follow. Pure in
the set: whichever of two documents arrives first, the rows are the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from kb.changing.relations import Relation, relations
from kb.codes import ChangeKind, Op, RelationKind, Significance, SourceLevel
from kb.model import Comparison, PassageChange, change_id
from kb.reading.numbers import normalised
from kb.sqlite import sqlite3
from kb.store.keys import plain_number, title_core
from kb.store.report import IngestReport
from kb.store.rows import delete_changes, insert, write_change
from kb.store.serial import document_from_json
from kb.tagging import tag

ENDS = (RelationKind.REPEALS, RelationKind.REPLACES)
_OWN_WORD = re.compile(r"^[^0-9〔]{3,}")
"""A number that names no issuer (2017年第5号) names no rule."""

MIN_CORE = 3
"""A shorter title names no rule by itself."""

_DAY = "coalesce({0}.made, {0}.published, {0}.effective, substr({0}.first_seen, 1, 10))"

_CANDIDATES = f"""
    SELECT d.id, {_DAY.format("d")} AS day, max(p.number_key) AS number_key,
           max(p.title_core = :core) AS same_title, max(m.by_number) AS same_number
    FROM (
        SELECT id, 0 AS by_number FROM pages WHERE title_core = :core AND title_core <> ''
        UNION ALL
        SELECT id, 1 FROM pages WHERE number_key = :number AND number_key <> ''
        UNION ALL
        SELECT id, 1 FROM pages
        WHERE :number <> '' AND number_key > :number || '|' AND number_key < :number || '}}' AND number_key <> ''
    ) m JOIN pages p ON p.id = m.id JOIN documents d ON d.id = p.document
    WHERE p.role = 'document' AND d.id <> :document AND NOT d.is_draft
    GROUP BY d.id ORDER BY day, number_key, d.document_id
"""  # noqa: S608

_REPEALS = """
    SELECT r.id AS relation_row, r.relation, r.anchor, r.evidence, coalesce(r.effective, s.effective) AS effective,
           s.title AS by_title, s.doc_number AS by_number, s.document_id AS by_document,
           c.found AS confirmation, c.found_at AS confirmed_at, c.after_version, c.observed_from, c.observed_to,
           c.origin, c.rules,
           d.id AS document, d.document_id, d.title, d.current_version, v.text, p.id AS page, p.source, l.level, l.authority
    FROM relations r
    JOIN documents s ON s.id = r.document AND NOT s.is_draft
    JOIN changes c ON c.id = (SELECT id FROM changes WHERE document = s.id AND basis = 'publication'
                              AND kind IN ('new', 'finalised') ORDER BY observed_to, change_id LIMIT 1)
    JOIN documents d ON d.id = r.target
    JOIN versions v ON v.id = d.current_version
    JOIN pages p ON p.page_id = d.document_id
    JOIN sources l ON l.id = p.source
    WHERE r.relation IN ('repeals', 'replaces') AND r.target IN (SELECT value FROM json_each(?))
    ORDER BY r.id
"""

_STALE = """
    SELECT c.change_id, c.confirmation FROM changes c LEFT JOIN versions v ON v.id = c.after_version
    WHERE c.basis = 'repeal' AND (v.id IS NULL OR c.document IS NULL
      OR c.document IN (SELECT value FROM json_each(:documents))
      OR c.page IN (SELECT value FROM json_each(:pages)) OR v.page IN (SELECT value FROM json_each(:pages)))
"""


class Relater:
    """Recomputes what the documents of some pages do, and what is done to them."""

    def __init__(self, connection: sqlite3.Connection, report: IngestReport) -> None:
        self.connection, self.report = connection, report

    def relate(self, pages: set[int], cores: Iterable[str]) -> None:
        """``pages`` are the rowids of all pages whose document moved; ``cores`` of titles that they had before."""
        documents = self._column(
            "SELECT DISTINCT document FROM pages WHERE id IN {} AND document NOT NULL", pages
        )
        affected = documents | self._column(
            "SELECT DISTINCT target FROM relations WHERE document IN {} AND target NOT NULL"
            " AND relation IN ('repeals', 'replaces')",
            documents,
        )
        for document in sorted(documents):
            self._read(document)
        affected |= self._resolve(documents, pages, cores)
        self._repeal(affected, pages)

    def _read(self, document: int) -> None:
        self.connection.execute("DELETE FROM relations WHERE document = ?", (document,))
        row = self.connection.execute(
            "SELECT v.document FROM documents d JOIN versions v ON v.id = d.current_version WHERE d.id = ?",
            (document,),
        ).fetchone()
        for seq, relation in enumerate(relations(document_from_json(row[0]))):
            insert(self.connection, "relations", {"document": document, "seq": seq, **_values(relation)})

    def _resolve(self, documents: set[int], pages: set[int], cores: Iterable[str]) -> set[int]:
        """Look again for the targets that these documents and pages could be, or were; gives all targets of repeals that moved."""
        named = self._texts("SELECT DISTINCT title_core FROM pages WHERE id IN {}", pages) | set(cores)
        numbers = {
            key.split("|")[0]
            for key in self._texts("SELECT DISTINCT number_key FROM pages WHERE id IN {}", pages)
        }
        rows = self.connection.execute(
            "SELECT * FROM relations WHERE document IN (SELECT value FROM json_each(?1))"
            " OR target IN (SELECT value FROM json_each(?1))"
            " OR (core <> '' AND core IN (SELECT value FROM json_each(?2)))"
            " OR (number_key <> '' AND number_key IN (SELECT value FROM json_each(?3))) ORDER BY id",
            (_json(documents), _json(named - {""}), _json(numbers - {""})),
        ).fetchall()
        moved: set[int] = set()
        for row in rows:
            target = self._target(row)
            if target != row["target"]:
                self.connection.execute("UPDATE relations SET target = ? WHERE id = ?", (target, row["id"]))
            if row["relation"] in ENDS:
                moved |= {each for each in (target, row["target"]) if each is not None}
        return moved

    def _target(self, relation: sqlite3.Row) -> int | None:
        """The document meant: by number, else by title; of several editions the latest that is older than the text
        which speaks of it."""
        found = self.connection.execute(
            _CANDIDATES,
            {"core": relation["core"], "number": relation["number_key"], "document": relation["document"]},
        ).fetchall()
        same_number = [row for row in found if row["same_number"]]
        if not same_number:
            same_number = [row for row in found if not (relation["number_key"] and row["number_key"])]
        chosen = [row for row in same_number if row["same_title"]] or same_number
        (day,) = self.connection.execute(
            f"SELECT {_DAY.format('d')} FROM documents d WHERE d.id = ?",  # noqa: S608
            (relation["document"],),
        ).fetchone()
        if relation["relation"] == RelationKind.CITES:
            before = [row for row in chosen if row["day"] <= day] or chosen[:1]
        else:
            before = [row for row in chosen if row["day"] <= day]
        return int(before[-1]["id"]) if before else None

    def _repeal(self, documents: set[int], pages: set[int]) -> None:
        stale = self.connection.execute(_STALE, {"documents": _json(documents), "pages": _json(pages)})
        before = {row[0]: row[1] for row in stale.fetchall()}
        delete_changes(self.connection, before)
        self.connection.execute(
            "UPDATE relations SET change = NULL WHERE change IN (SELECT value FROM json_each(?))",
            (json.dumps(list(before)),),
        )
        for row in self.connection.execute(_REPEALS, (_json(documents | self._targets(pages)),)).fetchall():
            identifier = change_id(row["document_id"], f"repealed by {row['by_document']}")
            if self.connection.execute("SELECT 1 FROM changes WHERE change_id = ?", (identifier,)).fetchone():
                continue
            _write_repeal(self.connection, identifier, row)
            self.connection.execute(
                "UPDATE relations SET change = ? WHERE id = ?", (identifier, row["relation_row"])
            )
            if before.get(identifier) != row["confirmation"]:
                self.report.changed(identifier)

    def _targets(self, pages: set[int]) -> set[int]:
        """What the documents of these pages repeal."""
        return self._column(
            "SELECT DISTINCT r.target FROM relations r JOIN pages p ON p.document = r.document"
            " WHERE r.target NOT NULL AND r.relation IN ('repeals', 'replaces') AND p.id IN {}",
            pages,
        )

    def _column(self, statement: str, values: set[int]) -> set[int]:
        rows = self.connection.execute(statement.format("(SELECT value FROM json_each(?))"), (_json(values),))
        return {row[0] for row in rows}

    def _texts(self, statement: str, values: set[int]) -> set[str]:
        rows = self.connection.execute(statement.format("(SELECT value FROM json_each(?))"), (_json(values),))
        return {str(row[0]) for row in rows}


def _json(values: Iterable[object]) -> str:
    return json.dumps(sorted(values, key=str))


def _values(relation: Relation) -> dict[str, object]:
    core = title_core(relation.title.replace("〈", "《").replace("〉", "》"))
    number = plain_number(normalised(relation.number))
    return {
        "relation": relation.kind,
        "title": relation.title,
        "number": relation.number,
        "core": core if len(core) >= MIN_CORE else "",
        "number_key": number if _OWN_WORD.match(number) else "",
        "anchor": relation.anchor,
        "evidence": relation.evidence,
        "effective": str(relation.effective) if relation.effective else None,
    }


def _write_repeal(connection: sqlite3.Connection, identifier: str, row: sqlite3.Row) -> None:
    by = f"《{row['by_title'].strip('《》')}》" + (f"（{row['by_number']}）" if row["by_number"] else "")
    reason = f"{by}写明废止" if row["relation"] == RelationKind.REPEALS else f"{by}公布，原文件同时废止"
    passage = PassageChange(
        Op.ADDED, Significance.SUBSTANTIVE, "", row["anchor"], "", row["evidence"], reason=f"见于{by}"
    )
    since = f"自 {row['effective']} 起" if row["effective"] else ""
    values = {name: row[name] for name in (
        "page", "document", "source", "title", "confirmation", "after_version", "observed_from", "observed_to",
        "confirmed_at", "origin", "rules",
    )}  # fmt: skip
    write_change(
        connection,
        {
            **values,
            "change_id": identifier,
            "basis": "repeal",
            "kind": ChangeKind.REPEALED,
            "headline": f"《{row['title'].strip('《》')}》{since}废止，见{by}",
            "flags": "[]",
            "before_version": row["current_version"],
        },
        Comparison(
            ChangeKind.REPEALED, Significance.SUBSTANTIVE, (passage,), row["effective"], reason=reason
        ),
        tag(row["title"], row["text"], source_kind=SourceLevel(row["level"]), authority=row["authority"]),
    )
