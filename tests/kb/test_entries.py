"""Names in the rows of filing lists."""

import pytest

from kb.entries import is_exactly, is_named, is_struck, names_in, read_entry

ROW = "算法名称：示例星河（对话）大模型算法\n主体名称：杭州示例 科技有限公司\n备案编号：网信算备330100000000101240011号\n备注：/"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("示例星河", True),
        ("示例星河(对话)", True),
        ("示例星河 对话大模型", True),
        ("《示例星河》", True),
        ("示例科技", True),
        ("示例科技有限公司", True),
        ("网信算备330100000000101240011号", True),
        ("備案", False),  # a head is no name
        ("对话助手", False),
        ("", False),
        ("（）", False),
    ],
)
def test_a_name_stands_in_the_columns_of_names(name: str, found: bool) -> None:
    assert is_named(name, ROW) is found


PRODUCTS = (
    "算法名称：示例内容合成算法\n角色：服务提供者\n主体名称：北京示例科技有限公司\n应用产品：示例写手（APP、小程序）、Sample Draw(网站)等\n"
    "主要用途：应用于文本生成场景\n备案编号：网信算备110000000000001240011号\n备注：原主体名称“北京前身网络有限公司”变更"
)


@pytest.mark.parametrize(
    ("name", "found", "exact"),
    [
        ("示例写手", True, True),
        ("sample draw", True, False),  # 等 belongs to the cell
        ("北京前身网络有限公司", True, False),
        ("文本生成", False, False),  # what it is used for is no name
        ("服务提供者", False, False),
    ],
)
def test_products_and_former_names_stand_beside(name: str, found: bool, exact: bool) -> None:
    assert (is_named(name, PRODUCTS), is_exactly(name, PRODUCTS)) == (found, exact)


@pytest.mark.parametrize(
    ("watched", "printed"),
    [
        ("示例科技（北京）有限公司", "示例科技(北京)有限公司"),
        ("示例科技北京有限公司", "示例科技 （北京） 有限公司"),
        ("ＳＴＡＲ大模型２．０", "Star 大模型 2.0"),
        ("示例星河", "示例·星河"),
        ("示例-星河", "示例—星河"),
        ("示例夢想", "示例梦想"),
    ],
)
def test_variants_of_one_name(watched: str, printed: str) -> None:
    assert is_exactly(
        watched, f"模型名称：{printed}\n属地：北京\n备案单位：{printed}\n备案时间：2026年1月1日"
    )


def test_a_latin_word_is_no_part_of_another() -> None:
    row = "模型名称：SampleChat Pro\n属地：北京\n备案单位：甲公司\n备案时间：2026年1月1日"
    assert is_named("samplechat", row)
    assert is_named("ＳａｍｐｌｅＣｈａｔ　ｐｒｏ", row)
    assert not is_named("chat", row)
    assert not is_named("SampleChatPr", row)


def test_a_notice_names_in_its_words() -> None:
    assert names_in(("甲公司", "乙公司"), "现注销甲公司的深度合成服务算法备案。") == ("甲公司",)


def test_whole_cells_and_parts_are_told_apart() -> None:
    assert is_exactly("示例星河(对话)大模型算法", ROW)
    assert not is_exactly("示例星河", ROW)
    entry = read_entry(ROW)
    assert entry is not None
    assert (entry.subject, entry.number) == ("杭州示例 科技有限公司", "网信算备330100000000101240011号")
    assert read_entry("材料：营业执照\n要求：原件") is None


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("关于注销部分深度合成服务算法备案的公告", True),
        ("算法名称：甲\n备注：已注销", True),
        ("算法名称：甲\n是否注销：否", False),
        ("算法名称：甲\n注销情况：无", False),
        ("互联网信息服务算法备案信息", False),
    ],
)
def test_what_was_struck_off(text: str, struck: bool) -> None:
    assert is_struck(text) is struck
