"""Damage, and pages that changed their role or title, give the same rows however the reading was cut."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from world import ARTICLES, HTML, World, amended, days, rule

from kb.codes import PageRole
from kb.store import open_reader, queries
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import derive_into
from scheduler.observed import Observed

OTHER = amended(2, "申请人应当自受理之日起三十个工作日内补正全部申请材料。")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def ingest(world: World) -> None:
    Ingestor(world.data, world.sources).ingest()


def same_anew(world: World) -> bool:
    fresh = world.data.root / "fresh.db"
    fresh.unlink(missing_ok=True)
    derive_into(fresh, world.data, world.sources)
    return list(canonical_dump(open_reader(world.data.kb))) == list(canonical_dump(open_reader(fresh)))


@pytest.mark.parametrize(
    ("name", "opened"),
    [
        ("20260301T000000Z-test.rules.jsonl", "2026-03-01T00:00:00Z"),
        ("20269901T000000Z-test.rules.jsonl", "1970-01-01T00:00:00Z"),
        ("whatever.jsonl", "1970-01-01T00:00:00Z"),
    ],
)
def test_an_unreadable_first_line_has_a_time(world: World, name: str, opened: str) -> None:
    with world.run(days(0)) as run:
        run.see()
    (world.data.captures / "test.rules" / name).write_bytes(b"\0\0garbage\n{}\n")
    ingest(world)
    rows = queries.incidents(open_reader(world.data.kb))
    assert {row.opened_at for row in rows} == {opened}
    assert datetime.fromisoformat(opened).tzinfo is not None
    with Observed(world.data.kb) as observed:
        assert len(observed.incidents("1")) == len(rows) == 2


def test_the_time_of_a_fault_does_not_depend_on_where_reading_resumed(world: World) -> None:
    run = world.run(days(0))
    run.see(at=days(0.1))
    ingest(world)
    log = next(world.data.captures.glob("*/*.jsonl"))
    with log.open("ab") as file:
        file.write(b"garbage\n")
    ingest(world)
    assert same_anew(world)
    assert queries.open_incidents(open_reader(world.data.kb))[0].opened_at == "2026-03-02T01:00:00Z"
    run.writer.close()


def test_a_fault_is_closed_by_the_next_run_that_ends(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    log = next(world.data.captures.glob("*/*.jsonl"))
    with log.open("ab") as file:
        file.write(b"garbage\n")
    ingest(world)
    reader = open_reader(world.data.kb)
    assert [row.page for row in queries.open_incidents(reader)] == [None]
    run = world.run(days(1))
    run.see()
    run.fail("/elsewhere.pdf")
    run.writer.finished(run.at, status="partial")
    run.writer.close()
    ingest(world)
    assert [row.page is None for row in queries.open_incidents(reader)] == [False]


def test_a_page_keeps_the_role_it_began_with(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/a.html", rule(), role=PageRole.ATTACHMENT, headers=HTML)
    ingest(world)
    for day in (1, 2):
        with world.run(days(day)) as run:
            run.see("/a.html", rule(articles=OTHER), role=PageRole.DOCUMENT)
        ingest(world)
    assert same_anew(world)
    assert queries.pages(open_reader(world.data.kb), "test.rules")[0].role is PageRole.ATTACHMENT


def test_a_draft_with_a_new_title_is_no_draft_of_the_old_rule(world: World) -> None:
    final = amended(1, "在中华人民共和国境内从事示例业务，应当依法取得新的许可证件并按年报告。")

    def day(number: int, draft: bytes | None = None, finished: bool = False) -> None:
        with world.run(days(number)) as run:
            named = ["/x.html", *(["/d.html"] if draft else []), *(["/f.html"] if finished else [])]
            run.list(*named)
            run.see("/x.html", rule("无关的办法标题", ARTICLES[:3]))
            if draft:
                run.see("/d.html", draft)
            if finished:
                run.see("/f.html", rule("示例业务管理办法", final))
        ingest(world)

    draft = rule("示例业务管理办法（征求意见稿）")
    day(0)
    for number in (1, 2):
        day(number, draft)
    for number in (3, 4):
        day(number, draft, finished=True)
    reader = open_reader(world.data.kb)
    assert reader.execute("SELECT count(*) FROM documents WHERE draft IS NOT NULL").fetchone()[0] == 1
    for number in (5, 6):
        day(number, rule("完全另外一件事情的若干规定（征求意见稿）", OTHER), finished=True)
    assert reader.execute("SELECT count(*) FROM documents WHERE draft IS NOT NULL").fetchone()[0] == 0
    assert same_anew(world)
