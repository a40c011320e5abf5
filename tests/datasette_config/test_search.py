"""The search page finds Chinese words of any length and shows them where they stand."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser as Html


@pytest.mark.parametrize("query", ["备案", "工作日", "五个工作日", "备案 年度报告", "算法 第二十四条"])
async def test_finds_words_of_two_to_five_characters(reader, query):
    page = Html((await reader.get("/search", params={"q": query})).text)
    found = [node.text() for node in page.css(".results h2")]
    assert "示例算法备案管理办法" in found


async def test_marks_the_words_and_links_to_the_passage(reader):
    page = Html((await reader.get("/search", params={"q": "五个工作日"})).text)
    assert [mark.text() for mark in page.css("mark")] == ["五个工作日"]
    link = page.css_first(".results p a")
    assert (link.text(), link.attributes["href"]) == ("第二十四条", "/document/do-a1#第二十四条")


async def test_a_title_that_holds_the_query_comes_first(reader):
    page = Html((await reader.get("/search", params={"q": "小程序"})).text)
    assert page.css_first(".results h2").text() == "示例小程序开放类目"


async def test_only_the_text_that_stands_is_found(reader):
    text = (await reader.get("/search", params={"q": "十个工作日"})).text
    assert "没有“十个工作日”" in text


async def test_nothing_found_is_said_with_the_number_of_documents(reader):
    page = Html((await reader.get("/search", params={"q": "火星"})).text)
    text = page.body.text()
    assert page.css_first(".empty a[href='/sources']").text() == "监测覆盖"
    assert "本库 3 份文件中没有“火星”。" in text


async def test_the_box_keeps_what_was_asked(reader):
    page = Html((await reader.get("/search", params={"q": '备案 "信息"'})).text)
    assert page.css_first("input[name=q]").attributes["value"] == '备案 "信息"'


HOSTILE = ['"', "(", "AND", "NEAR(a b)", "title:备案", "' or 1=1", "-", "=", "<script>alert(1)</script>", "\x00备", "备" * 200, "*", "%", "第条", "法" * 200, "ch-", "http://", "https://[", "=-“"]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=ascii)
@pytest.mark.parametrize(
    "more", ["", "&syn=0&sort=date&page=999999&in=x&since=x&licence=nobody&status=in_force"]
)
async def test_hostile_queries_get_a_page(reader, query, more):
    answer = await reader.get(f"/search?q={quote(query)}{more}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("ch-a1", "/change/ch-a1"),
        ("CH-01", "/change/ch-a1"),
        ("do-a1", "/document/do-a1"),
        ("pg-a1", "/document/do-a1"),
        ("ca-a1", "/document/do-a1"),
        ("ve-a1", "/document/do-a1/version/ve-a1"),
        ("https://wangxin.example.invalid/2026-11/23/c_0001.htm", "/document/do-a1"),
    ],
)
async def test_an_id_or_an_address_leads_to_its_page(reader, asked, path):
    answer = await reader.get("/search", params={"q": asked, "lang": "en"})
    assert (answer.status_code, answer.headers["location"]) == (302, f"{path}?lang=en")


@pytest.mark.parametrize(
    "asked", ["ch-ffff", "do-ffff", "ve-ffff", "ca-ffff", "in-ffff", "https://nowhere.example.invalid/"]
)
async def test_an_unknown_id_finds_nothing(reader, asked):
    answer = await reader.get("/search", params={"q": asked})
    assert answer.status_code == 200
    assert "份文件中没有" in answer.text


async def test_other_names_are_shown_and_can_be_left_out(reader):
    page = Html((await reader.get("/search", params={"q": "网信算备"})).text)
    assert "“网信算备”也检索了：算法备案、互联网信息服务算法备案" in page.body.text()
    assert page.css(".results h2")
    alone = Html((await reader.get(page.css_first("p.soft a").attributes["href"])).text)
    assert "只检索了原词" in alone.body.text()
    assert not alone.css(".results h2")


async def test_the_name_of_a_licence_type_leads_to_its_page(reader):
    page = Html((await reader.get("/search", params={"q": "算法备案"})).text)
    assert page.css_first(".jump a").attributes["href"] == "/licence/algorithm-filing"


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, {"do-a1", "do-c1"}),
        ({"level": "platform"}, {"do-c1"}),
        ({"licence": "algorithm-filing"}, {"do-a1"}),
        ({"authority": "示例平台"}, {"do-c1"}),
        ({"status": "not_yet_in_force"}, {"do-a1"}),
        ({"draft": "yes"}, set()),
        ({"since": "2026-11-23", "until": "2026-11-23"}, {"do-a1"}),
        ({"in": "do-c1"}, {"do-c1"}),
        ({"sort": "date"}, {"do-a1", "do-c1"}),
    ],
)
async def test_conditions_narrow_what_is_found(reader, conditions, found):
    page = Html((await reader.get("/search", params={"q": "算法备案", **conditions})).text)
    links = [node.attributes["href"] for node in page.css(".results h2 a")]
    assert {link.removeprefix("/document/") for link in links} == found


async def test_a_condition_that_cannot_be_read_is_named_and_the_others_hold(reader):
    page = Html(
        (await reader.get("/search", params={"q": "算法备案", "status": "x", "level": "platform"})).text
    )
    assert "文件状态：x" in page.css_first(".note").text()
    assert len(page.css(".results h2")) == 1
    assert page.css_first(".chips li a").attributes["href"].startswith("/search?q=")


async def test_a_clause_called_by_rule_and_number_comes_first(reader):
    page = Html((await reader.get("/search", params={"q": "算法备案管理办法第24条"})).text)
    assert page.css_first(".results p a.clause").attributes["href"] == "/document/do-a1#第二十四条"


async def test_what_only_an_earlier_text_says_is_told_with_its_times(reader):
    page = Html((await reader.get("/search", params={"q": "十个工作日"})).text)
    assert "没有“十个工作日”" in page.css_first(".empty").text()
    block = page.css_first(".stood")
    assert "以前的文本里有" in block.css_first("h2").text()
    assert "首次留存时已有" in block.text()
    assert "2026-11-24 06:12 见到时已没有" in block.text()
    link = block.css_first("a.clause")
    assert (link.text(), link.attributes["href"]) == (
        "第二十三条",
        "/document/do-a1/version/ve-a1#第二十三条",
    )
    assert [mark.text() for mark in block.css("mark")] == ["十个工作日"]


async def test_since_when_words_stand_is_told_when_asked(reader):
    plain = Html((await reader.get("/search", params={"q": "五个工作日"})).text)
    assert plain.css_first(".stood") is None
    page = Html((await reader.get("/search?q=五个工作日&history=1")).text)
    assert "2026-11-24 06:12 首次见到" in page.css_first(".stood").text()
    assert "现行文本里仍有" in page.css_first(".stood").text()
    none = Html((await reader.get("/search?q=火星&history=1")).text)
    assert "留存过的各个文本里都没有" in none.body.text()


async def test_a_stranger_is_told_the_times_and_no_words_of_an_excerpted_page(stranger):
    block = Html((await stranger.get("/search?q=结尾说明&history=1")).text).css_first(".stood")
    assert block.css("p.soft")
    assert "结尾说明" not in block.text()


async def test_the_number_of_a_clause_alone_is_asked_for_with_its_rule(reader):
    for query, said in (("第九条", True), ("第 9 条", True), ("备案", False), ("第九条的规定", False)):
        page = (await reader.get("/search", params={"q": query})).text
        assert ("条号请连同规则名称写" in page) is said, query


async def test_a_count_in_digits_finds_the_clause(reader):
    assert "示例算法备案管理办法" in (await reader.get("/search", params={"q": "5个工作日"})).text
