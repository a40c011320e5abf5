"""What comes first: 40 questions a reader may ask of the statutes, each with the answer that should be among the first three."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from kb.config import DataDirectory
from kb.sqlite import sqlite3
from kb.store import open_reader, queries
from kb.tables import Strict, read_table
from tests.eval import sets
from tests.eval.table import Measure

TRUTH = Path(__file__).parent / "truth" / "queries.toml"
FIRST = 3
_FILE = re.compile(r"(?P<name>.+)\((?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\)")


class Query(Strict):
    """``article``: the numbers of the articles that answer; none where the rule itself does."""

    asked: str
    rule: str
    article: tuple[str, ...] = ()


class Queries(Strict):
    query: tuple[Query, ...] = Field(min_length=1)


def measure(shared: Path) -> list[Measure]:
    asked = read_table(TRUTH, Queries, "检索问题").query
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(statutes(shared), data)
        reader = open_reader(data.kb)
        missed = [(query, found) for query in asked if not _answered(query, found := _first(reader, query))]
    notes = "\n".join(
        f"{query.asked}：{'；'.join(f'{hit.title} {hit.anchor}' for hit in found) or '没有结果'}"
        for query, found in missed
    )
    return [Measure("statutes", len(asked), "前三条里有答案", 1 - len(missed) / len(asked), notes)]


def statutes(shared: Path) -> Iterator[sets.Entry]:
    """The statutes, the editions of one at one address."""
    for file in sorted(sets.present(shared, "data/statutes").glob("*.md")):
        if named := _FILE.fullmatch(file.stem):
            yield sets.Entry(file, sets.law_url(named["name"]), f"{named['day']}T00:00:00+00:00", "eval.laws")


def _first(reader: sqlite3.Connection, query: Query) -> tuple[queries.Hit, ...]:
    return queries.search(reader, query.asked, limit=FIRST)


def _answered(query: Query, found: tuple[queries.Hit, ...]) -> bool:
    return any(
        hit.title.removeprefix("中华人民共和国") == query.rule
        and (not query.article or any(part in query.article for part in hit.anchor.split("/")))
        for hit in found
    )
