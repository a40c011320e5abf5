"""More readers: one who asks which licences a service needs, one who doubts the watch, one on a telephone, one without a mouse."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_a_service_is_described_and_leads_to_the_changes_of_its_licences(reader):
    tab = reader().go("/")
    tab.get_by_role("link", name="业务画像").click()
    tab.get_by_label("网站或 H5").check()
    tab.get_by_label("图片", exact=True).check()
    tab.get_by_role("group", name="主要给谁用").get_by_label("境内公众").check()
    tab.get_by_role("button", name="看结果").click()
    expect(tab).to_have_url(re.compile(r"form=website"))
    expect(tab.get_by_text("不是法律意见").first).to_be_visible()
    expect(tab.get_by_role("heading", name=re.compile("^通常"))).to_be_visible()
    expect(tab.get_by_role("link", name="ICP备案", exact=True).first).to_be_visible()
    tab.get_by_role("link", name="看这些事项的变动").click()
    expect(tab).to_have_url(re.compile(r"/changes\?.*licence="))
    expect(tab.get_by_role("heading", level=1)).to_contain_text("规则变动")


def test_who_doubts_the_watch_sees_what_could_not_be_looked_at_and_why(reader):
    tab = reader().go("/")
    tab.get_by_role("link", name=re.compile("未能查看")).first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("监测覆盖")
    tab.locator("tr", has_text="未能查看").first.get_by_role("link").first.click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("通信管理局")
    expect(tab.get_by_text(re.compile("要求人机验证")).first).to_be_visible()


def test_days_to_come_are_filtered_and_lead_to_the_rule(reader):
    tab = reader().go("/calendar")
    tab.locator("select[name=licence]").select_option("algorithm-filing")
    tab.get_by_role("button", name="筛选").click()
    expect(tab).to_have_url(re.compile("licence=algorithm-filing"))
    expect(tab.locator("time[datetime='2027-01-01']")).to_be_visible()
    expect(tab.get_by_role("link", name=re.compile(r"\.ics"))).to_have_attribute(
        "href", re.compile("algorithm-filing")
    )
    tab.get_by_role("link", name="示例算法备案管理办法").first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("示例算法备案管理办法")


def test_a_filter_is_narrowed_seen_and_taken_off_again(reader):
    tab = reader().go("/changes")
    many = tab.locator(".row").count()
    tab.get_by_text("更多条件").click()
    tab.get_by_label("性质").select_option("substantive")
    tab.get_by_label("事项").select_option("algorithm-filing")
    tab.get_by_role("button", name="筛选").click()
    chips = tab.get_by_role("list", name="当前条件")
    expect(chips).to_contain_text("算法备案")
    assert 0 < tab.locator(".row").count() < many
    chips.get_by_role("link", name=re.compile("去掉条件")).first.click()
    tab.get_by_role("link", name="清除全部").click()
    expect(tab.locator(".row")).to_have_count(many)


def test_on_a_telephone_the_rest_of_the_navigation_unfolds(reader):
    tab = reader(width=390).go("/")
    navigation = tab.get_by_role("navigation", name="主导航")
    expect(navigation.get_by_role("link", name="监测覆盖")).to_have_count(0)
    navigation.get_by_text("更多").click()
    navigation.get_by_role("link", name="监测覆盖").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("监测覆盖")
    expect(navigation.get_by_text("更多")).to_have_class("here")


def test_on_a_wide_screen_every_place_is_named_once(reader):
    navigation = reader().go("/").get_by_role("navigation", name="主导航")
    names = ["今日", "变动", "规则文件", "资质事项", "日历", "业务画像", "监测覆盖"]
    assert navigation.get_by_role("link").all_inner_texts() == names


def test_the_keyboard_alone_unfolds_the_navigation_and_searches(reader):
    tab = reader(width=390).go("/")
    tab.get_by_text("更多", exact=True).focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.locator(".folded").get_by_role("link", name="日历")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("日历")
    tab.get_by_role("searchbox", name="检索").first.focus()
    tab.keyboard.type("五个工作日")
    tab.keyboard.press("Enter")
    expect(tab.locator("mark").first).to_contain_text("五个工作日")


def test_focus_goes_through_a_page_in_the_order_in_which_it_is_read(reader):
    tab = reader().go("/change/ch-a1")
    tops = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        place = tab.evaluate(
            "(() => { const node = document.activeElement; return node.closest('main') "
            "? node.getBoundingClientRect().top + scrollY : null })()"
        )
        if place is None and tops:
            break
        if place is not None:
            tops.append(place)
    assert len(tops) > 5
    assert all(after >= before - 40 for before, after in pairwise(tops))


def test_the_raw_tables_are_reached_from_the_foot_and_say_their_columns(reader):
    tab = reader(width=390).go("/")
    tab.get_by_role("link", name="数据浏览（高级）").click()
    tab.get_by_role("link", name=re.compile("规则变动 changes")).click()
    label = tab.evaluate(
        "getComputedStyle(document.querySelector('td.col-confirmation'), '::before').content"
    )
    assert label == '"确认状态"'
    tab.locator("td.col-id a").first.click()
    expect(tab.get_by_role("rowheader", name="确认状态")).to_be_visible()


def test_a_printed_page_says_where_it_comes_from_and_shows_both_texts_without_colour(reader):
    tab = reader(dark=True).go("/document/do-a1/compare?from=ve-a1&to=ve-a2")
    tab.emulate_media(media="print", color_scheme="light")
    expect(
        tab.get_by_text(re.compile(r"本页 http.*/document/do-a1/compare\?from=ve-a1&to=ve-a2"))
    ).to_be_visible()
    expect(tab.get_by_role("navigation", name="主导航")).to_be_hidden()
    assert "line-through" in tab.locator("del").first.evaluate(
        "node => getComputedStyle(node).textDecorationLine"
    )
    assert "underline" in tab.locator("ins").first.evaluate(
        "node => getComputedStyle(node).textDecorationLine"
    )
    cue = tab.locator("del .sr").first.bounding_box()
    assert cue["width"] > 1
