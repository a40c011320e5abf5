"""How many documents stand on a day is what each alone is said to be, and reckoned without their texts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.changing.status import standing
from kb.codes import DocumentStatus, SourceLevel
from kb.errors import NotFound
from kb.model import page_id
from kb.sqlite import sqlite3
from kb.store import open_reader, queries
from kb.store.connection import open_writer
from kb.store.ingest import Ingestor
from kb.store.queries.standing import standing_of
from kb.store.serial import document_from_json

LATER = timedelta(minutes=30)
IN_FORCE = "本办法自2026年3月1日起施行，有效期五年。"
LATE = "本办法自2026年9月1日起施行。《示例业务管理暂行办法》同时废止。"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """Rules with an end, amended, repealed by another, a draft, a copy, and one that says nothing of its days."""
    world = World(
        tmp_path_factory.mktemp("standing"), declare(), declare("test.copies", level="official_reprint")
    )
    first = {
        "/limited.html": rule("示例许可管理办法", (*ARTICLES, IN_FORCE)),
        "/old.html": rule("示例业务管理暂行办法", (*ARTICLES, "本办法自2020年1月1日起施行。")),
        "/draft.html": rule("示例业务管理办法（征求意见稿）", (*ARTICLES, "请于2026年3月20日前提出意见。")),
        "/plain.html": rule("示例问答"),
    }
    new = {"/new.html": rule("示例业务管理办法", (*ARTICLES, LATE))}
    changed = {"/limited.html": rule("示例许可管理办法", (*amended(2, "申请人应当立即补正。"), IN_FORCE))}
    for at, pages in ((0, first), (8, first | new), (9, first | new | changed), (10, first | new | changed)):
        for moment in (days(at), days(at) + LATER):
            with world.run(moment) as run:
                run.list("/known.html", *pages)
                for path, body in pages.items():
                    run.see(path, body)
    with world.run(days(12), source=world.sources["test.copies"]) as run:
        run.see("/copy.html", first["/old.html"])
    Ingestor(world.data, world.sources).ingest()
    return open_reader(world.data.kb)


def ids(reader: sqlite3.Connection) -> list[str]:
    return [row[0] for row in reader.execute("SELECT document_id FROM documents ORDER BY id")]


@settings(deadline=None)
@given(day=st.dates(date(2019, 1, 1), date(2033, 1, 1)), among=st.sets(st.integers(0, 20)))
def test_many_together_stand_as_each_alone_on_any_day(
    reader: sqlite3.Connection, day: date, among: set[int]
) -> None:
    every = ids(reader)
    asked = [every[number % len(every)] for number in among]
    assert queries.statuses_on(reader, asked, day) == {
        each: queries.as_of(reader, each, day).status for each in asked
    }


def test_the_days_that_matter(reader: sqlite3.Connection) -> None:
    seen = {
        title: tuple(
            queries.status_on(reader, document, day) for day in (date(2026, 3, 15), date(2032, 1, 1))
        )
        for document, title in reader.execute("SELECT document_id, title FROM documents")
    }
    assert seen["示例许可管理办法"] == (DocumentStatus.IN_FORCE, DocumentStatus.EXPIRED)
    assert seen["示例业务管理暂行办法"] == (DocumentStatus.IN_FORCE, DocumentStatus.REPEALED)
    assert seen["示例业务管理办法"] == (DocumentStatus.NOT_YET_IN_FORCE, DocumentStatus.IN_FORCE)


def test_the_columns_of_a_version_say_what_its_text_says(reader: sqlite3.Connection) -> None:
    versions = reader.execute(
        "SELECT v.version_id, v.document, s.level FROM versions v JOIN pages p ON p.id = v.page"
        " JOIN sources s ON s.id = p.source"
    ).fetchall()
    assert any(standing_of(reader, row["version_id"]).expires for row in versions)
    for row in versions:
        told = standing(document_from_json(row["document"]), SourceLevel(row["level"]))
        assert standing_of(reader, row["version_id"]) == told


def test_ids_are_answered_as_they_were_asked(reader: sqlite3.Connection) -> None:
    day = date(2026, 3, 15)
    address, page = f"{HOST}/limited.html", page_id("test.rules", f"{HOST}/limited.html")
    found = queries.statuses_on(reader, [address, page, address], day)
    assert found == {address: DocumentStatus.IN_FORCE, page: DocumentStatus.IN_FORCE}
    assert queries.statuses_on(reader, [], day) == {}
    with pytest.raises(NotFound):
        queries.statuses_on(reader, [page, "do-0"], day)


def test_no_text_is_read(reader: sqlite3.Connection) -> None:
    """Many documents take as many questions as one, and none of them of a column that holds a text."""
    every, asked = ids(reader), list[str]()
    reader.set_trace_callback(asked.append)
    queries.statuses_on(reader, every, date(2026, 3, 15))
    reader.set_trace_callback(None)
    assert len(asked) == 5
    assert not any("v.text " in each or "v.document" in each for each in asked)


def test_the_end_of_a_text_is_known_of_an_older_base_too(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.run(days(0)) as run:
        run.see(body=rule(articles=(*ARTICLES, IN_FORCE)))
    Ingestor(world.data, world.sources).ingest()
    writer = open_writer(world.data.kb)
    assert writer.execute("SELECT expires FROM versions").fetchone()[0] == "2031-02-28"
    writer.execute("DROP INDEX versions_by_page")
    writer.execute("CREATE INDEX versions_by_page ON versions (page, first_seen)")
    writer.execute("ALTER TABLE versions DROP COLUMN expires")
    writer.execute("DELETE FROM _sqlite_migrations WHERE name = '0013_expires'")
    writer.close()
    assert open_writer(world.data.kb).execute("SELECT expires FROM versions").fetchone()[0] == "2031-02-28"
