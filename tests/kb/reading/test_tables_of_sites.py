"""Tables as official and platform pages draw them: where the header is, what names a row, what is no table at all."""

import pytest

from kb.reading.blocks import ReadBody, read_blocks
from kb.reading.markup import canonical
from kb.reading.tree import mark_bold_heads, parse


def read(html: str) -> ReadBody:
    tree = parse(html)
    mark_bold_heads(tree)
    assert tree.body is not None
    return read_blocks(canonical(tree.body.html or ""), "https://www.example.gov.cn/a/b.html")


def keys(body: ReadBody) -> list[tuple[str, ...]]:
    return [block.row_key for block in body.blocks if block.cells]


CATEGORIES = """<table><tbody><tr><td>一级类目</td><td>二级类目</td><td>三级类目</td><td>资质要求</td></tr>
<tr><td rowspan="3">社交</td><td rowspan="2">直播</td><td>娱乐直播</td><td rowspan="2">《网络文化经营许可证》</td></tr>
<tr><td>教育直播</td></tr><tr><td>社区</td><td>/</td><td>《非经营性互联网信息服务备案》</td></tr></tbody></table>"""


def test_category_levels_name_a_row_without_a_declaration() -> None:
    body = read(CATEGORIES)
    assert body.tables[0].header == ("一级类目", "二级类目", "三级类目", "资质要求")
    assert keys(body) == [("社交", "直播", "娱乐直播"), ("社交", "直播", "教育直播"), ("社交", "社区")]
    assert [cell.text for cell in body.blocks[2].cells] == [
        "社交",
        "直播",
        "教育直播",
        "《网络文化经营许可证》",
    ]


def test_a_caption_row_over_the_whole_width_is_no_header() -> None:
    body = read(
        "<table><tr><td colspan=3><strong>示例目录（2025年版）</strong></td></tr><tr><td>序号</td><td>名称</td><td>要求</td></tr>"
        "<tr><td>1</td><td>甲类</td><td>应当备案。</td></tr><tr><td>2</td><td>乙类</td><td>应当许可。</td></tr></table>"
    )
    assert body.tables[0].caption == "示例目录（2025年版）"
    assert body.tables[0].header == ("序号", "名称", "要求")
    assert keys(body) == [("甲类",), ("乙类",)]
    assert body.blocks[0].text == "示例目录（2025年版）"


def test_two_header_rows_of_plain_cells() -> None:
    body = read(
        "<table><tr><td rowspan=2>项目</td><td colspan=2>标准</td><td rowspan=2>备注</td></tr><tr><td>个人</td><td>企业</td></tr>"
        "<tr><td>首次</td><td>10</td><td>20</td><td></td></tr><tr><td>延续</td><td>5</td><td>8</td><td>减半</td></tr></table>"
    )
    assert body.tables[0].header == ("项目", "标准/个人", "标准/企业", "备注")
    assert keys(body) == [("首次",), ("延续",)]


def test_a_bold_first_row_is_the_header() -> None:
    body = read(
        "<table><tr><td><b>事项名称</b></td><td><b>依据的法律、法规、规章以及国务院文件的名称和条款编号，按效力从高到低。</b></td></tr>"
        "<tr><td>甲许可</td><td>《示例法》第三条</td></tr><tr><td>乙许可</td><td>《示例法》第四条</td></tr></table>"
    )
    assert body.tables[0].header[0] == "事项名称"
    assert keys(body) == [("甲许可",), ("乙许可",)]


def test_a_group_row_inside_the_table_belongs_to_the_rows_below() -> None:
    body = read(
        "<table><tr><th>材料</th><th>份数</th></tr><tr><td colspan=2>一、个人申请</td></tr><tr><td>申请表</td><td>1</td></tr>"
        "<tr><td colspan=2>二、企业申请</td></tr><tr><td>申请表</td><td>2</td></tr></table>"
    )
    assert [block.text for block in body.blocks if block.cells] == [
        "一、个人申请", "申请表 | 1", "二、企业申请", "申请表 | 2",
    ]  # fmt: skip
    assert len(set(keys(body))) == 4


def test_two_columns_of_labels_and_values_have_no_header() -> None:
    body = read(
        "<table><tr><td>服务对象：</td><td>自然人</td></tr><tr><td>办理时限：</td><td>5个工作日</td></tr><tr><td>收费：</td><td>不收费</td></tr></table>"
    )
    assert body.tables[0].header == ()
    assert keys(body) == [("服务对象：",), ("办理时限：",), ("收费：",)]


def test_a_nested_table_keeps_its_cells() -> None:
    body = read(
        "<table><tr><td>甲栏</td><td>乙栏</td></tr><tr><td>说明文字</td><td><table><tr><td>子项</td><td>数额</td></tr>"
        "<tr><td>罚款</td><td>一万元</td></tr></table></td></tr></table>"
    )
    text = "".join(block.text for block in body.blocks)
    assert all(text.count(part) == 1 for part in ("甲栏", "说明文字", "子项", "一万元"))


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><p>第一条　为了规范示例，制定本办法。</p><p>第二条　本办法自公布之日起施行。</p></td></tr></table>",
        "<table><tr><td width=20></td><td><p>第一条　为了规范示例，制定本办法。</p><p>第二条　本办法自公布之日起施行。</p></td><td></td></tr></table>",
        "<table><tr><td></td><td></td></tr><tr><td></td><td><p>第一条　为了规范示例，制定本办法。</p><p>第二条　本办法自公布之日起施行。</p></td></tr></table>",
        "<table><tr><td>第一条　为了规范示例，制定本办法。</td></tr><tr><td>第二条　本办法自公布之日起施行。</td></tr></table>",
    ],
)
def test_a_table_that_lays_out_the_page_is_read_as_lines(html: str) -> None:
    body = read(html)
    assert [block.text for block in body.blocks] == [
        "第一条 为了规范示例，制定本办法。", "第二条 本办法自公布之日起施行。",
    ]  # fmt: skip
    assert body.tables == []


def test_a_header_repeated_for_each_printed_page_is_read_once_as_header() -> None:
    body = read(
        "<table><tr><td>序号</td><td>企业</td></tr><tr><td>1</td><td>甲公司</td></tr><tr><td>序号</td><td>企业</td></tr><tr><td>2</td><td>乙公司</td></tr></table>"
    )
    assert keys(body) == [("甲公司",), ("乙公司",)]


def test_a_cell_of_several_paragraphs_stays_one_cell() -> None:
    body = read(
        "<table><tr><th>类目</th><th>资质</th></tr><tr><td>医疗</td><td><p>满足以下之一：</p><p>1、《医疗机构执业许可证》；</p><p>2、备案凭证。</p></td></tr></table>"
    )
    assert body.blocks[1].cells[1].text == "满足以下之一： 1、《医疗机构执业许可证》； 2、备案凭证。"


def test_a_span_past_the_end_and_an_empty_row_lose_nothing() -> None:
    body = read(
        "<table><tr><th>名称</th><th>要求</th></tr><tr></tr><tr><td rowspan=9>甲</td><td>一</td></tr><tr><td>二</td></tr></table>"
    )
    assert [tuple(cell.text for cell in block.cells) for block in body.blocks if block.cells] == [
        ("甲", "一"),
        ("甲", "二"),
    ]


def test_a_caption_whose_span_reaches_past_the_only_full_row() -> None:
    body = read(
        "<table><tr><td colspan=2 rowspan=3>示例表</td></tr><tr></tr><tr></tr><tr><td>甲</td><td>乙</td></tr></table>"
    )
    assert [block.text for block in body.blocks][-1] == "甲 | 乙"


def test_a_bold_first_row_with_an_empty_corner_is_the_header() -> None:
    body = read(
        "<table><tr><td></td><td><b>个人申请。</b></td><td><strong>企业申请。</strong></td></tr>"
        "<tr><td>首次</td><td>10元</td><td>20元</td></tr><tr><td>延续</td><td>5元</td><td>8元</td></tr></table>"
    )
    assert body.tables[0].header == ("", "个人申请。", "企业申请。")
    assert keys(body) == [("首次",), ("延续",)]


def test_a_table_with_a_bold_word_in_each_row_has_no_bold_header() -> None:
    body = read(
        "<table><tr><td><b>甲。</b></td><td><b>应当备案。</b></td></tr><tr><td><b>乙。</b></td><td><b>应当许可。</b></td></tr></table>"
    )
    assert body.tables[0].header == ()
