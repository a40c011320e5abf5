"""Facts between pages: what is newly published, which pages are one document, drafts and finals, what is gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.codes import BlockKind, ChangeKind, Confirmation, SourceLevel
from kb.model import Block, Document, page_id
from kb.store import open_reader, queries
from kb.store.ingest import Ingestor
from kb.store.joining import Member, components
from kb.store.keys import number_key, text_key, title_core

LATER = timedelta(minutes=30)
OTHER = rule("另一示例服务备案规定", ("另一示例服务提供者应当在二十个工作日内履行备案手续。", *ARTICLES[:2]))
MISSING = b"<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def changes(world: World) -> tuple[queries.ChangeRow, ...]:
    Ingestor(world.data, world.sources).ingest()
    return queries.changes(open_reader(world.data.kb))


def page(path: str, source: str = "test.rules") -> str:
    return page_id(source, HOST + path)


def test_a_document_that_a_known_list_names_later_is_newly_published(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/a.html")
        run.see()
    with world.run(days(1)) as run:
        run.list("/a.html", "/b.html")
        run.see()
        run.see("/b.html", OTHER)
    (row,) = changes(world)
    assert (row.document, row.kind, row.confirmation) == (
        page("/b.html"),
        ChangeKind.NEW,
        Confirmation.PROVISIONAL,
    )
    assert (row.observed_from, row.observed_to) == ("2026-03-02T01:00:05Z", "2026-03-03T01:00:15Z")
    assert row.headline == "新发布《另一示例服务备案规定》"
    with world.run(days(1) + LATER) as run:
        run.see("/b.html", OTHER)
    (row,) = changes(world)
    assert row.confirmation is Confirmation.CONFIRMED


def test_what_a_list_names_at_its_own_baseline_is_not_new(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/a.html", "/b.html")
        run.see()
    with world.run(days(1)) as run:
        run.list("/a.html", "/b.html")
        run.see("/b.html", OTHER)
    assert changes(world) == ()


def test_a_page_known_before_its_list_named_it_is_not_new(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/a.html")
        run.see("/b.html", OTHER)
    with world.run(days(1)) as run:
        run.list("/a.html", "/b.html")
        run.see("/b.html", OTHER)
    assert changes(world) == ()


def test_a_new_document_that_was_first_blocked_is_still_new(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/a.html")
    with world.run(days(1)) as run:
        run.list("/a.html", "/b.html")
        run.fail("/b.html")
    assert changes(world) == ()
    with world.run(days(2)) as run:
        run.see("/b.html", OTHER)
    (row,) = changes(world)
    assert row.kind is ChangeKind.NEW


def numbered(title: str, number: str, articles: tuple[str, ...] = ARTICLES) -> bytes:
    body = rule(title, articles).decode()
    return body.replace("<div class='content'>", f"<div class='content'><p>{number}</p>").encode()


def test_pages_with_the_same_number_are_one_document(tmp_path: Path) -> None:
    world = World(tmp_path, declare(), declare("test.reprint", level="official_reprint"))
    number = "国信办发〔2026〕4号"
    with world.run(days(0), source=world.sources["test.reprint"]) as run:
        run.see("/x.html", numbered("示例业务管理办法", number))
    with world.run(days(1)) as run:
        run.see("/a.html", numbered("示例业务管理办法", number, amended(0, "为了规范经营活动，制定本办法。")))
    Ingestor(world.data, world.sources).ingest()
    reader = open_reader(world.data.kb)
    found = queries.document(reader, page("/a.html"))
    assert found.id == page("/x.html", "test.reprint")
    assert found.source == "test.rules", "the regulator's own text stands for the document"
    assert found.pages == (f"{HOST}/x.html", f"{HOST}/a.html")
    assert queries.document(reader, f"{HOST}/a.html#top").id == found.id


def test_pages_with_the_same_title_and_text_are_one_document(tmp_path: Path) -> None:
    world = World(tmp_path, declare(), declare("test.reprint", level="official_reprint"))
    for source, at in (("test.rules", days(0)), ("test.reprint", days(1))):
        with world.run(at, source=world.sources[source]) as run:
            run.see()
    Ingestor(world.data, world.sources).ingest()
    assert queries.overview(open_reader(world.data.kb)).documents == 1


def test_a_copy_listed_later_is_republished_not_new(tmp_path: Path) -> None:
    reprint = declare("test.reprint", level="official_reprint")
    world = World(tmp_path, declare(), reprint)
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(0), source=reprint) as run:
        run.list("/old.html")
    with world.run(days(1), source=reprint) as run:
        run.list("/old.html", "/copy.html")
        run.see("/copy.html")
    (row,) = changes(world)
    assert row.kind is ChangeKind.REPUBLISHED


def test_a_final_is_linked_to_its_draft_and_compared_with_it(world: World) -> None:
    draft = rule(
        "示例业务管理办法（征求意见稿）", amended(2, "申请人应当自受理之日起十五个工作日内补正材料。")
    )
    with world.run(days(0)) as run:
        run.list("/old.html")
    with world.run(days(1)) as run:
        run.list("/old.html", "/draft.html")
        run.see("/draft.html", draft)
    (row,) = changes(world)
    assert row.kind is ChangeKind.DRAFT_PUBLISHED
    with world.run(days(40)) as run:
        run.list("/old.html", "/draft.html", "/final.html")
        run.see("/final.html")
    final, _ = changes(world)
    assert final.kind is ChangeKind.FINALISED
    detail = queries.change(open_reader(world.data.kb), final.id)
    assert any("十五个工作日" in passage.before for passage in detail.passages)
    assert queries.document(open_reader(world.data.kb), page("/final.html")).draft == page("/draft.html")


def absent(world: World, *paths: str, first: int = 1, looks: int = 3) -> None:
    for day in range(first, first + looks):
        with world.run(days(day)) as run:
            for path in paths:
                run.see(path, MISSING, status=404)


def test_gone_needs_three_days_no_list_and_a_healthy_source(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/a.html", "/b.html")
        run.see()
        for number in range(5):
            run.see(
                f"/{number}.html", rule(f"第{number}号示例规定", (f"第{number}项示例义务应当在五日内履行。",))
            )
    with world.run(days(1)) as run:
        run.list("/b.html")
    absent(world, "/a.html", looks=2)
    assert changes(world) == ()
    absent(world, "/a.html", first=3, looks=1)
    (row,) = changes(world)
    assert (row.kind, row.confirmation) == (ChangeKind.GONE, Confirmation.HELD)
    assert (row.observed_from, row.observed_to) == ("2026-03-02T01:00:10Z", "2026-03-03T01:00:05Z")
    assert "不等于废止" in row.reason
    assert row.licences == ("vats-license",)


def test_a_page_still_listed_is_not_gone(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/a.html")
        run.see()
    absent(world, "/a.html")
    assert changes(world) == ()


def test_a_source_in_trouble_loses_no_page(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
        run.see("/b.html", OTHER)
    absent(world, "/a.html", "/b.html")
    assert changes(world) == ()


@pytest.mark.parametrize(
    "title",
    [
        "示例业务管理办法",
        "示例业务管理办法（征求意见稿）",
        "示例业务管理办法(修订草案征求意见稿)",
        "《示例业务管理办法》",
        "关于印发《示例业务管理办法》的通知",
        "某某部关于《示例业务管理办法（征求意见稿）》公开征求意见的通知",
        "某某部关于示例业务管理办法公开征求意见的通知",
        "关于公开征求《示例业务管理办法（征求意见稿）》意见的公告",
    ],
)
def test_title_core(title: str) -> None:
    assert title_core(title) == "示例业务管理办法"


def test_a_title_that_quotes_another_rule_keeps_its_own_name() -> None:
    for title in (
        "《示例条例》实施细则",
        "关于修改《示例条例》的决定",
        "关于修改《示例条例》的决定（征求意见稿）",
    ):
        assert title_core(title) != title_core("示例条例")
    assert title_core("关于修改《示例条例》的决定（征求意见稿）") == title_core("关于修改《示例条例》的决定")


def made(number: str = "", issuers: tuple[str, ...] = (), text: str = "短") -> Document:
    return Document("示例", (Block(BlockKind.PARAGRAPH, text),), doc_number=number, issuers=issuers)


def test_number_keys() -> None:
    assert number_key(made("国信办发〔2026〕4号")) == number_key(made("国信办发[2026]4号", ("甲",)))
    assert number_key(made("第12号")) == ""
    assert number_key(made("第12号", ("甲",))) != number_key(made("第12号", ("乙",)))


def test_short_texts_join_nothing() -> None:
    assert text_key(made(text="附件见下")) == ""
    assert text_key(made(text="文" * 60))


def test_components_reach_through_others() -> None:
    def member(page: int, number: str, text: str) -> Member:
        return Member(page, f"pg-{page}", number, text, "2026", SourceLevel.REGULATOR)

    members = [member(1, "n", ""), member(2, "", "t"), member(3, "", ""), member(4, "n", "t")]
    assert sorted(sorted(m.page for m in group) for group in components(members)) == [[1, 2, 4], [3]]
