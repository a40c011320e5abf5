"""Two text versions beside each other: which two, what is folded, what moved, tables cell by cell."""

from __future__ import annotations

import pytest
from made_up_base import Base
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.saying import comparing
from kb.changing.compare import compare
from kb.codes import BlockKind, Op, Significance
from kb.model import Block, Cell, Document, PassageChange


def rule(*paragraphs: str) -> Document:
    return Document("示例办法", tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs))


def row(key: str, **cells: str) -> Block:
    return Block(
        BlockKind.ROW,
        " | ".join(cells.values()),
        row_key=(key,),
        cells=tuple(Cell(name, text) for name, text in cells.items()),
    )


def blocks(old: Document, new: Document, rows: set[str] = frozenset(), *, full: bool = True):
    return list(comparing.blocks(compare(old, new).passages, rows, full=full))


ARTICLES = [f"第{number}条　备案主体应当按照第{number}种方式办理。" for number in "一二三四五六"]


def test_unchanged_runs_are_folded_under_the_clauses_they_run_between():
    (same, change) = blocks(rule(*ARTICLES), rule(*ARTICLES[:5], ARTICLES[5].replace("办理", "及时办理")))
    assert (same["kind"], same["between"], len(same["passages"])) == ("same", "第一条 … 第五条", 5)
    assert change["change"]["cited"] == "第六条"


def test_renumbered_clauses_say_from_where_to_where():
    new = [ARTICLES[0], "第二条　监管机关每年公布名单，接受公众监督。", *ARTICLES[1:]]
    new[2:] = [
        text.replace(old, now, 1) for text, old, now in zip(new[2:], "二三四五六", "三四五六七", strict=True)
    ]
    (first, added, shifted) = blocks(rule(*ARTICLES), rule(*new))
    assert (first["shifted"], added["kind"], shifted["shifted"]) == (0, "change", 5)
    assert shifted["between"] == "第二条 → 第三条 … 第六条 → 第七条"
    assert shifted["passages"][0]["text"]


def test_a_moved_passage_is_shown_once_with_where_it_stood():
    chapters = ["第一章　总则", ARTICLES[0], "第二章　附则", "第二条　解释权归监管机关。"]
    rows = [PassageChange(Op.MOVED, Significance.EDITORIAL, "甲/第三条", "乙/第三条", "文字。", "文字。")]
    (moved,) = comparing.blocks(rows, full=True)
    assert (moved["kind"], moved["between"]) == ("moved", "甲 第三条 → 乙 第三条")
    assert len(moved["passages"]) == 1
    assert not list(comparing.blocks(compare(rule(*chapters), rule(*chapters)).passages, full=False))


def test_a_table_row_is_compared_cell_by_cell():
    old = Document("类目", (row("AI绘画", 类目="AI绘画", 资质="合作协议", 备注="/"),))
    new = Document("类目", (row("AI绘画", 类目="AI绘画", 资质="合作协议、备案截图", 备注="/"),))
    (shown,) = blocks(old, new, {"AI绘画"})
    cells = {cell["name"]: cell for cell in shown["change"]["cells"]}
    assert [name for name, cell in cells.items() if not cell["same"]] == ["资质"]
    assert [piece.text for piece in cells["资质"]["after"] if piece.marked] == ["、备案截图"]
    assert not blocks(old, new, {"AI绘画"}, full=False)[0]["change"]["cells"]


def test_without_the_right_to_full_text_nothing_unchanged_is_shown():
    shown = blocks(rule(*ARTICLES), rule(*ARTICLES[:5], "第六条　另有规定的除外。"), full=False)
    assert [one["kind"] for one in shown] == ["change"]


async def test_the_pickers_offer_every_version_and_stand_on_the_two_that_are_compared(reader):
    page = Html((await reader.get("/document/do-a1/compare?from=ve-a2&to=ve-a1")).text)
    assert [option.attributes["value"] for option in page.css("#from option")] == ["ve-a2", "ve-a1"]
    chosen = [option.attributes["value"] for option in page.css("option[selected]")]
    assert chosen == ["ve-a2", "ve-a1"]
    assert page.css_first("form.pick").attributes["action"] == "/document/do-a1/compare"


async def test_without_a_choice_the_newest_text_is_compared_with_the_one_before(reader):
    page = Html((await reader.get("/document/do-a1/compare")).text)
    assert [option.attributes["value"] for option in page.css("option[selected]")] == ["ve-a1", "ve-a2"]


@pytest.mark.parametrize("lang", ["", "?lang=en"])
async def test_the_old_address_leads_to_the_new_one(reader, lang):
    answer = await reader.get(f"/document/do-a1/compare/ve-a1..ve-a2{lang}")
    assert answer.status_code == 301
    assert answer.headers["location"] == "/document/do-a1/compare?from=ve-a1&to=ve-a2" + lang.replace(
        "?", "&"
    )
    assert (await reader.get(answer.headers["location"])).status_code == 200


@pytest.mark.parametrize("query", ["from=ve-ff&to=ve-a2", "from=ve-a1&to=ve-b1", "from='&to=%00", "to=do-a1"])
async def test_what_is_no_version_of_the_document_is_not_found(reader, query):
    assert (await reader.get(f"/document/do-a1/compare?{query}")).status_code == 404


async def test_another_text_is_no_way_to_a_platform_page_in_full(filled, site):
    """An attachment of the same document has nothing in common with it, so that all of both would be shown."""
    base = Base(filled.kb)
    source = base.connection.execute("SELECT source FROM pages WHERE page_id = 'pg-c1'").fetchone()[0]
    document = base.connection.execute("SELECT id FROM documents WHERE document_id = 'do-c1'").fetchone()[0]
    page = base.page(
        source, "pg-c2", "https://weixin.example.invalid/a.pdf", role="attachment", parent="pg-c1"
    )
    version = base.version(page, "ve-c2", [("第1段", "附件。")])
    base.connection.execute(
        "UPDATE pages SET document = ?, current_version = ? WHERE id = ?", (document, version, page)
    )
    base.close()
    path = "/document/do-c1/compare?from=ve-c2&to=ve-c1"
    assert (await site(filled, public=True).client.get(path)).status_code == 404
    assert (await site(filled).client.get(path)).status_code == 200
