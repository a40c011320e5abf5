"""Tables: spans expanded, heads found, rows named."""

import pytest

from kb.codes import BlockKind
from kb.reading.page import read_page
from kb.reading.text import read_text

URL = "https://www.example.gov.cn/a/b.html"


def document_of(table: str, make_source, *row_key: str):
    source = make_source(document={"body": [{"css": "#z"}], "row_key": list(row_key), "min_characters": 1})
    document = read_page(f"<div id=z>{table}</div>".encode(), url=URL, source=source).document
    assert document is not None
    return document


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def test_first_row_that_reads_like_a_head(make_source) -> None:
    document = document_of(
        f"<table>{row('序号', '算法名称', '主体')}{row('1', '甲算法', '甲公司')}{row('2', '乙算法', '甲公司')}</table>",
        make_source,
    )
    assert document.tables[0].header == ("序号", "算法名称", "主体")
    assert [block.row_key for block in document.blocks[1:]] == [("甲算法",), ("乙算法",)]
    assert document.blocks[1].cells[1].header == "算法名称"


def test_a_new_row_does_not_rename_the_others(make_source) -> None:
    head, one, two = (
        row("一级类目", "二级类目", "资质"),
        row("深度合成", "AI问答", "备案"),
        row("直播", "秀场", "许可"),
    )
    few = document_of(f"<table>{head}{one}</table>", make_source)
    many = document_of(f"<table>{head}{row('深度合成', 'AI绘画', '备案')}{one}{two}</table>", make_source)
    assert few.blocks[1].row_key == ("深度合成", "AI问答")
    assert few.blocks[1].row_key in {block.row_key for block in many.blocks}


def test_two_rows_of_head(make_source) -> None:
    head = "<tr><td rowspan=2>事项</td><td colspan=2>时限</td></tr><tr><td>法定</td><td>承诺</td></tr>"
    document = document_of(f"<table>{head}{row('备案', '20日', '10日')}</table>", make_source)
    assert document.tables[0].header == ("事项", "时限/法定", "时限/承诺")


def test_rows_without_any_head(make_source) -> None:
    document = document_of(
        f"<table>{row('甲事项应当办理。', '是。')}{row('乙事项应当办理。', '否。')}</table>", make_source
    )
    assert document.tables[0].header == ()
    assert [block.row_key for block in document.blocks] == [("甲事项应当办理。",), ("乙事项应当办理。",)]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><p>第一条　甲。</p><p>第二条　乙。</p></td></tr></table>",
        "<table><tr><td>导航</td></tr><tr><td>第一条　甲。</td></tr></table>",
        "<table><tr><td>左</td><td>第一条　甲。</td></tr></table>",
    ],
)  # fmt: skip
def test_tables_that_only_lay_out(table: str, make_source) -> None:
    document = document_of(table, make_source)
    assert not document.tables
    assert "第一条 甲。" in [block.text for block in document.blocks]
    assert all(block.kind is BlockKind.PARAGRAPH for block in document.blocks)


def test_absurd_spans_are_cut(make_source) -> None:
    cells = "<td colspan=999999999 rowspan=99999>甲</td>" * 50
    document = document_of(f"<table><tr>{cells}</tr>{row('一', '二') * 50}</table>", make_source)
    assert sum(len(block.cells) for block in document.blocks) < 100_000


def test_a_table_nested_in_a_cell_stays_in_it(make_source) -> None:
    inner = f"<table>{row('样例', '图')}{row('一', '二')}</table>"
    document = document_of(
        f"<table><tr><th>类目</th><th>资质</th></tr>{row('在线教育', '办学许可证或者备案，' + inner)}</table>",
        make_source,
    )
    rows = [block for block in document.blocks if block.row_key]
    assert [block.row_key for block in rows] == [("在线教育",)]
    assert "样例" in rows[0].text


def test_markdown_table_whose_head_lost_its_line_break() -> None:
    document = read_text("类目 | 资质 | 备注 || 直播 | 许可证 | / |\n| 教育 | 备案 | / |")
    assert document.tables[0].header == ("类目", "资质", "备注")
    assert [block.row_key for block in document.blocks if block.row_key] == [("直播",), ("教育",)]


def test_markdown_rows_that_lack_a_spanned_cell() -> None:
    document = read_text(
        "| 一级类目 | 二级类目 | 资质 |\n| --- | --- | --- |\n| 数码 | 相机 | 无 |\n| 音箱 | 证书 |"
    )
    assert [block.row_key for block in document.blocks if block.row_key] == [
        ("数码", "相机"),
        ("数码", "音箱"),
    ]
