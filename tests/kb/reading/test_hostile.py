"""Whatever a server sends: a reading with a verdict, in time, and nothing raised."""

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.codes import Health, PageRole
from kb.reading.fingerprint import fingerprint
from kb.reading.page import read_page
from kb.reading.text import read_text

URL = "https://www.example.gov.cn/a/b.html"
DECLARED = {"document": {"body": [{"css": "#zoom"}], "min_characters": 1}}
SECONDS = (
    8.0  # of the processor, generous: the quadratic readings these inputs provoke elsewhere take minutes
)


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
    started = time.process_time()
    read_page(body.encode(), url=URL)
    read_page(body.encode(), url=URL, source=source)
    fingerprint(body, url=URL, source=source, role=PageRole.DOCUMENT)
    read_text(html)
    assert time.process_time() - started < SECONDS


def test_absurd_nesting_is_named(make_source) -> None:
    reading = read_page(("<div>" * 50_000 + "正文").encode(), url=URL, source=make_source(**DECLARED))
    assert reading.health is Health.WRONG_TYPE
    assert "嵌套" in reading.reasons[0]


@pytest.mark.parametrize("tag", ["<p {}>甲", "<p x='>' {}>甲", "<p {}", "<div title='a' {}>"])
def test_a_tag_of_a_hundred_thousand_attributes_is_named(tag: str) -> None:
    html = "<html><body>" + tag.format(" ".join(f"a{n}=1" for n in range(100_000)))
    reading = read_page(html.encode(), url=URL)
    assert reading.health is Health.WRONG_TYPE
    assert "属性" in reading.reasons[0]


def test_long_scripts_addresses_and_texts_are_no_attributes() -> None:
    state = "<script>var a={" + ",".join(f" k{n}: 1" for n in range(40_000)) + "}</script>"
    image = f"<img src='data:image/png;base64,{'A' * 400_000}'>"
    text = "第一条　申请人应当提交材料。" * 20_000
    reading = read_page(
        f"<html><body>{state}{image}<div id=zoom>{text}</div></body></html>".encode(), url=URL
    )
    assert reading.health is Health.OK


GROWING = {
    "one line": lambda n: "第一条　申请人应当提交材料。" * (20 * n),
    "rows": lambda n: "<table>" + "<tr><td>甲</td><td>乙</td></tr>" * n + "</table>",
    "paragraphs": lambda n: "<p>第一条　申请人应当提交材料。</p>" * n,
    "entities": lambda n: "&lt;&amp;&nbsp;&#x4e00;&b;" * (5 * n),
    "tags of many attributes": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(50)) + ">甲。</p>" + "<b a=1 b=2>乙</b>" * n,
    "counters": lambda n: "<p>浏览次数：3</p><p>相关阅读</p>" * n,
    "titles": lambda n: "<h1 class=title>关于</h1>" * n,
    "nested": lambda n: "<div>" * (n // 10) + "甲",
}  # fmt: skip


@pytest.mark.parametrize("name", GROWING)
def test_cost_grows_with_the_input(name: str) -> None:
    """Calls of functions, not seconds: four times the input may cost at most about four times as many."""
    small, large = (_calls(GROWING[name](n)) for n in (1_000, 4_000))
    assert large <= 6 * small


def _calls(html: str) -> int:
    body = f"<html><head><title>关于</title></head><body><div id=zoom>{html}</div></body></html>".encode()
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        read_page(body, url=URL)
    finally:
        sys.setprofile(None)
    return calls


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


ABSURD = 100_000  # characters


@pytest.mark.parametrize("piece", ["-", " - ", "《", "关于", "国务院令第1号《", "_", "公告", "第1号", "网站"])
def test_titles_without_end_are_read_in_time(piece: str, make_source) -> None:
    title = piece * (ABSURD // len(piece))
    source = make_source(document={"body": [{"css": "#zoom"}], "title": [{"css": "h1"}], "min_characters": 1})
    started = time.process_time()
    for html in (f"<title>{title}</title><h1>甲</h1>", f"<title>甲</title><h1>{title}</h1>"):
        body = f"<html><head>{html}</head><body>{html}<div id=zoom>申请人应当提交材料。</div></body></html>"
        read_page(body.encode(), url=URL)
        read_page(body.encode(), url=URL, source=source)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("line", [" " * ABSURD + "x", "|" + " " * ABSURD + "x", "[a](" * 2_500, "-" * ABSURD])
def test_lines_of_a_plain_text_are_read_in_time(line: str) -> None:
    started = time.process_time()
    read_text("| 甲 |\n".join([line] * 3))
    read_text(f"甲|\n{line}\n甲|\n{line}")
    assert time.process_time() - started < SECONDS
