"""Whatever a server sends: a reading with a verdict, in time, and nothing raised."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.model import Health, PageRole
from kb.reading import fingerprint, read_page, read_text

URL = "https://www.example.gov.cn/a/b.html"
DECLARED = {"document": {"body": [{"css": "#zoom"}], "min_characters": 1}}
SECONDS = 8.0  # generous: the quadratic readings these inputs provoke elsewhere take minutes


@pytest.mark.parametrize(
    "html",
    [
        "<a " * 20_000,
        "<a>" * 20_000,
        "<div>" * 100_000,
        "<div>" * 100_000 + "</div>" * 100_000,
        "<table>" * 5_000 + "<tr><td>甲</td></tr>" * 1_000,
        "<table><tr><td>" * 3_000,
        "<p><b>" * 5_000,
        "<font>" * 20_000,
        "<p>甲。</p>" * 40_000,
        "<tr><td rowspan=65000 colspan=1000>" * 2_000,
        "<!--" * 50_000,
        "<" * 400_000,
        "&" * 200_000,
        "第 " * 100_000,
        "(2026年1月1日" * 20_000,
        "甲 " * 100_000,
        "<ruby>" * 9_000,
        "<svg>" * 9_000,
        "<template>" * 9_000,
        "[" * 100_000,
        '{"data":' * 50_000,
        "window.__INITIAL_STATE__ = " + '{"a":' * 50_000,
        "| a | b |\n" * 5_000,
        "[[[[" * 20_000,
        "**" * 50_000,
        "![](" * 20_000,
    ],
    ids=lambda html: html[:12],
)
def test_in_time(html: str, make_source) -> None:
    source = make_source(**DECLARED)
    body = f"<html><body><div id=zoom>{html}</div>" if "<" in html[:1] else html
    started = time.perf_counter()
    read_page(body.encode(), url=URL)
    read_page(body.encode(), url=URL, source=source)
    fingerprint(body, url=URL, source=source, role=PageRole.DOCUMENT)
    read_text(html)
    assert time.perf_counter() - started < SECONDS


def test_absurd_nesting_is_named(make_source) -> None:
    reading = read_page(("<div>" * 50_000 + "正文").encode(), url=URL, source=make_source(**DECLARED))
    assert reading.health is Health.WRONG_TYPE
    assert "嵌套" in reading.reasons[0]


MARKUP = st.lists(
    st.sampled_from(
        ["<table>", "<tr>", "<td rowspan=0>", "<td colspan=-1>", "</td>", "</table>", "<h1>", "</h6>", "<a href='http://[x'>", "<img src='//['>", "<img src=data:x>", "<!-", "]]>", "<![CDATA[", "\x00", "\ud7ff", "&#0;", "&#x110000;", "第十条", "2026年2月30日", "自公布之日起999日后施行", "<p>", "令", "第1号"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_any_markup(html: str) -> None:
    for body in (f"<div id=zoom>{html}</div>", html):
        reading = read_page(body.encode("utf-8", "replace"), url=URL)
        assert (reading.document is not None) == (reading.health is Health.OK)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([200, 202, 304, 403, 500]),
    st.sampled_from([PageRole.LIST, PageRole.DOCUMENT, PageRole.IMAGE]),
)
def test_any_bytes(body: bytes, status: int, role: PageRole) -> None:
    reading = read_page(body, url=URL, status=status, role=role)
    assert reading.health is Health.OK or reading.reasons


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="#|-*[]()!`<>\\\n 甲第一条：。a", max_size=200))
def test_any_text(text: str) -> None:
    document = read_text(text)
    assert "\n\n" not in document.text
    assert all(block.text == " ".join(block.text.split()) for block in document.blocks)
