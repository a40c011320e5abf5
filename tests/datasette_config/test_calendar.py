"""``/calendar``: days to come by month, of a licence type and a kind, and those past."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser as Html


async def main_of(reader, path: str):
    answer = await reader.get(path)
    assert answer.status_code == 200
    return Html(answer.text).css_first("main")


async def test_days_stand_under_their_month_with_how_long_it_is_to_them(reader):
    main = await main_of(reader, "/calendar")
    months = [heading.text(deep=False) for heading in main.css("h2")]
    assert months[:3] == ["2026-12", "2027-01", "2027-03"]
    days = [item.text() for item in main.css(".days li")]
    assert any(
        "2026-12-01" in day and "意见反馈截止" in day and "示例生成内容标识规定" in day for day in days
    )
    assert any("增值电信业务经营信息年报" in day and "2027-03-31" in day for day in days)
    assert main.css_first('.days a[href="/document/do-a1"]') is not None


async def test_a_licence_type_and_a_kind_leave_the_others_out(reader):
    of_type = await main_of(reader, "/calendar?licence=algorithm-filing")
    assert "示例算法备案管理办法" in of_type.text()
    assert "增值电信业务经营信息年报" not in of_type.text()
    yearly = await main_of(reader, "/calendar?kind=yearly_duty")
    assert "增值电信业务经营信息年报" in yearly.text()
    assert "没有固定日期的年度事项" in yearly.text()
    assert yearly.css_first('a[href="/document/do-a1"]') is None


async def test_past_days_are_listed_from_a_day(reader):
    main = await main_of(reader, "/calendar?from=2026-03-01")
    assert main.css_first(".days .past") is not None
    assert "已过" in main.css_first(".days .past").text()


async def test_an_empty_stretch_does_not_say_that_nothing_comes(reader):
    text = (await main_of(reader, "/calendar?licence=hr-license")).text()
    assert "没有读出不等于没有" in text


@pytest.mark.parametrize(
    "given", ["2026-13-01", "morgen", "0001-01-01", "9999-12-31", "<b>", "2026-11-24T00:00"]
)
async def test_whatever_the_day_the_page_answers(reader, given):
    answer = await reader.get("/calendar", params={"from": given, "kind": "nothing", "licence": "nobody"})
    assert answer.status_code == 200
    assert "<b>" not in Html(answer.text).css_first("main").html


async def test_the_file_of_the_calendar_keeps_the_filter(reader):
    main = await main_of(reader, "/calendar?licence=algorithm-filing&kind=effective")
    (ics,) = [a.attributes["href"] for a in main.css("a") if ".ics" in a.attributes["href"]]
    assert ics == "/calendar.ics?licence=algorithm-filing&kind=effective"
    assert (await reader.get(ics)).text.count("BEGIN:VEVENT") == 1
    assert (await reader.get(ics.replace("effective", "yearly_duty"))).text.count("BEGIN:VEVENT") == 0


async def test_the_search_box_in_the_head_stays_empty(reader):
    page = Html((await reader.get("/calendar")).text)
    assert not page.css_first("#q").attributes["value"]
