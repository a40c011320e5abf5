"""What stands no more is still found, and it is told from when until when it stood."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World, days, rule

from kb.store import open_reader
from kb.store.ingest import Ingestor
from kb.store.maintenance import check
from kb.store.past import fill
from kb.store.queries.among import Among
from kb.store.queries.stood import Stood, formerly, stood

OLD, NEW, LATER = "应当在十个工作日内办理。", "应当在五个工作日内办理。", "应当及时办理。"
SAME = "本办法适用于示例服务。"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """One rule of which the second article changes twice."""
    told = World(tmp_path)
    for start, article in ((0, OLD), (2, NEW), (4, LATER)):
        for day in (start, start + 1):
            with told.run(days(day)) as run:
                run.see(body=rule(articles=[SAME, article]))
    Ingestor(told.data, told.sources).ingest()
    return told


def history(world: World, words: str) -> Stood | None:
    reader = open_reader(world.data.kb)
    documents = [row[0] for row in reader.execute("SELECT document_id FROM documents")]
    return next(iter(stood(reader, words, documents)), None)


@pytest.mark.parametrize(("words", "found"), [("十个工作日", 1), ("五个工作日", 1), ("工作日内 办理", 1), ("及时办理", 0), ("示例服务", 0), ("九个工作日", 0)])  # fmt: skip
def test_what_stands_no_more_is_found_and_what_stands_is_not(world: World, words: str, found: int) -> None:
    assert len(formerly(open_reader(world.data.kb), words, 10)) == found


def test_it_is_told_from_when_until_when_words_stood(world: World) -> None:
    (span,) = history(world, "五个工作日").spans
    assert (span.before[:10], span.since[:10], span.until[:10], span.gone[:10]) == tuple(
        str(days(day))[:10] for day in (1, 2, 3, 4)
    )
    assert (span.text, span.anchor.endswith("第二条/第一款") or span.anchor.endswith("第二条")) == (NEW, True)


def test_of_the_first_text_nobody_knows_since_when_and_what_stands_has_no_end(world: World) -> None:
    (first,) = history(world, "十个工作日").spans
    assert first.before is None
    (last,) = history(world, "及时办理").spans
    assert last.gone is None
    (through,) = history(world, "示例服务").spans
    assert (through.before, through.gone) == (None, None)
    assert history(world, "九个工作日") is None


def test_a_number_is_not_the_end_of_a_longer_one(world: World) -> None:
    with world.run(days(6)) as run:
        run.see(body=rule(articles=[SAME, "应当在三十个工作日内办理。"]))
    with world.run(days(7)) as run:
        run.see(body=rule(articles=[SAME, "应当在三十个工作日内办理。"]))
    Ingestor(world.data, world.sources).ingest()
    (span,) = history(world, "十个工作日").spans
    assert span.gone is not None
    assert history(world, "三十个工作日").spans[-1].gone is None


def test_words_that_came_back_stood_twice_and_belong_to_no_past(world: World) -> None:
    for day in (6, 7):
        with world.run(days(day)) as run:
            run.see(body=rule(articles=[SAME, NEW]))
    Ingestor(world.data, world.sources).ingest()
    assert len(history(world, "五个工作日").spans) == 2
    reader = open_reader(world.data.kb)
    assert len(formerly(reader, "及时办理", 10)) == 1
    assert check(reader) == []


def test_a_search_of_the_past_among_some(world: World) -> None:
    assert formerly(open_reader(world.data.kb), "十个工作日", 10, Among("0")) == ()


def test_the_past_of_an_older_base_is_filled_as_it_is_kept(world: World) -> None:
    connection = open_reader(world.data.kb)
    kept = connection.execute("SELECT rowid, body FROM passages_past_fts ORDER BY rowid").fetchall()
    copy = type(connection)(":memory:")
    connection.backup(copy)
    copy.execute("DELETE FROM passages_past_fts")
    fill(copy)
    again = copy.execute("SELECT rowid, body FROM passages_past_fts ORDER BY rowid").fetchall()
    copy.close()
    assert [tuple(row) for row in kept] == again
    assert kept
