"""What documents do to each other, whichever arrives first: relations find their targets, repeals are told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.codes import ChangeKind, Confirmation, Origin, RelationKind
from kb.model import page_id
from kb.store import open_reader, queries
from kb.store.ingest import Ingestor

LATER = timedelta(minutes=30)
OLD_NUMBER = "示例通信部令第5号"


def numbered(title: str, number: str, articles: tuple[str, ...], made: str = "") -> bytes:
    body = rule(title, articles).decode()
    body = body.replace("<div class='content'>", f"<div class='content'><p>{number}</p>")
    signed = f"<p>示例通信部</p><p>{made}</p></div>" if made else "</div>"
    return body.replace("</div></body>", f"{signed}</body>").encode()


OLD = numbered("示例服务管理暂行办法", OLD_NUMBER, ARTICLES, "2009年3月1日")
NEW = numbered(
    "示例服务管理办法",
    "示例通信部令第21号",
    (*amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。"),
     "本办法自2026年9月1日起施行。2009年3月1日公布的《示例服务管理暂行办法》（示例通信部令第5号）同时废止。"),
    "2026年3月3日",
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, declare(), declare("test.reprint", level="official_reprint"))


def ingested(world: World) -> object:
    Ingestor(world.data, world.sources).ingest()
    return open_reader(world.data.kb)


def page(path: str, source: str = "test.rules") -> str:
    return page_id(source, HOST + path)


def publish(world: World, path: str, body: bytes, at: float = 1) -> None:
    """A list that was known names a new page; it is looked at twice."""
    with world.run(days(0)) as run:
        run.list("/known.html")
    with world.run(days(at)) as run:
        run.list("/known.html", path)
        run.see(path, body)
    with world.run(days(at) + LATER) as run:
        run.see(path, body)


def repeals(world: World) -> list[queries.ChangeRow]:
    reader = ingested(world)
    return [row for row in queries.changes(reader) if row.kind is ChangeKind.REPEALED]  # type: ignore[arg-type]


def test_a_new_rule_that_repeals_one_we_hold_is_told_on_that_one(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/old.html", OLD)
    publish(world, "/new.html", NEW)
    (row,) = repeals(world)
    assert (row.document, row.title) == (page("/old.html"), "示例服务管理暂行办法")
    assert (row.confirmation, row.origin) == (Confirmation.CONFIRMED, Origin.LIVE)
    assert row.effective == "2026-09-01"
    assert "《示例服务管理办法》" in row.headline
    detail = queries.change(open_reader(world.data.kb), row.id)
    assert [p.after for p in detail.passages] == [
        "2009年3月1日公布的《示例服务管理暂行办法》（示例通信部令第5号）同时废止。"
    ]
    assert len(detail.captures) == 2


def test_the_repeal_waits_for_the_second_look_with_the_rule_that_says_it(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/known.html")
        run.see("/old.html", OLD)
    with world.run(days(1)) as run:
        run.list("/known.html", "/new.html")
        run.see("/new.html", NEW)
    (row,) = repeals(world)
    assert row.confirmation is Confirmation.PROVISIONAL


def test_a_target_that_arrives_later_is_found(world: World) -> None:
    publish(world, "/new.html", NEW)
    assert repeals(world) == []
    with world.run(days(2), source=world.sources["test.reprint"]) as run:
        run.see("/old.html", OLD)
    (row,) = repeals(world)
    assert row.document == page("/old.html", "test.reprint")
    (relation,) = queries.relations_of(open_reader(world.data.kb), page("/new.html")).does
    assert (relation.kind, relation.other, relation.anchor) == (
        RelationKind.REPEALS,
        page("/old.html", "test.reprint"),
        "第五条/第一款",
    )


def test_a_rule_that_was_there_before_repeals_without_a_change(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/old.html", OLD)
        run.see("/new.html", NEW)
    assert repeals(world) == []
    (relation,) = queries.relations_of(open_reader(world.data.kb), page("/old.html")).suffers
    assert (relation.kind, relation.other) == (RelationKind.REPEALS, page("/new.html"))
    assert relation.effective == "2026-09-01"


def test_a_draft_repeals_nothing(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/old.html", OLD)
    publish(
        world,
        "/new.html",
        NEW.replace("示例服务管理办法<".encode(), "示例服务管理办法（征求意见稿）<".encode()),
    )
    assert repeals(world) == []


def test_a_draft_of_the_same_name_is_never_the_target(world: World) -> None:
    draft = rule("示例服务管理暂行办法（征求意见稿）", ARTICLES)
    with world.run(days(0)) as run:
        run.see("/draft.html", draft)
    publish(world, "/new.html", NEW)
    assert repeals(world) == []
    (relation,) = queries.relations_of(open_reader(world.data.kb), page("/new.html")).does
    assert relation.other is None


def test_of_two_editions_the_number_decides(world: World) -> None:
    other = numbered(
        "示例服务管理暂行办法", "示例通信部令第9号", amended(0, "为了保障安全，制定本办法。"), "2015年3月1日"
    )
    with world.run(days(0)) as run:
        run.see("/old.html", OLD)
        run.see("/other.html", other)
    publish(world, "/new.html", NEW)
    (row,) = repeals(world)
    assert row.document == page("/old.html")


def test_an_imported_rule_repeals_and_alerts_nobody(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/known.html")
        run.see("/old.html", OLD)
    with world.run(days(1), origin=Origin.IMPORT) as run:
        run.list("/known.html", "/new.html")
        run.see("/new.html", NEW, keep=True)
    assert all(row.origin is Origin.IMPORT for row in repeals(world))


def test_a_copy_of_the_repealing_rule_tells_it_no_second_time(world: World) -> None:
    with world.run(days(0)) as run:
        run.see("/old.html", OLD)
    publish(world, "/new.html", NEW)
    reprint = world.sources["test.reprint"]
    with world.run(days(3), source=reprint) as run:
        run.list("/known.html", path="/other-list.html")
    with world.run(days(4), source=reprint) as run:
        run.list("/known.html", "/copy.html", path="/other-list.html")
        run.see("/copy.html", NEW)
    assert len(repeals(world)) == 1


def test_a_decision_that_amends_leaves_a_relation_and_no_change(world: World) -> None:
    decision = numbered(
        "示例通信部关于修改《示例服务管理暂行办法》的决定",
        "示例通信部令第30号",
        ("将《示例服务管理暂行办法》第三条中的“十个工作日”修改为“五个工作日”。", "本决定自公布之日起施行。"),
        "2026年3月3日",
    )
    with world.run(days(0)) as run:
        run.see("/old.html", OLD)
    publish(world, "/decision.html", decision)
    assert repeals(world) == []
    (relation,) = queries.relations_of(open_reader(world.data.kb), page("/old.html")).suffers
    assert (relation.kind, relation.other) == (RelationKind.AMENDS, page("/decision.html"))


def test_a_final_is_compared_with_a_draft_of_another_source(world: World) -> None:
    reprint = world.sources["test.reprint"]
    with world.run(days(0), source=reprint) as run:
        run.see(
            "/draft.html",
            rule("示例通信部关于公开征求《示例服务管理办法（征求意见稿）》意见的通知", ARTICLES),
        )
    publish(world, "/new.html", NEW)
    (row,) = [row for row in queries.changes(ingested(world)) if row.kind is ChangeKind.FINALISED]  # type: ignore[arg-type]
    detail = queries.change(open_reader(world.data.kb), row.id)
    assert any("十个工作日" in p.before and "五个工作日" in p.after for p in detail.passages)
    (relation,) = [
        each
        for each in queries.relations_of(open_reader(world.data.kb), page("/new.html")).does
        if each.kind is RelationKind.DRAFT_OF
    ]
    assert relation.other == page("/draft.html", "test.reprint")
