"""Selecting: ranges, unions, removals, rules of old, and what must not be lost."""

from datetime import date

from kb.codes import BlockKind, Health
from kb.reading.page import read_page

URL = "https://www.example.gov.cn/a/b.html"


def texts(html: str, source) -> list[str]:
    document = read_page(html.encode(), url=URL, source=source).document
    assert document is not None
    return [block.text for block in document.blocks]


def test_range_up_to_the_next_heading(make_source) -> None:
    source = make_source(document={"body": [{"css": "#rules", "until": "#faq"}], "min_characters": 1})
    html = "<div><p>导语</p><h2 id=rules>规则</h2><p>一、甲。</p><div><p>二、乙。</p></div><h2 id=faq>常见问题</h2><p>丙</p></div>"
    assert texts(html, source) == ["规则", "一、甲。", "二、乙。"]


def test_a_range_without_its_end_is_drift(make_source) -> None:
    source = make_source(document={"body": [{"css": "#rules", "until": "#faq"}]})
    html = "<div>" + "<p>导语，若干字。</p>" * 40 + "<h2 id=rules>规则</h2><p>一、甲。</p></div>"
    assert read_page(html.encode(), url=URL, source=source).health is Health.BODY_GONE


def test_several_selectors_join_in_document_order_each_part_once(make_source) -> None:
    source = make_source(
        document={"body": [{"css": ".b"}, {"css": ".a"}, {"css": ".a p"}], "min_characters": 1}
    )
    html = "<div class=a><p>甲</p></div><div class=x>不选</div><div class=b>乙</div>"
    assert texts(html, source) == ["甲", "乙"]


def test_rules_of_old(make_source) -> None:
    source = make_source(
        document={"body": [{"css": "#new"}], "min_characters": 1},
        history=[{"body": [{"css": "#old"}], "valid_until": "2026-01-31"}],
    )
    html = b"<div id=old>\xe6\x97\xa7</div><div id=new>\xe6\x96\xb0</div>"
    then = read_page(html, url=URL, source=source, on=date(2026, 1, 31)).document
    now = read_page(html, url=URL, source=source, on=date(2026, 2, 1)).document
    assert then is not None
    assert now is not None
    assert (then.text, now.text) == ("旧", "新")


def test_early_end_of_the_document_loses_nothing(make_source) -> None:
    source = make_source(document={"body": [{"css": "#UCAP-CONTENT"}], "min_characters": 1})
    assert texts("<html><body><p>头</p></body></html><div id=UCAP-CONTENT>第一条　正文。</div>", source) == [
        "第一条 正文。"
    ]


def test_a_page_printed_twice_is_read_once() -> None:
    articles = "".join(f"<p>第{n}条　经营者应当如实登记，不得隐瞒。</p>" for n in "一二三四五")
    copy = articles.replace("<p>", "").replace("</p>", "")
    html = f"<html><body><div class=w1>{articles}</div><div class=m1>{copy}</div></body></html>"
    document = read_page(html.encode(), url=URL).document
    assert document is not None
    assert document.text.count("第三条") == 1


def test_relative_images_and_attachments_become_absolute(make_source) -> None:
    source = make_source(document={"body": [{"css": "#z"}], "min_characters": 1})
    html = '<div id=z><p>见图<img src="../i/a.png" alt="材料表"></p><a href="./P1.docx">申请表</a><a href="javascript:void(0)">x</a></div>'
    document = read_page(html.encode(), url=URL, source=source).document
    assert document is not None
    assert [(block.kind, block.address) for block in document.blocks if block.kind is BlockKind.IMAGE] == [
        (BlockKind.IMAGE, "https://www.example.gov.cn/i/a.png")
    ]
    assert [(link.url, link.name) for link in document.attachments] == [
        ("https://www.example.gov.cn/a/P1.docx", "申请表")
    ]
