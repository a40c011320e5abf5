"""Category tables as converters leave them: rows that lack cells, a lost line break, addresses, and names from headings."""

import pytest

from kb.codes import BlockKind
from kb.reading.page import read_page
from kb.reading.spanned import completed
from kb.reading.text import read_text
from kb.sources import Source
from tests.kb.reading.conftest import source_from

HEAD = ["二级分类", "三级分类", "资质要求", "适用范围", "备注"]
QUALIFIED = "同时提供：《示例业务经营许可证》和与示例机构签订的合作协议"
SCOPE = "适用于提供示例服务的小程序"


@pytest.mark.parametrize(
    ("above", "short", "whole"),
    [
        (["就医", "查报告", QUALIFIED, SCOPE, "/"], ["挂号", "/"], ["就医", "挂号", QUALIFIED, SCOPE, "/"]),
        (
            ["餐饮场所", "咖啡厅", QUALIFIED, SCOPE, "/"],
            ["西餐"],
            ["餐饮场所", "西餐", QUALIFIED, SCOPE, "/"],
        ),
        (
            ["预付卡", "发行", QUALIFIED, SCOPE, "/"],
            ["代售", "适用于代售", "/"],
            ["预付卡", "代售", QUALIFIED, "适用于代售", "/"],
        ),
        (
            ["陌生交友", "/", QUALIFIED, SCOPE, "须审核"],
            ["熟人交友", "/", "适用于熟人之间的服务", "须审核"],
            ["熟人交友", "/", QUALIFIED, "适用于熟人之间的服务", "须审核"],
        ),
    ],
    ids=["two levels", "one cell", "own scope", "a name of its own"],
)
def test_a_short_row_is_completed_where_its_cells_belong(
    above: list[str], short: list[str], whole: list[str]
) -> None:
    assert completed([HEAD, above, short], 5)[2] == whole


def test_a_row_that_lacks_nothing_stays() -> None:
    rows = [HEAD, ["查件", "/", "/", SCOPE, "/"], ["邮政", "/", "/", SCOPE, "/", "多一格"]]
    assert completed(rows, 5) == rows


def test_a_table_of_one_line_and_one_with_a_broken_row_are_tables() -> None:
    one = read_text("二级分类 | 三级分类 | 资质 || 律所 | / | 执业证 |")
    assert [cell.text for cell in one.blocks[-1].cells] == ["律所", "/", "执业证"]
    broken = read_text("二级分类 | 三级分类 | 资质 || 律所 | / | 执业证 |\n|\n| 公证 | / | 机构证 |")
    assert [block.cells[0].text for block in broken.blocks if block.cells] == ["律所", "公证"]


def test_an_empty_cell_is_no_lost_line_break() -> None:
    table = read_text("| 甲 | 乙 || 丁 | 戊 |\n| --- | --- | --- | --- | --- |\n| 1 | 2 | 3 | 4 | 5 |")
    assert len([block for block in table.blocks if block.cells]) == 1


def test_an_address_between_angle_brackets_is_text() -> None:
    assert "https://beian.example.cn/q" in read_text("备案查询网址：<https://beian.example.cn/q>。").text


def test_an_escaped_anchor_mark_and_escapes_in_an_address_go() -> None:
    document = read_text(
        "## [\\#](https://a.example/x#%E4%B8%80) 一、步骤\n\n![图](https://a.example/op\\_res/1.png)"
    )
    assert document.blocks[0].text == "一、步骤"
    assert document.images[0].url == "https://a.example/op_res/1.png"


def keyed(source: Source, html: str) -> list[tuple[str, ...]]:
    document = read_page(html.encode(), url=source.start[0], source=source).document
    assert document is not None
    return [block.row_key for block in document.blocks if block.kind is BlockKind.ROW and block.row_key]


def test_declared_keys_begin_with_the_heading_of_the_table() -> None:
    source = source_from(
        document={"body": [{"css": "main"}], "row_key": ["二级分类", "三级分类"], "min_characters": 1}
    )
    table = "<table><tr><th>二级分类</th><th>三级分类</th><th>资质</th></tr><tr><td>AI问答</td><td>/</td><td>备案</td></tr></table>"
    assert keyed(source, f"<html><body><main><h3>深度合成</h3>{table}</main></body></html>") == [
        ("深度合成", "AI问答")
    ]
    assert keyed(source, f"<html><body><main>{table}</main></body></html>") == [("AI问答",)]
