"""What is shown to a person before anybody is alerted, and what ends by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.archive import ListedItem
from kb.codes import ChangeKind, Confirmation, Health, PageRole
from kb.errors import UsageError
from kb.store import open_reader, queries
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import derive_into, refuse_loss

MISSING = b"<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def ingest(world: World) -> tuple[queries.ChangeRow, ...]:
    Ingestor(world.data, world.sources).ingest()
    fresh = world.data.root / "fresh.db"
    fresh.unlink(missing_ok=True)
    derive_into(fresh, world.data, world.sources)
    assert list(canonical_dump(open_reader(world.data.kb))) == list(canonical_dump(open_reader(fresh)))
    return queries.changes(open_reader(world.data.kb))


@pytest.mark.parametrize(
    ("printed", "confirmation"),
    [
        ("2015-01-01", Confirmation.HELD),
        ("2026-01-20", Confirmation.HELD),
        ("2026-02-20", Confirmation.CONFIRMED),
        ("", Confirmation.CONFIRMED),
    ],
)
def test_an_old_document_that_slides_into_its_list_is_held(
    world: World, printed: str, confirmation: Confirmation
) -> None:
    def look(day: int, *rows: tuple[str, str, str]) -> None:
        items = tuple(ListedItem(HOST + path, title, on) for path, title, on in rows)
        text = "".join(f"<li><a href='{path}'>{title}</a><span>{on}</span></li>" for path, title, on in rows)
        body = (
            f"<html><head><title>栏目</title></head><body><h2>政策文件栏目</h2><ul>{text}</ul></body></html>"
        )
        with world.run(days(day)) as run:
            run.see("/list.html", body.encode(), role=PageRole.LIST, items=items)
            for path, title, _ in rows:
                run.see(path, rule(title, ARTICLES if path == "/a.html" else ARTICLES[::-1]))

    first = ("/a.html", "示例业务管理办法", "2026-03-02")
    look(0, first)
    for day in (1, 2):
        look(day, first, ("/old.html", "另一项老办法", printed))
    (change,) = ingest(world)
    assert (change.kind, change.confirmation) == (ChangeKind.NEW, confirmation)
    reason = open_reader(world.data.kb).execute("SELECT reason FROM changes").fetchone()[0]
    assert ("疑为旧文件" in reason) == (confirmation is Confirmation.HELD)


def test_a_page_that_came_back_is_not_gone(world: World) -> None:
    def look(day: int, *, there: bool) -> tuple[queries.ChangeRow, ...]:
        with world.run(days(day)) as run:
            run.list(*(["/a.html", "/b.html"] if day == 0 else ["/b.html"]))
            run.see("/a.html") if there else run.see("/a.html", MISSING, status=404)
            run.see("/b.html", rule("另一个办法", ARTICLES[:3]))
        return ingest(world)

    look(0, there=True)
    for day in (1, 2, 3):
        gone = look(day, there=False)
    assert [(row.kind, row.confirmation) for row in gone] == [(ChangeKind.GONE, Confirmation.HELD)]
    assert look(4, there=True) == ()
    for day in (5, 6, 7):
        gone = look(day, there=False)
    assert [row.kind for row in gone] == [ChangeKind.GONE]


def test_an_answer_from_the_home_page_is_an_incident(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(1)) as run:
        run.see(body=rule("示例网站首页", ARTICLES[::-1]), final_url=f"{HOST}/")
    assert ingest(world) == ()
    assert [row.health for row in queries.open_incidents(open_reader(world.data.kb))] == [
        Health.REDIRECT_HOME
    ]


def test_a_rebuild_that_would_lose_a_source_is_refused(world: World) -> None:
    refuse_loss(world.data, {})
    with world.run(days(0)) as run:
        run.see()
    ingest(world)
    refuse_loss(world.data, world.sources)
    with pytest.raises(UsageError, match=r"test\.rules"):
        refuse_loss(world.data, {"test.other": declare("test.other")})


def test_an_id_leads_on_through_every_redirect(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    for step, number in enumerate("五六七八九"):
        with world.run(days(1) + step * (days(1) - days(0)) / 96) as run:
            run.see(body=rule(articles=amended(2, f"申请人应当自受理之日起{number}个工作日内补正材料。")))
        ingest(world)
    reader = open_reader(world.data.kb)
    froms = [row[0] for row in reader.execute("SELECT from_id FROM redirects WHERE kind = 'change'")]
    assert len(froms) == 4
    (last,) = queries.changes(reader)
    assert {queries.resolve(reader, "change", each) for each in froms} == {last.id}


LONG = tuple(text * 6 for text in ARTICLES)
REPEALED = ("本办法自公布之日起废止，原依据本办法取得的许可证继续有效至期满。",)


def test_a_short_notice_in_place_of_a_rule_is_a_held_change(world: World) -> None:
    def look(day: int, articles: tuple[str, ...]) -> tuple[queries.ChangeRow, ...]:
        with world.run(days(day)) as run:
            run.see(body=rule(articles=articles))
        return ingest(world)

    look(0, LONG)
    for day in (1, 2):
        assert look(day, REPEALED) == ()
        assert [row.health for row in queries.open_incidents(open_reader(world.data.kb))] == [Health.COLLAPSE]
    (change,) = look(3, REPEALED)
    assert (change.kind, change.confirmation) == (ChangeKind.REPEALED, Confirmation.HELD)
    assert queries.open_incidents(open_reader(world.data.kb)) == ()
    assert queries.search(open_reader(world.data.kb), "继续有效至期满")
    assert look(4, REPEALED) == (change,)
    look(5, LONG)
    kinds = {row.kind for row in look(6, LONG)}
    assert kinds == {ChangeKind.REPEALED, ChangeKind.REVERTED}


def test_a_collapse_that_ends_within_three_days_is_no_change(world: World) -> None:
    for day, articles in enumerate((LONG, REPEALED, REPEALED, LONG, REPEALED, REPEALED)):
        with world.run(days(day)) as run:
            run.see(body=rule(articles=articles))
    assert ingest(world) == ()


def test_a_page_nobody_asks_for_any_more_is_no_longer_an_incident(world: World) -> None:
    def look(day: int, *, asked: bool, listed: bool = True, failing: bool = True) -> list[str]:
        with world.run(days(day)) as run:
            if listed:
                run.list("/a.html")
            run.see()
            if asked and failing:
                run.fail("/list_2.html")
            elif asked:
                run.see("/list_2.html", rule("另一个办法", ARTICLES[:3]))
        ingest(world)
        return [row.url or "" for row in queries.open_incidents(open_reader(world.data.kb))]

    troubled = [f"{HOST}/list_2.html"]
    assert look(0, asked=True) == troubled
    assert look(1, asked=False, listed=False) == troubled, (
        "a second look at single pages asks for nothing else"
    )
    assert look(2, asked=False) == []
    (closed,) = queries.incidents(open_reader(world.data.kb))
    assert "不再监测" in closed.reasons[-1]
    assert look(3, asked=True) == troubled
    assert look(4, asked=False) == []
    assert look(5, asked=True, failing=False) == []
    (closed,) = queries.incidents(open_reader(world.data.kb))
    assert "不再监测" not in "".join(closed.reasons)


def test_when_most_of_a_text_is_gone_a_day_must_pass(world: World) -> None:
    def page(*numbers: int) -> bytes:
        articles = "".join(
            f"<p>第{n}条　第{n}项业务的经营者应当在{n}个工作日内报送第{n}号报告。</p>" for n in numbers
        )
        return f"<html><title>办法</title><h1>办法</h1><div class='content'>{articles}</div></html>".encode()

    def look(day: float, body: bytes) -> list[Confirmation]:
        with world.run(days(day)) as run:
            run.see(body=body)
        return [row.confirmation for row in ingest(world)]

    assert look(0, page(*range(1, 25))) == []
    half = page(*range(1, 12))
    assert look(1, half) == [Confirmation.PROVISIONAL]
    assert look(1.1, half) == [Confirmation.PROVISIONAL]
    row = (
        open_reader(world.data.kb).execute("SELECT observed_to, confirm_from, reason FROM changes").fetchone()
    )
    assert row["confirm_from"] == row["observed_to"].replace("-03T", "-04T")
    assert "隔一日" in row["reason"]
    assert look(2.1, half) == [Confirmation.CONFIRMED]
