"""The index of what documents are called: of each current text its first passage, under title, anchor and 文号.

The title stands in the index of passages too, with every passage; whoever looks for documents by name would read it as often.
"""

from __future__ import annotations

from kb.sqlite import sqlite3

BEGINNINGS = (
    "CREATE VIRTUAL TABLE beginnings_fts USING fts5(title, anchor, tokenize = 'unicode61 remove_diacritics 0')",
    """INSERT INTO beginnings_fts (rowid, title, anchor) SELECT f.rowid, f.title, f.anchor FROM pages p
        JOIN passages q ON q.version = p.current_version AND q.seq = 0 JOIN passages_fts f ON f.rowid = q.id""",
)

_OF_A_VERSION = """
    INSERT INTO beginnings_fts (rowid, title, anchor) SELECT f.rowid, f.title, f.anchor
    FROM passages q JOIN passages_fts f ON f.rowid = q.id WHERE q.version = ? AND q.seq = 0
"""


def write(connection: sqlite3.Connection, version: int) -> None:
    """A version (a rowid) whose passages are in the index of passages."""
    connection.execute(_OF_A_VERSION, (version,))


def take_out(connection: sqlite3.Connection, version: int) -> None:
    connection.execute(
        "DELETE FROM beginnings_fts WHERE rowid IN (SELECT id FROM passages WHERE version = ? AND seq = 0)",
        (version,),
    )
