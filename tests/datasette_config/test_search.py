"""The search page finds Chinese words of any length and shows them where they stand."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser as Html


@pytest.mark.parametrize("query", ["备案", "工作日", "五个工作日", "备案 年度报告", "算法 第二十四条"])
async def test_finds_words_of_two_to_five_characters(reader, query):
    page = Html((await reader.get("/search", params={"q": query})).text)
    found = [node.text() for node in page.css(".results h3")]
    assert "示例算法备案管理办法" in found


async def test_marks_the_words_and_links_to_the_passage(reader):
    page = Html((await reader.get("/search", params={"q": "五个工作日"})).text)
    assert [mark.text() for mark in page.css("mark")] == ["五个工作日"]
    link = page.css_first(".results p a")
    assert (link.text(), link.attributes["href"]) == ("第二十四条", "/document/do-a1#第二十四条")


async def test_a_title_that_holds_the_query_comes_first(reader):
    page = Html((await reader.get("/search", params={"q": "小程序"})).text)
    assert page.css_first(".results h3").text() == "示例小程序开放类目"


async def test_only_the_text_that_stands_is_found(reader):
    text = (await reader.get("/search", params={"q": "十个工作日"})).text
    assert "没有“十个工作日”" in text


async def test_nothing_found_is_said_with_the_number_of_documents(reader):
    text = Html((await reader.get("/search", params={"q": "火星"})).text).body.text()
    assert "本库 3 份文件中没有“火星”。本库未覆盖的来源见“监测覆盖”。" in text


async def test_the_box_keeps_what_was_asked(reader):
    page = Html((await reader.get("/search", params={"q": '备案 "信息"'})).text)
    assert page.css_first("input[name=q]").attributes["value"] == '备案 "信息"'
