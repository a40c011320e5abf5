"""A document page says what other rules do to it, where else it stands, and where its copies differ."""

from __future__ import annotations

import pytest
from made_up_base import Base
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.saying.relating import copies

EVIDENCE = "本办法自2027年1月1日起施行，《示例旧备案办法》同时废止。"


@pytest.fixture
def related(filled):
    """do-a1 repeals an old rule; a later notice amends it; a platform's copy says another period."""
    base = Base(filled.kb)
    number = {row["document_id"]: row["id"] for row in base.connection.execute("SELECT * FROM documents")}
    source = base.connection.execute("SELECT source FROM documents WHERE document_id = 'do-a1'").fetchone()[0]
    page = base.page(source, "pg-e1", "https://wangxin.example.invalid/old.htm")
    old = base.document(source, "do-e1", "示例旧备案办法", effective="2020-01-01")
    base.attach(
        page,
        old,
        base.version(page, "ve-e1", [("第一条", "旧。")], title="示例旧备案办法", effective="2020-01-01"),
    )
    base.add(
        "relations", document=number["do-a1"], seq=0, relation="repeals", title="示例旧备案办法", target=old,
        anchor="第三十条", evidence=EVIDENCE, effective="2026-01-01",
    )  # fmt: skip
    base.add(
        "relations", document=number["do-a1"], seq=1, relation="cites", title="某上位法", evidence="某上位法"
    )
    pages = {row["page_id"]: row["id"] for row in base.connection.execute("SELECT * FROM pages")}
    clauses = [
        {
            "anchor": "第五条",
            "page": "应当在十日内" + "办理手续。" * 40,
            "copy": "应当在五日内" + "办理手续。" * 40,
        }
    ]
    for at, until in (("dv-1", None), ("dv-2", "2026-11-22T00:00:00Z")):
        base.add(
            "divergences", divergence_id=at, document=number["do-a1"], page=pages["pg-a1"], copy=pages["pg-c1"],
            since="2026-11-20T22:00:00Z", until=until, clauses=clauses,
        )  # fmt: skip
    base.close()
    return filled


async def test_the_page_names_what_it_ends_with_the_words_and_a_link(related, site):
    page = Html((await site(related).client.get("/document/do-a1")).text)
    first = page.css_first(".relations li")
    assert first.text().startswith("本文件废止《示例旧备案办法》　自 2026-01-01 起")
    assert EVIDENCE in first.text()
    assert first.css_first("a").attributes["href"] == "/document/do-e1"
    assert "某上位法" in page.css_first("details .relations li").text()
    assert "本库未收录" in page.css_first("details .relations li").text()


async def test_what_was_ended_says_so_in_its_status(related, site):
    page = Html((await site(related).client.get("/document/do-e1")).text)
    assert page.css_first(".badges .badge").text() == "已废止"
    assert "《示例算法备案管理办法》（示例网信办令第3号）废止本文件" in page.css_first(".relations li").text()


async def test_only_open_divergences_are_shown_and_of_a_platform_around_the_words(related, site):
    for public in (False, True):
        page = Html((await site(related, public=public).client.get("/document/do-a1")).text)
        heads = [head.text() for head in page.css("h2") if "各处文本不一致" in head.text()]
        assert heads == ["各处文本不一致自 2026-11-21 06:00 起"]
        shown = page.css_first(".diff").text()
        assert "五" in shown
        assert ("办理手续。" * 40 in shown) is not public


def test_copies_are_other_addresses_of_the_rule_itself():
    rows = [
        {"url": "https://a.example/1", "role": "document", "source_title": "甲"},
        {"url": "https://b.example/2", "role": "document", "source_title": "乙"},
        {"url": "https://b.example/2", "role": "document", "source_title": "乙"},
        {"url": "https://b.example/3.pdf", "role": "attachment", "source_title": "乙"},
    ]
    assert [copy["url"] for copy in copies(rows, "https://a.example/1")] == ["https://b.example/2"]


async def test_a_draft_and_its_final_text_name_each_other_without_a_day(related, site):
    base = Base(related.kb)
    base.connection.execute("UPDATE documents SET draft = 'do-b1' WHERE document_id = 'do-a1'")
    base.close()
    client = site(related).client
    for path, said in (("do-a1", "本文件的征求意见稿："), ("do-b1", "本征求意见稿的正式稿：")):
        page = Html((await client.get(f"/document/{path}")).text)
        line = next(each.text() for each in page.css(".relations li") if each.text().startswith(said))
        assert line.endswith("》") or line.endswith("）")
