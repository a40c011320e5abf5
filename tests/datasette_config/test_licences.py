"""``/licences`` and ``/licence/<id>``: what is seen of a type, folklore answered, bases with their status."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from kb.licences import STATUS_MEANS, UNCHECKED_MEANS, UNKNOWN_MEANS, licences
from kb.store import open_reader, queries


def text_of(answer) -> str:
    assert answer.status_code == 200
    return Html(answer.text).body.text()


async def test_every_licence_is_listed_with_its_coverage(reader, pattern):
    page = Html((await reader.get("/licences")).text)
    assert page.css_first("h1").text() == "资质事项48 类"
    links = {link.attributes["href"] for link in page.css("main td:first-child a")}
    assert links == {f"/licence/{identifier}" for identifier in licences()}
    text = page.body.text()
    for said in ("算法与人工智能", "直接", "盲区", "谁会涉及"):
        assert said in text


@pytest.mark.parametrize("path", ["/", "/documents", "/licence/algorithm-filing"])
async def test_the_list_is_in_the_navigation(reader, path):
    assert Html((await reader.get(path)).text).css_first('nav a[href="/licences"]') is not None


async def test_the_site_says_of_coverage_what_the_verb_says(reader, pattern):
    from kb.coveragetext import said

    connection = open_reader(pattern.kb)
    found = {each.licence: said(each) for each in queries.coverage(connection)}
    connection.close()
    for identifier in ("algorithm-filing", "hr-license", "wx-deep-synthesis"):
        assert found[identifier].split("；")[0] in text_of(await reader.get(f"/licence/{identifier}"))
    assert found["hr-license"] == "盲区：已配置的来源都不登载这类规则"


async def test_folklore_is_answered_on_the_page(reader):
    text = text_of(await reader.get("/licence/icp-license"))
    assert "误传：申请要有三名员工的社保。" in text
    assert "许可管理办法第六条所列条件中没有这一项" in text
    assert "常见误传" not in text_of(await reader.get("/licence/digital-human"))


async def test_a_basis_that_is_not_held_says_where_its_status_comes_from(reader):
    text = text_of(await reader.get("/licence/icp-license"))
    assert "互联网信息服务管理办法（第三、四、七、十一条）〔现行有效（已修改）〕" in text
    assert text.count(STATUS_MEANS) == 1
    assert "【未核】" not in text
    unchecked = text_of(await reader.get("/licence/edi-license"))
    assert unchecked.count(UNCHECKED_MEANS) == 1
    assert unchecked.index("B21〔现行有效〕【未核】") < unchecked.index(UNCHECKED_MEANS)


async def test_a_status_that_nobody_knows_is_said_once_and_explained(reader):
    text = text_of(await reader.get("/licence/drug-info"))
    (line,) = [
        li
        for li in Html((await reader.get("/licence/drug-info")).text).css("li")
        if "互联网药品信息服务管理办法" in li.text()
    ]
    assert line.text().count("效力未核") == 1
    assert text.count(UNKNOWN_MEANS) == 1


async def test_lists_drafts_and_platform_pages_are_no_legal_basis_there_either(reader):
    def headings(answer) -> list[str]:
        return [h2.text(deep=False) for h2 in Html(answer.text).css("h2")]

    lists = headings(await reader.get("/licence/algorithm-filing"))
    assert lists.index("法律依据") < lists.index("例行公告与名单（公布办理结果，不是依据）")
    assert "法律依据" not in headings(await reader.get("/licence/digital-human"))
    assert "平台规则（不是法律）" in headings(await reader.get("/licence/wx-deep-synthesis"))


async def test_the_page_answers_in_the_order_of_the_verb(reader):
    text = text_of(await reader.get("/licence/icp-license"))
    order = ["是什么", "谁会涉及", "又称", "常见误传", "法律依据", "规则文件", "监测覆盖"]
    main = text[text.index("是什么") :]
    places = [main.index(word) for word in order]
    assert places == sorted(places)
    for fact in (licences()["icp-license"].what, "另有上级事项增值电信许可的 6 项，同样适用", "另有 4 个"):
        assert fact in main


async def test_a_basis_that_is_held_leads_to_its_document(filled, site, made_up):
    base = made_up.Base(filled.kb)
    base.connection.execute(
        "UPDATE documents SET title = '互联网信息服务算法推荐管理规定' WHERE document_id = 'do-a1'"
    )
    base.connection.execute(
        "UPDATE pages SET title_core = '互联网信息服务算法推荐管理规定' WHERE page_id = 'pg-a1'"
    )
    base.connection.commit()
    base.close()
    page = Html((await site(filled).client.get("/licence/algorithm-filing")).text)
    (held,) = [
        link
        for link in page.css("a")
        if link.text() == "互联网信息服务算法推荐管理规定"
        and link.parent.tag == "li"
        and "据本库原文" in link.parent.text()
    ]
    assert held.attributes["href"] == "/document/do-a1"


async def test_no_number_stands_where_nobody_looked(reader):
    headings = [h2.text() for h2 in Html((await reader.get("/licence/icp-license")).text).css("h2")]
    assert "变动" in headings
    assert not any(heading.startswith("变动0") for heading in headings)


async def test_a_change_that_waits_stands_apart_from_the_settled(filled, site, made_up):
    base = made_up.Base(filled.kb)
    base.connection.execute("UPDATE changes SET confirmation = 'held'")
    base.connection.commit()
    base.close()
    page = Html((await site(filled).client.get("/licence/algorithm-filing")).text)
    headings = [heading.text() for heading in page.css("h2, h3")]
    assert headings.index("变动") < headings.index("待确认与暂缓推送")
    assert "没有已确认的变动。" in page.body.text()
    assert "未见变动" not in page.css_first("main").text()


async def test_a_document_says_its_status_as_the_verb_does(filled, site, made_up):
    text = text_of(await site(filled).client.get("/licence/algorithm-filing"))
    assert "示例算法备案管理办法〔已公布，尚未施行〕" in text


async def test_days_to_come_are_listed(reader):
    text = text_of(await reader.get("/licence/algorithm-filing"))
    assert "将到的日期" in text
    assert "2027-01-01" in text


async def test_a_class_of_a_family_shows_what_is_tagged_with_the_family(filled, site, made_up):
    base = made_up.Base(filled.kb)
    base.connection.execute("UPDATE licence_tags SET licence = 'vats-license'")
    base.connection.commit()
    base.close()
    client = site(filled).client
    assert "示例算法备案管理办法" in text_of(await client.get("/licence/edi-license"))
    assert "示例算法备案管理办法" not in text_of(await client.get("/licence/icp-filing"))


async def test_the_page_begins_with_what_changed_this_month(reader):
    page = Html((await reader.get("/licence/algorithm-filing")).text)
    first, following = page.css("main h2")[:2]
    assert (first.attributes["id"], following.attributes["id"]) == ("month", "about")
    assert page.css_first(".cells b").text() == "1 处变动"
    assert page.css_first('main a[href="/change/ch-a1"]') is not None
    assert page.css_first('main a[href="/licence/algorithm-filing/feed.atom"]') is not None


async def test_changes_before_this_month_stand_below(filled, site, made_up):
    base = made_up.Base(filled.kb)
    base.connection.execute("UPDATE changes SET observed_to = '2026-10-31T15:59:59Z'")
    base.connection.commit()
    base.close()
    page = Html((await site(filled).client.get("/licence/algorithm-filing")).text)
    assert page.css_first(".cells b").text() == "未见变动"
    assert page.css_first('details a[href="/change/ch-a1"]') is not None


@pytest.fixture
def crowded(filled, made_up):
    """Three hundred rules and lists of a licence type, and a hundred changes of one of them."""
    base = made_up.Base(filled.kb)
    source = base.connection.execute("SELECT min(id) FROM sources").fetchone()[0]
    for number in range(300):
        title = "关于第九批备案信息的公告" if number % 10 == 0 else "关于多份文件的管理规定"
        base.document(source, f"do-{number:04x}", f"{title}（{number}）", published="2020-01-01")
        base.add("licence_tags", target_kind="document", target_id=f"do-{number:04x}", licence="hr-license")
    page = base.connection.execute("SELECT min(id) FROM pages").fetchone()[0]
    for number in range(100):
        base.change(page, source, f"ch-{number:04x}", f"第{number}次修改", confirmation="confirmed")
        base.add("licence_tags", target_kind="change", target_id=f"ch-{number:04x}", licence="hr-license")
    base.connection.execute("UPDATE licence_tags SET confidence = 'high' WHERE confidence = ''")
    base.connection.commit()
    base.close()
    return filled


async def test_long_lists_are_folded_and_stand_in_pages(crowded, site):
    client = site(crowded).client
    answer = await client.get("/licence/hr-license")
    page = Html(answer.text)
    assert len(answer.content) < 60_000
    assert page.css_first("#documents").text() == "规则文件300 份"
    assert page.css_first("#month").text() == "变动100 处"
    assert len(page.css('main a[href^="/change/"]')) == 10
    seen = set()
    for number in range(1, 16):
        shown = Html((await client.get(f"/licence/hr-license?page={number}")).text)
        links = {link.attributes["href"] for link in shown.css('main a[href^="/document/"]')}
        assert len(links) == 20
        assert not links & seen
        seen |= links
    assert len(seen) == 300


async def test_documents_are_filtered_by_words_and_status(crowded, site):
    client = site(crowded).client
    some = Html((await client.get("/licence/hr-license?q=第九批")).text)
    assert some.css_first("#documents").text() == "规则文件30 份"
    assert some.css_first(".chips a").attributes["href"].startswith("/licence/hr-license?")
    none = (await client.get("/licence/hr-license?status=repealed")).text
    assert "没有符合条件的文件" in none
    odd = await client.get("/licence/hr-license?status=gone&region=%00&page=-1")
    assert odd.status_code == 200
    assert "没有按“文件状态：gone”筛选" in odd.text


async def test_the_list_counts_changes_of_the_last_days(reader):
    page = Html((await reader.get("/licences")).text)
    (row,) = [row for row in page.css("tbody tr") if row.css_first('a[href="/licence/algorithm-filing"]')]
    link = row.css_first('a[href^="/changes?licence=algorithm-filing"]')
    assert link.text() == "1 处"
    assert (await reader.get(link.attributes["href"])).status_code == 200


async def test_pages_of_documents_are_turned_in_the_language_of_the_reader(reader):
    page = Html((await reader.get("/licence/algorithm-filing?page=2&lang=en")).text)
    assert [link.text() for link in page.css(".pager a")] == ["Previous page"]
    assert "第" not in page.css_first(".pager").text()
