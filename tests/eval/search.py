"""Search against brute force: 1,000 random Han-only strings of 2 to 6 characters, each cut inside one passage.

Each is asked twice: as it comes, and as if its words were all too common, so that the newest come first without a rank. Both
ways find the same passages.
"""

from __future__ import annotations

import random
import re
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from unittest.mock import patch

from kb.config import DataDirectory
from kb.sqlite import sqlite3
from kb.store import open_reader, queries
from tests.eval import sets
from tests.eval.table import Measure

QUERIES, SEED = 1000, 20261122
EVERY = 1_000_000
HAN = re.compile(r"[\u4e00-\u9fff]{6,}")
searching = import_module("kb.store.queries.search")  # ``queries.search`` is the function


@dataclass(frozen=True, slots=True)
class Texts:
    """All passages as one text, a line break between two."""

    passages: tuple[int, ...]
    joined: str
    starts: tuple[int, ...]

    def holding(self, wanted: str) -> set[int]:
        """The passages that hold a string without a line break."""
        return {self.passages[bisect_right(self.starts, at) - 1] for at in self._places(wanted)}

    def _places(self, wanted: str) -> Iterator[int]:
        at = self.joined.find(wanted)
        while at >= 0:
            yield at
            at = self.joined.find(wanted, at + 1)


@dataclass(slots=True)
class Score:
    relevant: int = 0
    retrieved: int = 0
    right: int = 0

    def add(self, truth: set[int], found: set[int]) -> None:
        self.relevant += len(truth)
        self.retrieved += len(found)
        self.right += len(truth & found)


def joined(passages: Sequence[queries.CurrentPassage]) -> Texts:
    texts = [passage.text.replace("\n", " ") for passage in passages]
    starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
    return Texts(tuple(passage.passage for passage in passages), "\n".join(texts), tuple(starts))


def drawn(passages: Iterable[queries.CurrentPassage]) -> Iterator[str]:
    draw = random.Random(SEED)
    runs = [found for passage in passages if (found := HAN.findall(passage.text))]
    for _ in range(QUERIES):
        run = draw.choice(draw.choice(runs))
        length = draw.randint(2, 6)
        start = draw.randrange(len(run) - length + 1)
        yield run[start : start + length]


def found(reader: sqlite3.Connection, wanted: str) -> set[int]:
    return {passage for passage, _document in searching.find(reader, wanted, EVERY).places}


def measure(shared: Path) -> list[Measure]:
    ranked, newest = Score(), Score()
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(sets.law_entries(shared), data)
        reader = open_reader(data.kb)
        passages = queries.current_passages(reader)
        texts = joined(passages)
        for wanted in drawn(passages):
            truth = texts.holding(wanted)
            ranked.add(truth, found(reader, wanted))
            with patch.object(searching, "COMMON", 0), patch.object(searching, "NAMED", EVERY):
                newest.add(truth, found(reader, wanted))
    return [
        Measure("search", QUERIES, "随机字串召回", ranked.right / ranked.relevant),
        Measure("search", QUERIES, "随机字串准确", ranked.right / ranked.retrieved),
        Measure("search", QUERIES, "最新在前时召回", newest.right / newest.relevant),
        Measure("search", QUERIES, "最新在前时准确", newest.right / newest.retrieved),
    ]
