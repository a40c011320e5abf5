"""Lists as the sites print them: odd links, cut titles, dates in addresses."""

import pytest

from crawler.dates import date_in_url, printed_date
from crawler.listing import (
    absolute,
    cac_items,
    cac_total,
    gazette_issues,
    html_items,
    jpaas_units,
    jpaas_url,
    next_pages,
)
from kb.errors import BadSelector
from kb.sources import ListRules

BASE = "https://www.example.gov.cn/zwgk/tz/index.html"


def rules(**fields: object) -> ListRules:
    return ListRules.model_validate({"item": {"css": "li"}, **fields})


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("./202609/t20260903_1.html", "https://www.example.gov.cn/zwgk/tz/202609/t20260903_1.html"),
        ("../a.html#top", "https://www.example.gov.cn/zwgk/a.html"),
        ("//www.cac.gov.cn/2026/1.htm", "https://www.cac.gov.cn/2026/1.htm"),
        (" /a\n.html ", "https://www.example.gov.cn/a.html"),
        ("javascript:void(0)", ""),
        ("mailto:a@b.cn", ""),
        ("http://[broken/", ""),
        ("http://", ""),
    ],
)
def test_links_become_absolute_addresses(href: str, url: str) -> None:
    assert absolute(BASE, href) == url


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-03", "2026-09-03"),
        ("[2026/9/3]", "2026-09-03"),
        ("发布时间：2023年07月13日 15:00", "2023-07-13"),
        ("2026.9.3", "2026-09-03"),
        ("2026-13-40", ""),
        ("电话 010-12026-09-03", ""),
        ("09-03", ""),
    ],
)
def test_printed_dates(text: str, day: str) -> None:
    assert printed_date(text) == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.cn/202609/t20260903_123.html", "2026-09-03"),
        ("https://a.cn/b/20260903/c.html", "2026-09-03"),
        ("https://a.cn/2026-09/03/c_1.htm", "2026-09-03"),
        ("https://a.cn/art/2015/5/21/art_1_2.html", "2015-05-21"),
        ("https://a.cn/2026052217462526593/index.html", "2026-05-22"),
        ("https://a.cn/art/2026/art_0a1b.html", ""),
    ],
)
def test_dates_in_addresses(url: str, day: str) -> None:
    assert date_in_url(url) == day


def test_the_title_attribute_comes_before_the_cut_text() -> None:
    (item,) = html_items("<li><a href=a.html title='全称'>全…</a></li>", rules(), BASE)
    assert item.title == "全称"


def test_rows_after_an_early_end_of_html_are_read() -> None:
    assert (
        len(
            html_items(
                "<html><head></head></html><body><li><a href=a.html>甲</a></li></body></html>", rules(), BASE
            )
        )
        == 1
    )


def test_include_and_exclude() -> None:
    text = "<li><a href=1>互联网办法</a><li><a href=2>互联网招聘</a><li><a href=3>渔业</a>"
    assert [item.title for item in html_items(text, rules(include="互联网", exclude="招聘"), BASE)] == [
        "互联网办法"
    ]


def test_an_address_is_listed_once() -> None:
    assert len(html_items("<li><a href=1>甲</a><li><a href=1#x>甲</a>", rules(), BASE)) == 1


def test_a_selector_that_is_none_says_so() -> None:
    with pytest.raises(BadSelector):
        html_items("<li>", rules(item={"css": "li[["}), BASE)


def test_single_quoted_pseudo_json_and_the_sites_own_spelling() -> None:
    shell = (
        "<script parseType='bulidstatic' url='/u' queryData=\"{'webId':'1','tagId':'内容区域'}\"></script>"
    )
    ((url, params),) = jpaas_units(shell, BASE)
    assert (url, params) == ("https://www.example.gov.cn/u", {"webId": "1", "tagId": "内容区域"})
    assert (
        jpaas_url("https://a.cn/u", {"a": "1"}, 3, 15)
        == "https://a.cn/u?a=1&paramJson=%7B%22pageNo%22%3A3%2C%22pageSize%22%3A15%7D"
    )


def test_a_next_link_is_followed_and_limits_hold() -> None:
    assert next_pages("<a href=index_2.html>下一页</a>", BASE, 2) == [
        "https://www.example.gov.cn/zwgk/tz/index_2.html"
    ]
    assert next_pages("<a href=index_2.html>下一页</a>", BASE, 1) == []
    assert len(next_pages('createPageHTML(90, 0, "index", "html")', BASE, 4)) == 3


def test_gazette_issues_stay_on_their_host() -> None:
    index = '{"2026":[{"gname":"https://elsewhere.example/2026/1/"},{"gname":"/gongbao/2026/issue_1/"}]}'
    assert gazette_issues(index, BASE, 9) == ["https://www.example.gov.cn/gongbao/2026/issue_1/"]
    assert gazette_issues("no json", BASE, 9) == []


def test_half_a_character_of_json_spoils_neither_the_row_nor_the_list() -> None:
    text = (
        '{"totalRec": "%s", "list": [{"topic": "关于\\ud83d", "infourl": "/a.htm"},'
        ' {"topic": "乙", "infourl": "/\\udc00.htm"}, {"topic": "丙", "infourl": "/c.htm"}]}'
    ) % ("9" * 5000)
    items = cac_items(text, rules(), BASE)
    assert [(item.url, item.title) for item in items] == [
        ("https://www.example.gov.cn/a.htm", "关于"),
        ("https://www.example.gov.cn/c.htm", "丙"),
    ]
    assert cac_total(text) > 0
