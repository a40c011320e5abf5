"""The index of what no longer stands: passages of texts that were once current and whose words the next text does not have.

Search looks in it only for documents; from when until when their texts held the words is read in the texts themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.search import segment
from kb.sqlite import sqlite3

PAST = (
    "CREATE VIRTUAL TABLE passages_past_fts USING fts5(body, tokenize = 'unicode61 remove_diacritics 0')",
)

_ROWS = "DELETE FROM passages_past_fts WHERE rowid IN (SELECT id FROM passages WHERE version = ?)"

_WENT = """
    SELECT q.id, q.text FROM passages q WHERE q.version = ?
    AND NOT EXISTS (SELECT 1 FROM passages n WHERE n.version = ? AND n.text = q.text)
"""

_FORMER = """
    SELECT q.id, q.text FROM pages p JOIN versions v ON v.page = p.id AND v.id <> p.current_version
    JOIN passages q ON q.version = v.id
    WHERE (v.kind IN ('first', 'technical') OR EXISTS (
        SELECT 1 FROM changes c WHERE c.after_version = v.id AND c.found IN ('confirmed', 'corrected')))
    AND NOT EXISTS (SELECT 1 FROM passages n WHERE n.version = p.current_version AND n.text = q.text)
"""


def keep(connection: sqlite3.Connection, version: int, after: int) -> None:
    """A version (a rowid) gives way to another of its page: what is said in it alone belongs to the past."""
    _write(connection, connection.execute(_WENT, (version, after)))


def forget(connection: sqlite3.Connection, version: int) -> None:
    """A version stands again, or its passages are written anew."""
    connection.execute(_ROWS, (version,))


def fill(connection: sqlite3.Connection) -> None:
    """The past of everything that is held."""
    _write(connection, connection.execute(_FORMER))


def _write(connection: sqlite3.Connection, passages: Iterable[sqlite3.Row]) -> None:
    connection.executemany(
        "INSERT INTO passages_past_fts (rowid, body) VALUES (?, ?)",
        ((rowid, segment(text)) for rowid, text in passages),
    )
