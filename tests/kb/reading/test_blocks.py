"""Canonical markup as blocks: lines, headings, tables one in another, images and attachments, in reading order."""

import pytest

from kb.codes import BlockKind
from kb.reading.blocks import MAX_DEPTH, ReadBody, read_blocks
from kb.reading.markup import canonical
from kb.reading.tree import TooComplex

BASE = "https://www.example.gov.cn/a/b.html"


def body_of(html: str) -> ReadBody:
    return read_blocks(canonical(html), BASE)


def texts_of(html: str) -> list[str]:
    return [block.text for block in body_of(html).blocks]


def test_lines_end_where_blocks_and_breaks_do() -> None:
    assert texts_of("<div>甲<b>乙</b><br>丙<p>丁</p>戊</div>己") == ["甲乙", "丙", "丁", "戊", "己"]


def test_white_space_between_inline_parts_is_text() -> None:
    html = '<p><a href="/1.pdf">Annex</a> <a href="/2.pdf">Two</a> <img src="/i.png"> end</p>'
    assert texts_of(html) == ["Annex Two end", ""]


def test_headings_keep_their_level_and_what_follows_has_none() -> None:
    blocks = body_of("<h2>一、<br>总则</h2>正文<h4>（一）</h4>").blocks
    assert [(block.kind, block.level, block.text) for block in blocks] == [
        (BlockKind.HEADING, 2, "一、"),
        (BlockKind.HEADING, 2, "总则"),
        (BlockKind.PARAGRAPH, 0, "正文"),
        (BlockKind.HEADING, 4, "（一）"),
    ]


def test_images_follow_their_line_and_keep_their_address() -> None:
    body = body_of('<p>见图<img src="../i/1.png" alt="流程 图">如上</p><img src="data:image/png;base64,AA">')
    assert [(block.text, block.address) for block in body.blocks] == [
        ("见图如上", ""),
        ("流程 图", "https://www.example.gov.cn/i/1.png"),
    ]
    assert [link.name for link in body.images] == ["流程 图"]


def test_attachments_only_where_links_lead_to_files() -> None:
    body = body_of('<p><a href="/x.html">正文</a><a href="/f?filename=a&amp;b=1">附件<b>一</b></a></p>')
    assert [(link.url, link.name) for link in body.attachments] == [
        ("https://www.example.gov.cn/f?filename=a&b=1", "附件一")
    ]


def test_a_caption_heads_its_table() -> None:
    html = "<table><caption>目录</caption><tr><th>类目</th><th>资质</th></tr><tr><td>直播</td><td>许可</td></tr></table>后"
    body = body_of(html)
    assert [block.text for block in body.blocks] == ["目录", "类目 | 资质", "直播 | 许可", "后"]
    assert body.tables[0].caption == "目录"


def test_tables_inside_one_that_lays_out_stand_on_their_own() -> None:
    inner = "<table><tr><th>类目</th><th>资质</th></tr><tr><td>直播</td><td>许可</td></tr></table>"
    body = body_of(f"<table><tr><td>前言</td></tr><tr><td>{inner}</td></tr></table>")
    assert [block.text for block in body.blocks] == ["前言", "类目 | 资质", "直播 | 许可"]
    assert [table.header for table in body.tables] == [("类目", "资质")]


def test_many_tables_one_in_another() -> None:
    def nested(count: int) -> str:
        return "<table><tr><td>甲" * count + "末尾" + "</td></tr></table>" * count

    assert texts_of(nested(MAX_DEPTH // 3))[-1] == "甲末尾"
    with pytest.raises(TooComplex, match="嵌套"):
        body_of(nested(MAX_DEPTH // 3 + 1))


@pytest.mark.parametrize("text", ["https://www.example.gov.cn/", "a.html", "", "&lt;b&gt; &amp;copy; 甲"])
def test_text_that_looks_like_something_else_is_text(text: str) -> None:
    assert texts_of(text) == list(
        filter(None, [text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")])
    )


def test_cells_selected_without_their_table_are_lines() -> None:
    assert texts_of("<td>甲</td><td>乙<b>丙</b></td>") == ["甲", "乙丙"]
