"""Readers with a question, who click only what they see: no address typed, no training."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

OLD, NEW = "十个工作日", "五个工作日"


def test_what_changed_for_algorithm_filing_the_exact_words_since_when_and_the_original(reader):
    tab = reader().go("/")
    group = tab.locator("section.group", has=tab.get_by_role("link", name="算法备案", exact=True))
    group.get_by_role("link", name=re.compile("五个工作日")).first.click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text(f"“{OLD}”改为“{NEW}”")
    expect(tab.locator("del").first).to_contain_text("十")
    expect(tab.locator("ins").first).to_contain_text("五")
    expect(tab.get_by_text("2026-11-24 06:12").first).to_be_visible()
    original = tab.get_by_role("link", name=re.compile("wangxin.example.invalid")).first
    expect(original).to_have_attribute("href", re.compile(r"^https://wangxin\.example\.invalid/"))


def test_the_same_from_the_list_of_changes_of_one_licence(reader):
    tab = reader(width=390).go("/")
    tab.get_by_role("link", name="变动", exact=True).first.click()
    tab.get_by_label("事项").select_option("algorithm-filing")
    tab.get_by_role("button", name="筛选").click()
    expect(tab).to_have_url(re.compile("licence=algorithm-filing"))
    tab.get_by_role("link", name=re.compile("五个工作日")).first.click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text(NEW)


def test_a_phrase_is_found_and_leads_to_its_clause(reader):
    tab = reader().go("/")
    tab.get_by_role("searchbox").fill(NEW)
    tab.get_by_role("searchbox").press("Enter")
    tab.get_by_role("link", name="第二十四条").first.click()
    expect(tab.locator(":target")).to_contain_text(NEW)
    expect(tab.locator(":target")).to_be_in_viewport()


def test_a_document_is_read_as_of_a_day_and_its_versions_are_compared(reader):
    tab = reader().go("/document/do-a1")
    tab.get_by_label(re.compile("日期|哪一天|某一天")).first.fill("2026-11-22")
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("as-of=2026-11-22"))
    expect(tab.get_by_text("当日网站上所见").first).to_be_visible()
    tab.go_back()
    tab.get_by_role("link", name=re.compile("对照")).first.click()
    expect(tab.locator("ins").first).to_be_visible()


def test_the_keyboard_alone_reaches_the_content_and_shows_where_it_is(reader):
    tab = reader().go("/")
    tab.keyboard.press("Tab")
    skip = tab.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_visible()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    focused = tab.evaluate(
        "(() => { const node = document.activeElement; return [Boolean(node.closest('main')), "
        "getComputedStyle(node).outlineStyle] })()"
    )
    assert focused == [True, "solid"]


def test_english_stays_english_from_page_to_page(reader):
    tab = reader().go("/")
    tab.get_by_role("link", name="English").click()
    tab.get_by_role("link", name="Coverage").first.click()
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Coverage")
    tab.get_by_role("link", name="中文").click()
    expect(tab.locator("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.parametrize(("width", "columns"), [(1280, 2), (390, 1)])
def test_before_and_after_stand_side_by_side_only_on_a_wide_screen(reader, width, columns):
    tab = reader(width=width).go("/document/do-a1/compare?from=ve-a1&to=ve-a2")
    tracks = tab.evaluate("getComputedStyle(document.querySelector('.diff')).gridTemplateColumns")
    assert len(re.findall(r"[\d.]+px", tracks)) == columns


def test_the_cue_for_marks_is_read_aloud_but_not_seen(reader):
    tab = reader().go("/change/ch-a1")
    cue = tab.locator("del .sr").first.bounding_box()
    assert max(cue["width"], cue["height"]) <= 1
    assert tab.locator("del").first.text_content().startswith("删：")


def test_a_printed_change_keeps_its_words_and_addresses_and_loses_the_navigation(reader):
    tab = reader().go("/change/ch-a1")
    tab.emulate_media(media="print")
    expect(tab.locator("nav").first).to_be_hidden()
    expect(tab.get_by_role("heading", level=1)).to_be_visible()
    expect(tab.locator("del").first).to_be_visible()
