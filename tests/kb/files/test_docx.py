"""DOCX as Word shows it: numbers written out, deletions out, cells whole."""

import io
import zipfile

import pytest

from kb.codes import BlockKind
from kb.files import docx as reader
from kb.files.limits import MARK, LimitExceeded
from kb.files.numbering import spelled
from kb.reading.attachments import read_attachment
from tests.kb.files.ooxml import W, blip, docx, numbering, p, r, tbl, tc, with_media

URL = "https://www.example.gov.cn/f.docx"


def lines(body: bytes) -> list[str]:
    return [block.text for block in read_attachment(body, URL)[0].blocks]


def test_articles_chapters_and_items_get_their_numbers() -> None:
    levels = numbering(
        ("chineseCountingThousand", "第%1章"),
        ("chineseCountingThousand", "第%2条"),
        ("japaneseCounting", "（%3）"),
        ("decimal", "%4."),
    )
    levels = levels.replace('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:lvlRestart w:val="0"/>')
    body = [p("总则", number="1"), p("为了规范，制定本规定。", number="1", level=1), p("适用下列情形：", number="1", level=1),
            p("甲；", number="1", level=2), p("乙。", number="1", level=2), p("细目。", number="1", level=3),
            p("管理", number="1"), p("应当备案。", number="1", level=1)]  # fmt: skip
    assert lines(docx("".join(body), numbering=levels)) == [
        "第一章 总则", "第一条 为了规范，制定本规定。", "第二条 适用下列情形：", "（一）甲；", "（二）乙。", "1.细目。",
        "第二章 管理", "第三条 应当备案。",
    ]  # fmt: skip


def test_a_list_of_its_own_start_and_a_style_that_numbers() -> None:
    extra = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    styles = '<w:style w:type="paragraph" w:styleId="tiao"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    body = (
        p("甲", style="tiao")
        + p("乙", style="tiao")
        + p("丙", number="2")
        + p("丁", number="0", style="tiao")
    )
    found = lines(docx(body, numbering=numbering(("chineseCounting", "%1、"), extra=extra), styles=styles))
    assert found == ["一、甲", "二、乙", "一、丙", "丁"]


def test_a_number_of_several_levels() -> None:
    levels = numbering(("chineseCounting", "%1、"), ("decimal", "%1.%2")).replace(
        '<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:isLgl/>'
    )
    body = p("甲", number="1") + p("乙", number="1", level=1) + p("丙", number="1", level=1)
    assert lines(docx(body, numbering=levels)) == ["一、甲", "1.1 乙", "1.2 丙"]


def test_bullets_say_nothing() -> None:
    assert lines(docx(p("甲", number="1"), numbering=numbering(("bullet", "\uf06c")))) == ["甲"]


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        (10, "chineseCounting", "十"), (11, "chineseCountingThousand", "十一"), (20, "japaneseCounting", "二十"),
        (103, "chineseCountingThousand", "一百零三"), (110, "chineseCounting", "一百一十"), (1005, "chineseCounting", "一千零五"),
        (10010, "chineseCounting", "一万零一十"), (3, "ideographTraditional", "丙"), (12, "ideographDigital", "一二"),
        (7, "decimalEnclosedCircleChinese", "⑦"), (21, "decimalEnclosedCircle", "21"), (4, "lowerRoman", "iv"), (9, "upperRoman", "IX"),
        (27, "lowerLetter", "aa"), (2, "chineseLegalSimplified", "贰"), (5, "decimalZero", "05"), (3, "decimalFullWidth", "３"),
    ],
)  # fmt: skip
def test_numerals(value: int, shape: str, text: str) -> None:
    assert spelled(value, shape) == text


def test_insertions_count_and_deletions_do_not() -> None:
    change = f"<w:del><w:r><w:delText>十</w:delText></w:r></w:del><w:ins>{r('五')}</w:ins>{r('个工作日')}"
    document, notes = read_attachment(docx(p(inside=change)), URL)
    assert document.text == "五个工作日"
    assert "1 处插入已计入，1 处删除已略去" in notes[0]


def test_a_deleted_paragraph_end_joins_and_a_deleted_row_goes() -> None:
    mark = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + r("应当于") + "</w:p>"
    gone = "<w:trPr><w:del/></w:trPr>" + tc("丙") + tc("丁")
    table = tbl(tc("名称") + tc("数量"), tc("甲") + tc("一"), gone)
    assert lines(docx(mark + p("五日内报告。") + table)) == ["应当于五日内报告。", "名称 | 数量", "甲 | 一"]


def test_cells_merged_downwards_stand_in_every_row() -> None:
    table = tbl(
        tc("类目") + tc("资质") + tc("备注"),
        tc("深度合成", merge="restart") + tc("备案凭证") + tc("甲"),
        tc("", merge="continue") + tc("评估报告") + tc("乙"),
    )
    document, _ = read_attachment(docx(table), URL)
    assert [row[:2] for row in document.tables[0].rows] == [
        ("深度合成", "备案凭证"),
        ("深度合成", "评估报告"),
    ]


def test_hair_wide_grid_columns_are_no_columns() -> None:
    table = tbl(
        tc("名称") + tc("用途") + tc("编号"),
        tc("甲", span=2) + tc("乙") + tc("丙"),
        tc("丁") + tc("戊", span=2) + tc("己"),
    )
    document, _ = read_attachment(docx(table), URL)
    assert document.tables[0].rows == (("甲", "乙", "丙"), ("丁", "戊", "己"))


def test_nested_tables_text_boxes_and_footnotes_are_read() -> None:
    box = "<w:r><w:pict><w:txbxContent>" + p("框内文字。") + "</w:txbxContent></w:pict></w:r>"
    note = f'{r("正文")}<w:r><w:footnoteReference w:id="2"/></w:r>'
    inner = tbl(tc("甲") + tc("乙"), tc("丙") + tc("丁"))
    outer = tbl(tc("名称") + tc("说明"), tc("一") + tc("", inside=inner + p()))
    text = "\n".join(
        lines(
            docx(
                p(inside=box) + p(inside=note) + outer,
                footnotes=f'<w:footnote w:id="2">{p("脚注文字。")}</w:footnote>',
            )
        )
    )
    assert "框内文字。" in text
    assert "正文〔注1〕" in text
    assert "〔注1〕脚注文字。" in text
    assert "丁" in text


def test_hidden_words_and_the_table_of_contents_are_left_out() -> None:
    hidden = f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>{r('可见')}"
    styles = '<w:style w:type="paragraph" w:styleId="t1"><w:name w:val="toc 1"/></w:style>'
    document, notes = read_attachment(docx(p("第一章 3", style="t1") + p(inside=hidden), styles=styles), URL)
    assert document.text == "可见"
    assert notes == ("自动目录 1 行未读入",)


def test_tables_nested_beyond_the_limit() -> None:
    inside = p("甲")
    for _ in range(12):
        inside = tbl(tc("", inside=inside))
    with pytest.raises(LimitExceeded, match="嵌套过深"):
        reader.read(docx(inside))


def test_entities_are_not_expanded() -> None:
    bomb = f'<!DOCTYPE d [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;">]><w:document {W}><w:body>{p("&b;甲")}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bomb)
    assert "哈哈" not in reader.read(buffer.getvalue()).html


def test_pictures_are_blocks_known_by_their_bytes_and_in_cells_words() -> None:
    table = tbl(tc("名称") + tc("样式"), tc("甲") + tc("", inside=p("见图", inside=blip("one"))))
    body = docx(p("正文。") + p(inside=blip("one")) + table)
    first, notes = read_attachment(with_media(body, one=b"first"), URL)
    second, _ = read_attachment(with_media(body, one=b"second"), URL)
    assert [block.kind for block in first.blocks].count(BlockKind.IMAGE) == 1
    assert first.text != second.text
    assert MARK not in first.text + "".join(cell for row in first.tables[0].rows for cell in row)
    assert notes == ("文中有 2 幅图片，未读出文字",)


def _sized(text: str, size: int = 32) -> str:
    return f'<w:p><w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t>{text}</w:t></w:r></w:p>'


def test_the_title_is_in_large_letters_and_not_the_mark_of_an_attachment() -> None:
    first = "第一条 为了规范网络表演经营活动，制定本表。"
    body = (_sized("附件1"), _sized("海州省网络表演", 44), _sized("经营单位信用评价表", 44), _sized(first))
    assert read_attachment(docx("".join(body)), URL)[0].title == "海州省网络表演经营单位信用评价表"
    same = (_sized("附件1"), _sized("网络表演经营单位信用评价表"), _sized(first))
    assert read_attachment(docx("".join(same)), URL)[0].title == "网络表演经营单位信用评价表"
