"""Words that nearly every passage holds are answered newest first, completely and without a rank."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from world import World, days, rule

from kb.store import open_reader, queries
from kb.store.ingest import Ingestor
from kb.store.queries.among import EVERY, Among

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


@pytest.fixture
def several(world: World) -> World:
    """Rules that speak of each other, one of them repealed."""
    with world.run(days(1)) as run:
        run.see("/b.html", rule(title="示例算法管理规定", articles=MANY))
        run.see(
            "/c.html",
            rule(title="示例算法管理规定实施细则", articles=["依照示例算法管理规定第二条办理。", *MANY]),
        )
    Ingestor(world.data, world.sources).ingest()
    return world


def first(world: World, words: str, among: Among = EVERY) -> tuple[str, str]:
    (hit, *_) = queries.search(open_reader(world.data.kb), words, limit=1, among=among)
    return hit.title, hit.anchor


@pytest.mark.parametrize(
    "asked",
    [
        "示例算法管理规定第二条",
        "算法管理规定 第2条",
        "《示例算法管理规定》 第二条第一款",
        "示例算法管理规定2条",
    ],
)
def test_a_clause_called_by_rule_and_number_comes_first(several: World, asked: str) -> None:
    title, anchor = first(several, asked)
    assert title == "示例算法管理规定"
    assert "第二条" in anchor.split("/")


def test_the_words_of_a_call_are_found_where_others_say_them(several: World) -> None:
    hits = queries.search(open_reader(several.data.kb), "示例算法管理规定第二条", limit=10)
    assert any("依照示例算法管理规定第二条" in hit.snippet for hit in hits)


@pytest.mark.parametrize("common", [0, 3000])
def test_the_rule_that_bears_the_title_comes_first(
    several: World, common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "COMMON", common)
    assert first(several, "示例算法管理规定")[0] == "示例算法管理规定"
    assert first(several, "示例算法管理规定实施细则")[0] == "示例算法管理规定实施细则"


@pytest.mark.parametrize("common", [0, 3000])
@pytest.mark.parametrize("asked", ["备案", "示例算法管理规定 备案", "示例算法管理规定 第二条"])
def test_a_search_among_some_finds_nothing_else(
    several: World, common: int, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "COMMON", common)
    among = Among("d.title = ?", ("示例算法管理规定实施细则",))
    hits = queries.search(open_reader(several.data.kb), asked, limit=100, among=among)
    assert {hit.title for hit in hits} == {"示例算法管理规定实施细则"}
    assert not queries.search(open_reader(several.data.kb), asked, among=Among("0"))
