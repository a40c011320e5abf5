"""Words that nearly every passage holds are answered newest first, completely and without a rank."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from world import World, days, rule

from kb.store import open_reader, queries
from kb.store.ingest import Ingestor

searching = import_module("kb.store.queries.search")  # its function has the same name
MANY = tuple(f"申请人应当在第{number}号窗口办理备案。" for number in range(1, 10))


@pytest.fixture
def world(tmp_path: Path) -> World:
    filled = World(tmp_path)
    with filled.run(days(0)) as run:
        run.see(body=rule(title="示例业务管理办法", articles=MANY))
    Ingestor(filled.data, filled.sources).ingest()
    return filled


def found(world: World, words: str, limit: int, offset: int = 0) -> list[int]:
    hits = queries.search(open_reader(world.data.kb), words, limit=limit, offset=offset)
    return [hit.passage for hit in hits]


def test_common_words_lose_no_passage_and_repeat_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ranked = found(world, "备案", 100)
    monkeypatch.setattr(searching, "COMMON", 3)
    newest = found(world, "备案", 100)
    assert len(newest) == len(MANY)
    assert set(newest) == set(ranked)
    assert newest == sorted(newest, reverse=True)
    paged = [passage for offset in range(0, 12, 4) for passage in found(world, "备案", 4, offset)]
    assert paged == newest


def test_a_document_named_by_common_words_comes_first_and_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.run(days(1)) as run:
        run.see("/b.html", rule(title="备案管理办法", articles=MANY))
        run.see("/c.html", rule(title="另一办法", articles=[*MANY, "另附说明。"]))
    Ingestor(world.data, world.sources).ingest()
    monkeypatch.setattr(searching, "COMMON", 3)
    hits = queries.search(open_reader(world.data.kb), "备案", limit=100)
    assert hits[0].title == "备案管理办法"
    assert len({hit.passage for hit in hits}) == len(hits) == 3 * len(MANY)
