"""Search against brute force: 200 random Han-only strings of 2 to 6 characters, each cut inside one passage."""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

from kb.config import DataDirectory
from kb.store import open_reader, queries
from tests.eval import sets
from tests.eval.table import Measure

QUERIES, SEED = 200, 20261122
HAN = re.compile(r"[\u4e00-\u9fff]{6,}")


def measure(shared: Path) -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        data = DataDirectory(Path(folder))
        sets.import_entries(sets.law_entries(shared), data)
        reader = open_reader(data.kb)
        passages = queries.current_passages(reader)
        relevant = retrieved = right = 0
        draw = random.Random(SEED)
        for _ in range(QUERIES):
            passage = draw.choice([p for p in passages if HAN.search(p.text)])
            run = draw.choice(HAN.findall(passage.text))
            length = draw.randint(2, 6)
            start = draw.randrange(len(run) - length + 1)
            wanted = run[start : start + length]
            truth = {p.passage for p in passages if wanted in p.text}
            found = {hit.passage for hit in queries.search(reader, wanted, limit=1_000_000)}
            relevant, retrieved, right = (
                relevant + len(truth),
                retrieved + len(found),
                right + len(truth & found),
            )
    return [
        Measure("search", QUERIES, "随机字串召回", right / relevant),
        Measure("search", QUERIES, "随机字串准确", right / retrieved),
    ]
