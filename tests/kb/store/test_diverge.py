"""Copies of one rule that say different things: told when it happens before our eyes, listed where we found it so."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.archive import Heads
from kb.codes import ChangeKind, Confirmation, Origin
from kb.model import page_id
from kb.store import open_reader, queries
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import derive_into

LATER = timedelta(minutes=30)
FIVE = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")
COMMA = tuple(article.replace("，", ",") for article in ARTICLES)


def numbered(articles: tuple[str, ...], around: str = "") -> bytes:
    body = rule("示例业务管理办法", articles).decode()
    return body.replace(
        "<div class='content'>", f"<div class='content'><p>示例通信部令第8号</p>{around}"
    ).encode()


@pytest.fixture
def world(tmp_path: Path) -> World:
    reprint = declare("test.reprint", level="official_reprint", title="示例转载")
    return World(tmp_path, declare(title="示例原站"), reprint)


def look(world: World, day: float, own: bytes | None, other: bytes | None, *, twice: bool = True) -> None:
    for at in (days(day), days(day) + LATER)[: 1 + twice]:
        with world.run(at) as run:
            if own:
                run.see("/a.html", own)
        with world.run(at + timedelta(minutes=1), source=world.sources["test.reprint"]) as run:
            if other:
                run.see("/copy.html", other)


def diverging(world: World) -> list[queries.ChangeRow]:
    Ingestor(world.data, world.sources).ingest()
    found = queries.changes(open_reader(world.data.kb))
    return [row for row in found if row.kind is ChangeKind.COPIES_DIVERGE]


def listed(world: World) -> tuple[queries.DivergenceRow, ...]:
    return queries.divergences(open_reader(world.data.kb), page_id("test.rules", f"{HOST}/a.html"))


def test_one_site_amends_the_rule_and_the_other_does_not(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES, "<p>来源：示例原站</p>"))
    assert diverging(world) == []
    look(world, 3, numbered(FIVE), numbered(ARTICLES))
    look(world, 4.5, numbered(FIVE), numbered(ARTICLES))
    (row,) = diverging(world)
    assert (row.confirmation, row.origin) == (Confirmation.CONFIRMED, Origin.LIVE)
    assert "“五个工作日”／“十个工作日”" in row.headline
    assert "示例原站" in row.headline
    detail = queries.change(open_reader(world.data.kb), row.id)
    (clause,) = detail.passages
    assert "五个工作日" in clause.before
    assert "十个工作日" in clause.after
    assert len(detail.captures) == 2
    (state,) = listed(world)
    assert (state.change, state.until) == (row.id, None)


def test_it_ends_when_both_say_the_same_again(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    look(world, 3, numbered(FIVE), numbered(ARTICLES))
    look(world, 4.5, numbered(FIVE), numbered(ARTICLES))
    look(world, 5, numbered(FIVE), numbered(FIVE))
    (row,) = diverging(world)
    assert "已一致" in row.reason
    (state,) = listed(world)
    assert (state.until or "")[:10] == "2026-03-07"


def test_what_is_not_confirmed_diverges_from_nothing(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    look(world, 3, numbered(FIVE), numbered(ARTICLES), twice=False)
    assert diverging(world) == []
    look(world, 4, numbered(ARTICLES), numbered(ARTICLES))
    assert diverging(world) == []
    assert listed(world) == ()


def test_copies_that_differed_when_first_seen_are_listed_and_never_told(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(FIVE))
    assert diverging(world) == []
    (state,) = listed(world)
    assert state.change is None
    assert [(each.page, each.copy) for each in state.clauses] == [
        (ARTICLES[2], FIVE[2]),
    ]
    look(world, 3, numbered(FIVE), numbered(FIVE))
    assert diverging(world) == []
    assert listed(world)[0].until


def test_dress_is_no_divergence(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(COMMA, "<p>发布时间：2026年3月1日</p>"))
    look(world, 3, numbered(ARTICLES, "<p>部长　某某</p>"), numbered(COMMA))
    assert diverging(world) == []
    assert listed(world) == ()


def test_a_copy_that_arrives_by_import_is_told_to_nobody(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    with world.run(days(5), source=world.sources["test.reprint"], origin=Origin.IMPORT) as run:
        run.see("/copy.html", numbered(FIVE), keep=True)
    assert all(row.origin is Origin.IMPORT for row in diverging(world))


def test_the_history_of_a_copy_names_the_change_of_its_own_text(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    look(world, 3, numbered(ARTICLES), numbered(FIVE))
    (row,) = diverging(world)
    rows = queries.history(open_reader(world.data.kb), f"{HOST}/copy.html")
    (amended_,) = [each for each in rows if each.change]
    assert amended_.change != row.id


def test_apart_again_they_are_told_anew(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    for day in (3, 4.5):
        look(world, day, numbered(FIVE), numbered(ARTICLES))
    look(world, 5, numbered(FIVE), numbered(FIVE))
    look(
        world, 7, numbered(FIVE), numbered(amended(2, "申请人应当自受理之日起三个工作日内补正全部申请材料。"))
    )
    assert len(diverging(world)) == 2
    assert [bool(each.until) for each in listed(world)] == [True, False]


def test_copies_that_follow_within_a_day_were_never_apart(world: World) -> None:
    """One site is looked at in the morning and the other in the evening: who amends both is told once of each."""
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    look(world, 3, numbered(FIVE), numbered(ARTICLES))
    assert [row.confirmation for row in diverging(world)] == [Confirmation.PROVISIONAL]
    assert listed(world), "that they differ is shown at once"
    look(world, 3.5, None, numbered(FIVE), twice=False)
    assert [row.confirmation for row in diverging(world)] == [Confirmation.PROVISIONAL]
    look(world, 3.6, numbered(FIVE), numbered(FIVE), twice=False)
    assert diverging(world) == []
    assert listed(world)[0].until


def test_a_copy_nobody_looked_at_meanwhile_is_not_said_to_differ(world: World) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    for day in (3, 4, 5, 6):
        look(world, day, numbered(FIVE), None)
        assert [row.confirmation for row in diverging(world)] == [Confirmation.PROVISIONAL]
    look(world, 7, numbered(FIVE), numbered(FIVE))
    assert diverging(world) == []


def test_looks_that_show_nothing_new_make_a_divergence_sure_and_a_rebuild_finds_the_same(
    world: World, tmp_path: Path
) -> None:
    look(world, 0, numbered(ARTICLES), numbered(ARTICLES))
    look(world, 3, numbered(FIVE), numbered(ARTICLES))
    diverging(world)
    heads = {source: Heads(world.data.captures / source, source) for source in world.sources}
    for number, day in enumerate((3.2, 3.7, 4.5, 5.5)):
        for source, path, articles in (
            ("test.rules", "/a.html", FIVE),
            ("test.reprint", "/copy.html", ARTICLES),
        ):
            with world.run(days(day), source=world.sources[source], heads=heads[source]) as run:
                run.see(path, numbered(articles))
        report = Ingestor(world.data, world.sources).ingest()
        assert report.of("test.reprint").kept == (number == 0)
        (row,) = diverging(world)
        assert row.confirmation is (Confirmation.CONFIRMED if number > 1 else Confirmation.PROVISIONAL)
        assert (row.id in report.changes) is (number == 2)
        again = tmp_path / f"{number}.db"
        derive_into(again, world.data, world.sources)
        with closing(open_reader(again)) as one, closing(open_reader(world.data.kb)) as other:
            assert list(canonical_dump(one)) == list(canonical_dump(other))
