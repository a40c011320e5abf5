"""Days of documents as the calendar asks for them, over real captures."""

from datetime import date
from pathlib import Path

import pytest

from kb.calendar import DocumentDates
from kb.codes import Origin
from kb.store import open_reader
from kb.store.ingest import Ingestor
from kb.store.queries import document_dates
from tests.kb.store.world import ARTICLES, World, days, declare, rule

FUTURE = "本办法自2026年9月1日起施行。"
MOVED = "本办法自2026年10月1日起施行。"


def seen(world: World, since: str = "2026-03-02") -> tuple[DocumentDates, ...]:
    Ingestor(world.data, world.sources).ingest()
    return document_dates(open_reader(world.data.kb), date.fromisoformat(since))


def page(last: str, title: str = "示例业务管理办法") -> bytes:
    return rule(title, (*ARTICLES, last))


def test_a_rule_that_is_not_yet_in_force_has_a_day(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.run(days(0)) as run:
        run.see(body=page(FUTURE))
    (found,) = seen(world)
    assert (found.effective, found.is_draft, found.live, found.source) == (
        date(2026, 9, 1),
        False,
        True,
        "test.rules",
    )
    assert "vats-license" in found.licences
    assert seen(world, "2026-09-01") == (found,)
    assert seen(world, "2026-09-02") == ()


def test_a_later_text_supersedes_the_day_of_the_earlier_once_it_is_confirmed(tmp_path: Path) -> None:
    world = World(tmp_path)
    for day, last in ((0, FUTURE), (1, MOVED)):
        with world.run(days(day)) as run:
            run.see(body=page(last))
    assert [each.effective for each in seen(world)] == [date(2026, 9, 1)]
    with world.run(days(1.5)) as run:
        run.see(body=page(MOVED))
    assert [each.effective for each in seen(world)] == [date(2026, 10, 1)]


def test_what_was_imported_is_known_as_not_live(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.run(days(0), origin=Origin.IMPORT) as run:
        run.see(body=page(FUTURE))
    assert [each.live for each in seen(world)] == [False]


@pytest.mark.parametrize(
    ("title", "province"),
    [("示例业务管理办法", "广东"), ("工业和信息化部关于示例业务的通知", "")],
    ids=["local", "handed on"],
)
def test_a_day_is_of_a_province_where_its_rule_is_local(tmp_path: Path, title: str, province: str) -> None:
    world = World(tmp_path, declare(province="广东省"))
    with world.run(days(0)) as run:
        run.see(body=page(FUTURE, title))
    assert [each.province for each in seen(world)] == [province]


def test_words_about_a_rule_have_no_days_of_their_own(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.run(days(0)) as run:
        run.see("/a.html", page("示例业务监督管理规定自2026年9月1日起施行。", "《示例业务监督管理规定》解读"))
    assert seen(world) == ()


def test_a_rule_repealed_before_its_day_has_none(tmp_path: Path) -> None:
    world = World(tmp_path)
    numbered = page(FUTURE).decode().replace("<p>第一条", "<p>示例通信部令第5号</p><p>第一条")
    numbered = numbered.replace("</div></body>", "<p>示例通信部</p><p>2026年1月5日</p></div></body>")
    repeals = "本规定自2026年8月1日起施行。《示例业务管理办法》（示例通信部令第5号）同时废止。"
    with world.run(days(0)) as run:
        run.see("/a.html", numbered.encode())
        run.see("/b.html", rule("示例业务监督管理规定", (*ARTICLES[:3], repeals)))
    assert [each.title for each in seen(world)] == ["示例业务监督管理规定"]


def test_a_transition_that_ends_after_the_rule_itself_is_no_day(tmp_path: Path) -> None:
    """Whoever asks from a day before it came into force is told no more than who asks from a later one."""
    world = World(tmp_path)
    own = "本办法自2026年4月1日起施行。本办法施行前已经开展业务的，应当于2026年10月1日前完成整改。"
    numbered = page(own).decode().replace("<p>第一条", "<p>示例通信部令第5号</p><p>第一条")
    numbered = numbered.replace("</div></body>", "<p>示例通信部</p><p>2026年1月5日</p></div></body>")
    repeals = "本规定自2026年8月1日起施行。《示例业务管理办法》（示例通信部令第5号）同时废止。"
    with world.run(days(0)) as run:
        run.see("/a.html", numbered.encode())
        run.see("/b.html", rule("示例业务监督管理规定", (*ARTICLES[:3], repeals)))
    first = {each.title: each for each in seen(world, "2026-03-02")}["示例业务管理办法"]
    assert (first.effective, first.transition_until) == (date(2026, 4, 1), None)
    assert [each.title for each in seen(world, "2026-05-01")] == ["示例业务监督管理规定"]


def test_a_new_document_has_its_day_when_its_publication_is_confirmed(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.run(days(0)) as run:
        run.list("/old.html")
    with world.run(days(1)) as run:
        run.list("/old.html", "/a.html")
        run.see("/a.html", page(FUTURE))
    assert seen(world) == ()
    with world.run(days(1.1)) as run:
        run.see("/a.html", page(FUTURE))
    assert [each.title for each in seen(world)] == ["示例业务管理办法"]


def test_days_of_a_licence_and_up_to_a_day_can_be_asked_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    with world.run(days(0)) as run:
        run.see(body=page(FUTURE))
    Ingestor(world.data, world.sources).ingest()
    connection = open_reader(world.data.kb)
    since = date(2026, 3, 2)
    every = document_dates(connection, since)
    assert document_dates(connection, since, until=date(2026, 9, 1)) == every
    assert document_dates(connection, since, until=date(2026, 8, 31)) == ()
    assert document_dates(connection, since, licences=("vats-license",)) == every
    assert document_dates(connection, since, licences=("hr-license",)) == ()
