"""Search over the passages of the texts that stand now."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kb.search import match_query, snippet, stands_alone, starts_numbers
from kb.search.query import parse
from kb.sqlite import sqlite3


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that holds the words. ``passage`` is its rowid; ``highlights`` are spans of ``snippet``."""

    passage: int
    document: str
    title: str
    doc_number: str
    url: str
    anchor: str
    snippet: str
    highlights: tuple[tuple[int, int], ...]


COMMON = 3000
"""Passages: words that more than so many hold are answered newest first. Where nearly everything matches, a rank says
little, and reckoning it (FTS5 counts every match of every phrase) costs a second in a million passages."""

_HELD = "SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)"

_RANKED = """
    WITH hit AS MATERIALIZED (
        SELECT f.rowid AS id, bm25(passages_fts, 10.0, 5.0, 1.0) AS score, 0 AS named
        FROM passages_fts f WHERE passages_fts MATCH :words
        UNION ALL
        SELECT f.rowid, bm25(passages_fts, 10.0, 5.0, 1.0), 1
        FROM passages_fts f JOIN passages q ON q.id = f.rowid
        WHERE passages_fts MATCH :names AND q.seq = 0
    ), best AS (SELECT id, min(score) AS score, max(named) AS named FROM hit GROUP BY id)
    SELECT q.id
    FROM best JOIN passages q ON q.id = best.id JOIN versions v ON v.id = q.version JOIN pages p ON p.id = v.page
    ORDER BY v.title = :plain DESC, best.named DESC, {exact}best.score, v.published DESC, p.page_id, q.seq
    LIMIT :limit OFFSET :offset
"""

_NAMED = """
    SELECT f.rowid FROM passages_fts f JOIN passages q ON q.id = f.rowid
    WHERE passages_fts MATCH ? AND q.seq = 0 ORDER BY f.rowid DESC LIMIT ?
"""

_NEWEST = "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rowid DESC LIMIT ?"

_HITS = """
    SELECT q.id, coalesce(d.document_id, p.page_id) AS document, v.title, v.doc_number, p.url, q.anchor, q.ordinal, q.text
    FROM json_each(?) wanted JOIN passages q ON q.id = wanted.value
    JOIN versions v ON v.id = q.version JOIN pages p ON p.id = v.page LEFT JOIN documents d ON d.id = p.document
    ORDER BY wanted.key
"""


def search(connection: sqlite3.Connection, query: str, limit: int = 20, offset: int = 0) -> tuple[Hit, ...]:
    """Passages, best first; of words that are all too common, documents named so first, then the newest. Never raises,
    whatever was typed.

    A passage answers a single term by its text. Of several terms its title, anchor and text together hold all, and
    anchor or text at least one. A document whose title or 文号 holds them all is answered by its first passage.
    Of a query that begins with a number, passages with exactly that number come before those where it ends a longer one.
    """
    limit, offset = max(0, limit), max(0, offset)
    words, names = expressions(query)
    held = connection.execute(_HELD, (words, COMMON + 1)).fetchone()[0]
    if held > COMMON:
        found = _newest(connection, words, names, offset + limit)[offset:]
    else:
        found = _ranked(connection, query, limit, offset)
    return tuple(_hit(row, query) for row in connection.execute(_HITS, (json.dumps(found),)))


def _ranked(connection: sqlite3.Connection, query: str, limit: int, offset: int) -> list[int]:
    words, names = expressions(query)
    exact = ""
    if starts_numbers(query):
        connection.create_function("stands_alone", 1, lambda text: stands_alone(text, query))
        exact = "stands_alone(q.text) DESC, "
    bound = {"words": words, "names": names, "plain": query.strip(), "limit": limit, "offset": offset}
    return [row[0] for row in connection.execute(_RANKED.format(exact=exact), bound)]


def _newest(connection: sqlite3.Connection, words: str, names: str, most: int) -> list[int]:
    """Rowids grow with time: what was read last comes first."""
    named = [row[0] for row in connection.execute(_NAMED, (names, most))]
    known = set(named)
    others = connection.execute(_NEWEST, (words, most)) if len(named) < most else ()
    return [*named, *(row[0] for row in others if row[0] not in known)][:most]


def expressions(query: str) -> tuple[str, str]:
    """Two FTS5 expressions: for passages, and for documents by title, anchor or 文号 of their first passage."""
    whole = match_query(query)
    wanted = [term.expression for term in parse(query) if not term.excluded]
    if not wanted:
        return whole, whole
    columns = "body" if len(wanted) == 1 else "{body anchor}"
    return f"({whole}) AND {columns} : ({' OR '.join(wanted)})", f"{{title anchor}} : ({whole})"


def _hit(row: sqlite3.Row, query: str) -> Hit:
    printed = (
        f"{row['ordinal']}　{row['text']}"
        if row["ordinal"] and row["text"]
        else row["ordinal"] or row["text"]
    )
    shown = snippet(printed, query)
    return Hit(
        passage=row["id"],
        document=row["document"],
        title=row["title"],
        doc_number=row["doc_number"],
        url=row["url"],
        anchor=row["anchor"],
        snippet=shown.text,
        highlights=shown.highlights,
    )
