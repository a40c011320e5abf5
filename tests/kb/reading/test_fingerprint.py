"""The cheap question: equal fingerprints mean equal documents, and noise outside the body does not move them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.codes import PageRole
from kb.errors import BadSelector, DeclarationError
from kb.reading.fingerprint import fingerprint
from kb.reading.page import read_page
from kb.sources import Source


def page_of(
    *,
    title: str = "示例办法",
    article: str = "第一条　申请人应当在三十日内提交材料。",
    before: str = "",
    inside: str = "",
    after: str = "",
    head: str = "",
    attributes: str = "",
) -> str:
    return (
        f"<html><head><meta charset=utf-8>{head}</head><body>{before}<h1>{title}</h1><div id=zoom>"
        f'<p{attributes}>{article}</p><p><a href="/f/1.pdf">附件一</a></p>{inside}</div>{after}</body></html>'
    )


def source_from(**declared: object) -> Source:
    return Source.model_validate(
        {
            "id": "test.rules",
            "title": "示例来源",
            "authority": "示例局",
            "mechanism": "pages",
            "level": "regulator",
            "hosts": ["www.example.gov.cn"],
            "start": ["https://www.example.gov.cn/"],
            "publish": "full",
            **declared,
        }
    )


URL = "https://www.example.gov.cn/a/b.html"
SOURCE = source_from(
    document={
        "body": [{"css": "#zoom"}],
        "remove": [{"css": ".count"}],
        "title": [{"css": "h1"}],
        "attachments": [{"css": ".files a"}],
        "min_characters": 1,
    },
    noise={"patterns": [r"阅读次数：\d+"]},
)


def mark(text: str, source: Source = SOURCE) -> str:
    return fingerprint(text, url=URL, source=source, role=PageRole.DOCUMENT)


@pytest.mark.parametrize(
    "changes",
    [
        {"before": "<script>var token='8f1';</script><div class=clock>2026-11-22 10:00:01</div>"},
        {"after": "<div class=related><a href=/x>相关稿件</a></div><p>您是第12345位访问者</p>"},
        {"inside": "<span class=count>浏览 99 次</span>"},
        {"inside": "<p>阅读次数：<b>123</b></p>"},
        {"inside": "<script>var n=Math.random()</script><!-- 09:31:22 --><style>p{}</style>"},
        {"inside": "<div class=share><div class=share>分享</div></div><div class='qrcode big'>扫一扫</div>"},
        {"inside": "<select><option>北京</option></select><button>打印</button>"},
        {"attributes": " style='font-size:15px' data-id=77 class=big"},
    ],
)
def test_noise_does_not_move_it(changes: dict[str, str]) -> None:
    assert mark(page_of(**changes)) == mark(page_of())
    assert read_page(page_of(**changes).encode(), url=URL, source=SOURCE) == read_page(
        page_of().encode(), url=URL, source=SOURCE
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"article": "第一条　申请人应当在二十日内提交材料。"},
        {"title": "另一个办法"},
        {"inside": '<p>附件：<a href="/f/2.docx">新表</a></p>'},
        {"inside": '<img src="/i/2.png">'},
        {"inside": "<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"},
        {"after": '<div class=files><a href="/f/3.pdf">附件三</a></div>'},
        {"head": '<meta name=PubDate content="2026-02-02">'},
    ],
)
def test_what_the_document_shows_moves_it(changes: dict[str, str]) -> None:
    assert mark(page_of(**changes)) != mark(page_of())


def test_a_declared_body_stands_whatever_it_is_called(make_source) -> None:
    source = make_source(document={"body": [{"css": ".print"}], "min_characters": 1})
    html = "<div class=share><div class=print><p>第一条　甲。</p><p class=share>分享</p></div></div>"
    document = read_page(html.encode(), url=URL, source=source).document
    assert document is not None
    assert document.text == "第一条 甲。"
    assert mark(html, source) == mark(html.replace("分享", "转发"), source) != ""


def test_a_declared_removal_holds_around_the_body_too(make_source) -> None:
    source = make_source(
        document={"body": [{"css": ".text"}], "remove": [{"css": ".aside"}], "min_characters": 1}
    )
    html = "<div class=aside><div class=text>旁栏</div></div><div class=text>第一条　甲。</div>"
    document = read_page(html.encode(), url=URL, source=source).document
    assert document is not None
    assert document.text == "第一条 甲。"


def test_no_fingerprint_without_a_declaration_or_a_body() -> None:
    assert fingerprint(page_of(), url=URL, source=None, role=PageRole.DOCUMENT) == ""
    assert mark("<html><body><p>没有正文</p></body></html>") == ""
    assert fingerprint(page_of(), url=URL, source=SOURCE, role=PageRole.ATTACHMENT) == ""


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<b>",
        "<td>",
        "<tr>",
        "<table>",
        "</table>",
        "<br>",
        "<!--",
        "-->",
        "</html>",
        "甲",
        "乙。",
        " ",
        "\n",
        "第一条",
        "&nbsp;",
        "<img src=/a.png>",
        "<a href=/a.pdf>附件</a>",
        "<h2>",
        "</h2>",
        "<li>",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=8))
def test_equal_fingerprints_mean_equal_documents(first: list[str], second: list[str]) -> None:
    one, two = (page_of(inside="".join(pieces)) for pieces in (first, second))
    if mark(one) == mark(two):
        readings = [read_page(text.encode(), url=URL, source=SOURCE).document for text in (one, two)]
        assert readings[0] == readings[1]


# --------------------------------------------------------------------------- lists


def list_source(mechanism: str = "column", **declared: object) -> Source:
    extra = {"cac": {"channel": "A1"}} if mechanism == "cac" else {}
    return source_from(mechanism=mechanism, list={"item": {"css": "ul.list li"}}, **extra, **declared)


def list_mark(text: str, source: Source) -> str:
    return fingerprint(text, url=URL, source=source, role=PageRole.LIST)


def test_list_rows_make_the_mark() -> None:
    def listing(title: str, clock: str) -> str:
        return f"<html><body><i>{clock}</i><ul class=list><li><a href=/1.html title={title}>通知…</a><span>2026-01-01</span></li></ul></body></html>"

    source = list_source()
    assert list_mark(listing("甲", "10:00"), source) == list_mark(listing("甲", "10:01"), source) != ""
    assert list_mark(listing("甲", "10:00"), source) != list_mark(listing("乙", "10:00"), source)
    assert list_mark("<html><body>空</body></html>", source) == ""


def test_json_lists_leave_out_volatile_keys() -> None:
    def answer(topic: str, token: str) -> str:
        return json.dumps({"totalRec": "1", "random": token, "list": [{"topic": topic, "infourl": "/1.htm"}]})

    source = list_source("cac")
    assert list_mark(answer("甲", "1"), source) == list_mark(answer("甲", "2"), source) != ""
    assert list_mark(answer("甲", "1"), source) != list_mark(answer("乙", "1"), source)


def test_html_wrapped_in_json() -> None:
    def answer(title: str, took: int) -> str:
        html = f"<ul class=list><li><a href=/1.html>{title}</a></li></ul>"
        return json.dumps({"success": True, "took": took, "data": {"html": html}})

    source = list_source("jpaas")
    assert list_mark(answer("甲", 1), source) == list_mark(answer("甲", 2), source) != ""
    assert list_mark(answer("甲", 1), source) != list_mark(answer("乙", 1), source)


def test_records_in_cdata() -> None:
    def listing(title: str) -> str:
        return f"<html><script type=text/xml><recordset><record><![CDATA[<a href='/1.html'>{title}</a>]]></record></recordset></script></html>"

    source = list_source("trs")
    assert list_mark(listing("甲"), source) != list_mark(listing("乙"), source) != ""


# --------------------------------------------------------------------------- declarations


def test_selector_that_is_no_css(make_source) -> None:
    source = make_source(document={"body": [{"css": "div[["}]})
    with pytest.raises(BadSelector, match=r"div\[\["):
        mark(page_of(), source)


def test_noise_that_is_no_regular_expression(make_source) -> None:
    source = make_source(document={"body": [{"css": "#zoom"}]}, noise={"patterns": ["(未闭合"]})
    with pytest.raises(DeclarationError, match="noise"):
        mark(page_of(), source)
