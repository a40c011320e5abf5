"""Which kind of change two texts make, as far as two texts can tell."""

from __future__ import annotations

import pytest

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.codes import BlockKind, ChangeKind
from kb.model import Block, Document
from kb.reading.text import read_text

CASES = [
    ("amended", "示例办法\n第一条 应当在十日内备案。", "示例办法\n第一条 应当在五日内备案。"),
    ("amended", "示例办法\n第一条 应当备案。", "示例办法\n第一条 应当备案。\n第二条 应当公示。"),
    ("authority_renamed", "示例办法\n第一条 由文化部负责。\n第二条 报工商总局。", "示例办法\n第一条 由文化和旅游部负责。\n第二条 报国家市场监督管理总局。"),
    ("amended", "示例办法\n第一条 由文化部负责。\n第二条 十日内办结。", "示例办法\n第一条 由文化和旅游部负责。\n第二条 五日内办结。"),
    ("duty_transferred", "示例办法\n第一条 由省级通信管理局受理。", "示例办法\n第一条 由省级网信部门受理。"),
    ("duty_transferred", "示例办法\n第一条 由公安机关发证。\n第二条 应当年检。", "示例办法\n第一条 由应急管理部门发证。\n第二条 应当年检。"),
    ("amended", "示例办法\n第一条 向公安机关备案。", "示例办法\n第一条 向公安机关和网信部门备案。"),
    ("amended", "示例办法\n第一条 由公安机关受理，三十日内办结。", "示例办法\n第一条 由网信部门受理，二十日内办结。"),
    ("repealed", "示例规定\n第一条 应当登记。", "示例规定\n（本规定已于2026年9月1日废止）\n第一条 应当登记。"),
    ("repealed", "示例规定\n第一条 应当登记。", "示例规定（已失效）\n第一条 应当登记。"),
    ("repealed", "示例通知\n应当登记。", "【废止】示例通知\n应当登记。"),
    ("repealed", "示例规定\n第一条 应当登记。", "示例规定\n该文件已失效\n第一条 应当登记。"),
    ("amended", "示例办法\n第九条 本办法自2027年1月1日起施行。", "示例办法\n第九条 本办法自2027年1月1日起施行。《示例暂行规定》同时废止。"),
    ("finalised", "示例办法（征求意见稿）\n第一条 应当登记。", "示例办法\n第一条 应当登记。"),
    ("finalised", "示例办法（草案公开征求意见稿）\n第一条 应当登记。", "示例办法\n第一条 应当备案。"),
    ("draft_reopened", "示例办法（征求意见稿）\n第一条 应当登记。", "示例办法（二次征求意见稿）\n第一条 应当备案。"),
    ("amended", "示例办法（征求意见稿）\n第一条 应当登记。", "示例办法（征求意见稿）\n第一条 应当备案。"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after"), CASES)
def test_kind(kind: str, before: str, after: str) -> None:
    assert compare(read_text(before), read_text(after)).kind == kind


def test_a_reply_of_the_platform_is_one() -> None:
    guide = Block(BlockKind.PARAGRAPH, "申请类目需提交材料。")
    reply = Block(BlockKind.REPLY, "个体工商户目前已支持申请。")
    comparison = compare(Document("指引", (guide,)), Document("指引", (guide, reply)))
    assert comparison.kind is ChangeKind.OFFICIAL_REPLY
    assert "个体工商户" in headline(comparison, Document("指引", (guide, reply)))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("示例办法（征求意见稿）\n第一条 应当登记。", "示例办法\n第一条 应当登记。", "正式稿公布"),
        (
            "示例规定\n第一条 应当登记。",
            "示例规定\n（本规定已于2026年9月1日废止）\n第一条 应当登记。",
            "本文件写明废止",
        ),
        (
            "示例办法（征求意见稿）\n第一条 应当登记。\n第二条 处一万元以下罚款。",
            "示例办法\n第一条 应当登记。\n第二条 处三万元以下罚款。",
            "正式稿公布；第二条：罚则由“一万元以下罚款”改为“三万元以下罚款”",
        ),
    ],
)
def test_the_mark_of_the_kind_is_not_told_twice(before: str, after: str, said: str) -> None:
    document = read_text(after)
    assert headline(compare(read_text(before), document), document) == said
