"""What a query calls by name: a rule by its title, a clause by its rule and number. It comes before all that holds the words."""

from __future__ import annotations

import json

from kb.search import Clause, also_asked, clause, holds, match_query
from kb.search.numbers import otherwise
from kb.search.query import parse
from kb.search.zh import tokens
from kb.sqlite import sqlite3
from kb.store.keys import title_core
from kb.store.queries.among import EVERY, Among

MOST = 200
"""Rules: so many have a title that holds a name like 管理办法 that the newest have to do."""

_LAID_BY = """d.id IN (SELECT target FROM relations WHERE relation IN ('repeals', 'replaces'))"""
_ORDER = f"v.is_draft, {_LAID_BY}, v.published DESC, p.page_id, q.seq"

_TITLED = f"""
    SELECT q.id, coalesce(d.document_id, p.page_id) FROM pages p JOIN versions v ON v.id = p.current_version
    JOIN passages q ON q.version = v.id AND q.seq = 0 LEFT JOIN documents d ON d.id = p.document
    WHERE p.title_core IN (SELECT value FROM json_each(?)) AND p.title_core <> '' {{among}}
    ORDER BY {_ORDER} LIMIT ?
"""  # noqa: S608

_CLAUSES = f"""
    WITH rule AS MATERIALIZED (
        SELECT b.version FROM (
            SELECT rowid AS id FROM beginnings_fts WHERE beginnings_fts MATCH ? ORDER BY rowid DESC LIMIT ?
        ) hit JOIN passages b ON b.id = hit.id
        UNION SELECT p.current_version FROM pages p WHERE p.title_core = ? AND p.title_core <> ''
    )
    SELECT q.id, coalesce(d.document_id, p.page_id), p.title_core, q.text FROM rule
    JOIN passages q ON q.version = rule.version JOIN versions v ON v.id = q.version
    JOIN pages p ON p.current_version = v.id LEFT JOIN documents d ON d.id = p.document
    WHERE (instr('/' || q.anchor || '/', ?) OR instr('/' || q.anchor || '/', ?)) {{among}}
    ORDER BY {_ORDER}
"""  # noqa: S608

Place = tuple[int, str]  # a passage by its rowid, and its document


def called(connection: sqlite3.Connection, query: str, among: Among = EVERY) -> list[Place]:
    """The clause, then the rules that the query calls by name; empty for a query that calls none."""
    named = clause(query)
    found = _clauses(connection, named, among) if named else []
    return [*found, *_titled(connection, query, among)]


def _titled(connection: sqlite3.Connection, query: str, among: Among) -> list[Place]:
    """The beginnings of the rules with just this title, under whichever of its names."""
    terms = parse(query)
    if any(term.excluded for term in terms):
        return []
    others = [name for _asked, names in also_asked(query) for name in names] if len(terms) == 1 else []
    cores = {
        title_core(name) for name in (query, *(term.asked for term in terms[:1] if len(terms) == 1), *others)
    }
    rows = connection.execute(
        _TITLED.format(among=among.narrowing), (json.dumps(sorted(cores)), *among.values, MOST)
    )
    return [(row[0], row[1]) for row in rows]


def _clauses(connection: sqlite3.Connection, wanted: Clause, among: Among) -> list[Place]:
    """The passages of the narrowest place that there is: of the rule that bears the name, of those whose title ends in it,
    or of those whose title holds it."""
    name, core = f"title : ({match_query(wanted.name)})", title_core(wanted.name)
    for anchor in wanted.anchors:
        paths = (f"/{anchor}/", f"/{_otherwise(anchor)}/")
        rows = connection.execute(
            _CLAUSES.format(among=among.narrowing), (name, MOST, core, *paths, *among.values)
        ).fetchall()
        found = [row for row in rows if not wanted.rest or holds(row["text"], wanted.rest)]
        if found:
            found.sort(key=lambda row: (row[2] != core, not row[2].endswith(core)))
            return [(row[0], row[1]) for row in found]
    return []


def _otherwise(anchor: str) -> str:
    """The path with its numbers in digits."""
    return "/".join("".join(otherwise(tuple(tokens(part)))) or part for part in anchor.split("/"))
