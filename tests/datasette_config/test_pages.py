"""Every reader page says what the base holds, in the words of the house."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser as Html


async def test_home_says_what_changed_and_what_was_looked_at(reader):
    answer = await reader.get("/")
    text = Html(answer.text).body.text(separator=" ")
    assert answer.status_code == 200
    assert "2026-11-24 周二" in text
    assert "今天：2 处实质性变动 · 待确认 1" in text
    assert "应看 3 个来源，已看 2 个" in text
    assert "1 个未能查看" in text


async def test_home_groups_changes_by_licence_with_their_status(reader):
    page = Html((await reader.get("/")).text)
    groups = {group.css_first("h3").text(strip=True): group.text() for group in page.css(".group")}
    assert list(groups) == ["小程序·深度合成类目", "算法备案", "未标注事项"]
    assert "尚未施行 · 2027-01-01 起，还有 38 天" in groups["算法备案"]
    assert "另涉及：深度合成备案" in groups["算法备案"]
    assert "待确认" in groups["未标注事项"]


async def test_home_lists_the_dates_to_come(reader):
    dates = [item.text(separator=" ") for item in Html((await reader.get("/")).text).css(".dates li")]
    assert [re.sub(r"\s+", " ", date).strip() for date in dates] == [
        "2026-12-01 还有 7 天 意见反馈截止： 示例生成内容标识规定（征求意见稿）",
        "2027-01-01 还有 38 天 施行： 示例算法备案管理办法",
        "2027-03-31 还有 127 天 年度事项截止： 增值电信业务经营信息年报",
    ]


async def test_change_shows_its_four_badges_in_order(reader):
    page = Html((await reader.get("/change/ch-a1")).text)
    assert [badge.text() for badge in page.css(".badges .badge")] == [
        "实质性变动",
        "尚未施行 · 2027-01-01 起，还有 38 天",
        "监管机关原站",
        "已确认",
    ]
    assert page.css_first("h1").text() == "第二十四条：更新备案信息的期限由“十个工作日”改为“五个工作日”"


async def test_change_marks_the_words_that_changed_and_says_so_without_colour(reader):
    page = Html((await reader.get("/change/ch-a1")).text)
    assert [mark.text() for mark in page.css("del")] == ["删：十个工作日（删完）"]
    assert "增：五个工作日（增完）" in [mark.text() for mark in page.css("ins")]
    assert all("sr" in cue.attributes["class"] for cue in page.css("del span, ins span"))


async def test_change_tells_reasons_window_evidence_and_source(reader):
    page = Html((await reader.get("/change/ch-a1")).text)
    text = page.body.text()
    for said in (
        "修改（原第二十三条）",
        "期限　十个工作日 → 五个工作日",
        "第十条 → 第十一条",
        "命中原文，所在章题",
        "（把握：中）",
        "2026-11-23 06:10",
        "2026-11-24 06:12",
        "2026-11-24 06:43",
        "程序只能说变动发生在前两个时刻之间。",
        "ca-a1",
        "ca-a2",
    ):
        assert said in text
    official = page.css_first('main a[href="https://wangxin.example.invalid/2026-11/23/c_0001.htm"]')
    assert "noreferrer" in official.attributes["rel"]


async def test_a_draft_is_said_to_be_no_rule_in_force(reader):
    text = Html((await reader.get("/change/ch-b1")).text).body.text()
    assert "征求意见稿，不是现行规定" in text
    assert "待确认：程序会再查看一次，确认之前不发提醒。" in text
    assert "最后一次查看时，列表上还没有它" in text


@pytest.mark.parametrize("old", ["ch-01", "ch-02"])
async def test_a_swallowed_change_id_redirects_to_the_one_that_stands(reader, old):
    answer = await reader.get(f"/change/{old}")
    assert (answer.status_code, answer.headers["location"]) == (301, "/change/ch-a1")


@pytest.mark.parametrize(
    "path",
    [
        "/change/ch-ffffff",
        "/document/do-ffffff",
        "/document/do-a1/compare?from=ve-c1&to=ve-b1",
        "/document/do-a1/compare?from=ve-a1&to=ve-ff",
        "/licence/nothing",
        "/nothing",
    ],
)
async def test_what_is_not_there_is_a_404_in_chinese(reader, path):
    answer = await reader.get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


async def test_document_shows_facts_text_with_anchors_and_versions(reader):
    page = Html((await reader.get("/document/do-a1")).text)
    text = page.body.text()
    for said in ("示例网信办令第3号", "2026-11-23", "2027-01-01", "深度合成备案", "与上一版对照"):
        assert said in text
    passage = next(node for node in page.css("article p") if node.attributes["id"] == "第二十四条")
    assert passage.css_first(".ordinal").text() == "第二十四条"
    assert passage.css_first("a").attributes["href"] == "#第二十四条"


async def test_compare_shows_both_texts(reader):
    page = Html((await reader.get("/document/do-a1/compare?from=ve-a1&to=ve-a2")).text)
    assert "十" in page.css_first("del").text()
    assert "新增" in page.body.text()


async def test_a_final_text_is_compared_with_the_draft_of_another_document(filled, site, made_up):
    path = "/document/do-a1/compare?from=ve-b1&to=ve-a2"
    assert (await site(filled).client.get(path)).status_code == 404
    base = made_up.Base(filled.kb)
    base.connection.execute("UPDATE documents SET draft = 'do-b1' WHERE document_id = 'do-a1'")
    base.close()
    assert "提供者应当添加标识" in (await site(filled).client.get(path)).text


async def test_a_new_text_shows_how_it_begins(filled, site, made_up):
    base = made_up.Base(filled.kb)
    base.connection.execute("DELETE FROM change_passages")
    base.close()
    page = Html((await site(filled).client.get("/change/ch-b1")).text)
    assert "提供者应当添加标识。" in page.css_first("article").text()


async def test_sources_tells_the_state_of_each(reader):
    page = Html((await reader.get("/sources")).text)
    rows = {row.css_first("td").text(): row.text() for row in page.css("tbody tr")}
    troubled = next(text for name, text in rows.items() if "示例通信管理局" in name)
    assert "未能查看" in troubled
    assert "2026-11-03 06:18" in troubled
    assert "1 件未恢复" in troubled


async def test_incidents_tells_cause_and_since_when(reader):
    text = Html((await reader.get("/incidents")).text).body.text()
    for said in ("要求人机验证", "2026-11-03 06:20", "HTTP 412，正文 318 字节，含验证脚本", "未恢复"):
        assert said in text


async def test_licence_lists_its_changes_and_documents(reader):
    text = Html((await reader.get("/licence/algorithm-filing")).text).body.text()
    for said in (
        "互联网信息服务算法备案",
        "主管",
        "易混淆",
        "变动1 处",
        "规则文件1 份",
        "示例算法备案管理办法",
        "法律依据",
    ):
        assert said in text


async def test_a_licence_type_stands_for_the_ones_below_it(filled, site, made_up):
    base = made_up.Base(filled.kb)
    base.connection.execute("DELETE FROM licence_tags WHERE licence = 'algorithm-filing'")
    base.close()
    text = (await site(filled).client.get("/licence/algorithm-filing")).text
    assert "示例算法备案管理办法" in text


async def test_a_page_id_leads_to_its_document(reader):
    answer = await reader.get("/document/pg-a1")
    assert (answer.status_code, answer.headers["location"]) == (301, "/document/do-a1")


async def test_documents_lists_all(reader):
    page = Html((await reader.get("/documents")).text)
    assert page.css_first("h1").text() == "规则文件3 份"
    assert len(page.css(".results li")) == 3


async def test_feed_is_valid_xml_with_confirmed_changes_only(reader):
    from lxml import etree

    answer = await reader.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    titles = feed.xpath("//a:entry/a:title/text()", namespaces={"a": "http://www.w3.org/2005/Atom"})
    assert len(titles) == 2
    assert not any("征求意见稿" in title for title in titles)


async def test_health_is_ok(reader):
    assert (await reader.get("/healthz")).json()["ok"] is True


async def test_a_comparison_too_long_for_a_page_is_refused_in_words(pattern, site, monkeypatch):
    from datasette_config.pages import compare

    monkeypatch.setattr(compare, "LONGEST", 1)
    text = (await site(pattern).client.get("/document/do-a1/compare?from=ve-a1&to=ve-a2")).text
    assert "文字太长" in text
    monkeypatch.setattr(compare, "WAITING", 0)
    monkeypatch.setattr(compare, "LONGEST", 10**6)
    answer = await site(pattern).client.get("/document/do-a1/compare?from=ve-a1&to=ve-a2")
    assert answer.status_code == 503
