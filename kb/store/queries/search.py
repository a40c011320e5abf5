"""Search over the passages of the texts that stand now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kb.search import clause, match_query, stands_alone, starts_numbers
from kb.search.query import NOTHING, parse
from kb.sqlite import sqlite3
from kb.store.queries.among import EVERY, Among
from kb.store.queries.calling import Place, called
from kb.store.queries.hits import Hit, hits

__all__ = ["Found", "Hit", "expressions", "find", "search"]

COMMON = 3000
"""Passages: words that more than so many hold are answered newest first. Where nearly everything matches, a rank says
little, and reckoning it (FTS5 counts every match of every phrase) costs a second in a million passages."""

NAMED = 1000
"""Documents named by the words that are looked at, the newest."""

LOOKED = 20_000
"""Matches of common words that are held against a condition, the newest: the others are as many as there are rules."""

_HELD = "SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)"

_RANKED = """
    WITH named AS MATERIALIZED (
        SELECT f.rowid AS id, bm25(beginnings_fts, 10.0, 5.0) AS score, 1 AS named
        FROM beginnings_fts f WHERE beginnings_fts MATCH ? ORDER BY f.rowid DESC LIMIT ?
    ), hit AS MATERIALIZED (
        SELECT id, score, named FROM named
        UNION ALL
        SELECT f.rowid, bm25(passages_fts, 10.0, 5.0, 1.0), 0 FROM passages_fts f WHERE passages_fts MATCH ?
    ), best AS (SELECT id, min(score) AS score, max(named) AS named FROM hit GROUP BY id)
    SELECT q.id, coalesce(d.document_id, p.page_id) AS document, v.published, v.is_draft, q.seq,
           best.score, best.named, {text} AS text,
           d.id IN (SELECT target FROM relations WHERE relation IN ('repeals', 'replaces')) AS ended
    FROM best JOIN passages q ON q.id = best.id JOIN versions v ON v.id = q.version JOIN pages p ON p.id = v.page
    LEFT JOIN documents d ON d.id = p.document
    WHERE 1 {among}
"""

_PLACES = """
    SELECT q.id, coalesce(d.document_id, p.page_id) FROM (
        SELECT f.rowid AS id FROM {index} f WHERE {index} MATCH ? ORDER BY f.rowid DESC LIMIT ?
    ) hit JOIN passages q ON q.id = hit.id JOIN versions v ON v.id = q.version JOIN pages p ON p.id = v.page
    LEFT JOIN documents d ON d.id = p.document
    WHERE 1 {among} ORDER BY q.id DESC
"""
_NAMED, _ANY = "beginnings_fts", "passages_fts"


@dataclass(frozen=True, slots=True)
class Found:
    """Passages with their documents, best first. ``complete``: all that there are, not the newest of too many."""

    places: tuple[Place, ...]
    complete: bool


def search(
    connection: sqlite3.Connection, query: str, limit: int = 20, offset: int = 0, among: Among = EVERY
) -> tuple[Hit, ...]:
    """Passages, best first; of words that are all too common, documents named so first, then the newest. Never raises,
    whatever was typed.

    A passage answers a single term by its text. Of several terms its title, anchor and text together hold all, and
    anchor or text at least one. A document whose title or 文号 holds them all is answered by its first passage.
    First comes the clause that the query calls by rule and number, then the rule that bears just this title. Of a query
    that begins with a number, passages with exactly that number come before those where it ends a longer one.
    """
    limit, offset = max(0, limit), max(0, offset)
    found = find(connection, query, offset + limit, among)
    return hits(connection, query, [passage for passage, _document in found.places[offset : offset + limit]])


def find(connection: sqlite3.Connection, query: str, most: int, among: Among = EVERY) -> Found:
    """Where the words stand, at least ``most`` passages if there are so many: what ``search`` shows."""
    first = called(connection, query, among)
    words, names = expressions(query)
    if first and clause(query):
        names = NOTHING  # the rule is found, and looking for its name again is what costs most
    held = connection.execute(_HELD, (words, COMMON + 1)).fetchone()[0]
    if held > COMMON:
        others = _newest(connection, words, names, most, among)
    else:
        others = _ranked(connection, query, (words if held else NOTHING, names), among)
    return Found(tuple(dict.fromkeys((*first, *others))), complete=held <= COMMON)


def _ranked(connection: sqlite3.Connection, query: str, wanted: tuple[str, str], among: Among) -> list[Place]:
    words, names = wanted
    numbered = starts_numbers(query)
    statement = _RANKED.format(among=among.narrowing, text="q.text" if numbered else "''")
    rows = connection.execute(statement, (names, NAMED, words, *among.values)).fetchall()
    rows.sort(key=lambda row: row["published"] or "", reverse=True)
    rows.sort(key=lambda row: _worth(row, query, numbered=numbered))
    return [(row["id"], row["document"]) for row in rows]


def _worth(row: sqlite3.Row, query: str, *, numbered: bool) -> tuple[Any, ...]:
    """What sorts the best first. Ranks are alike to a tenth; then what is in force comes before drafts and what was repealed,
    and a rule named by the words before all that merely holds them."""
    standing = bool(row["ended"]), bool(row["is_draft"])
    return (
        not row["named"],
        numbered and not stands_alone(row["text"], query),
        standing if row["named"] else (),
        round(row["score"], 1),
        standing,
    )


def _newest(connection: sqlite3.Connection, words: str, names: str, most: int, among: Among) -> list[Place]:
    """Rowids grow with time: what was read last comes first."""
    looked = LOOKED if among.condition else most
    named = _places(connection, _NAMED, names, min(looked, NAMED), among)
    others = _places(connection, _ANY, words, looked, among) if len(named) < most else []
    return list(dict.fromkeys((*named, *others)))[:most]


def _places(
    connection: sqlite3.Connection, index: str, expression: str, most: int, among: Among
) -> list[Place]:
    statement = _PLACES.format(among=among.narrowing, index=index)
    return [(row[0], row[1]) for row in connection.execute(statement, (expression, most, *among.values))]


def expressions(query: str) -> tuple[str, str]:
    """Two FTS5 expressions: for passages, and for documents by title, anchor or 文号 of their first passage."""
    whole = match_query(query)
    wanted = [term.expression for term in parse(query) if not term.excluded]
    if not wanted:
        return whole, whole
    columns = "body" if len(wanted) == 1 else "{body anchor}"
    return f"({whole}) AND {columns} : ({' OR '.join(wanted)})", f"{{title anchor}} : ({whole})"
