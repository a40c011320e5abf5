"""A real FTS5 table over passages, made the way the store makes it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import pytest

from kb.search import match_query, segment

Find = Callable[[str], set[int]]
Index = Callable[[Sequence[str]], Find]


@pytest.fixture
def index() -> Iterator[Index]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(title, body, tokenize='unicode61 remove_diacritics 0')"
        )

        def fill(passages: Sequence[str]) -> Find:
            connection.executemany(
                "INSERT INTO passages(rowid, title, body) VALUES (?, '', ?)",
                [(number, segment(passage)) for number, passage in enumerate(passages)],
            )
            return find

        def find(query: str) -> set[int]:
            rows = connection.execute(
                "SELECT rowid FROM passages WHERE passages MATCH ?", (match_query(query),)
            )
            return {number for (number,) in rows}

        yield fill
