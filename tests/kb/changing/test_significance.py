"""Substance, wording or furniture. The traps are pairs that differ little and matter much."""

from __future__ import annotations

import pytest
from texts import rule

from kb.changing.compare import compare
from kb.codes import BlockKind, Significance
from kb.model import Block, Document

SUBSTANTIVE = [
    ("应当备案。", "可以备案。"),
    ("处1万元罚款。", "处10万元罚款。"),
    ("近30天播放量1000次以上", "近30天播放量5000次以上"),
    ("活动举办7天前提交申请", "活动举办10天前提交申请"),
    ("由文化和旅游主管部门负责审批。", "由新闻出版主管部门负责审批。"),
    ("企业和个人可以申请。", "企业或者个人可以申请。"),
    ("违法所得1.5倍", "违法所得15倍"),
    ("不得从事经营活动。", "得从事经营活动。"),
    ("提交申请书。", "提交申请书（加盖公章）。"),
    ("应于12月31曰前完成。", "应于11月30日前完成。"),
    ("适用于企业、事业单位。", "适用于企业。"),
    ("评论功能的提供者应当备案。", "评论功能的使用者应当备案。"),
]
EDITORIAL = [
    ('所称"示例服务"', "所称“示例服务”"),
    ("示例服务:甲(乙)", "示例服务：甲（乙）"),
    ("由工商行政管理部门责令改正。", "由市场监督管理部门责令改正。"),
    ("工商行政管理部门、质量技术监督部门负责监督。", "市场监督管理部门负责监督。"),
    ("二十个工作日内办结。", "20个工作日内办结。"),
    ("处1万元罚款。", "处一万元罚款。"),
    ("2027-01-01起施行。", "2027年1月1日起施行。"),
    ("本规定所称服务", "本办法所称服务"),
    ("有效地管理平台内容", "有效的管理平台内容"),
    ("登陆系统提交材料", "登录系统提交材料"),
    ("示例備案辦法", "示例备案办法"),
    ("咨询电话：010-00000001", "咨询电话：010-00000002"),
    ("来源：甲网站", "来源：乙网站"),
    ("详见https://a.invalid/1", "详见https://a.invalid/2"),
]
NOISE = [
    ("浏览次数：123 字号：大 中 小 打印本页", "浏览次数：456 字号：大 中 小 打印本页"),
    ("3天前 · 120阅读", "5天前 · 133阅读"),
    ("1,234 views", "1,300 views"),
    ("第 1 页 共 3 页", "第 1 页 共 4 页"),
    ("分享到 微信 微博", "分享到 微信 微博 QQ空间"),
    ("最后编辑于 2026-05-01 张三", "最后编辑于 2026-06-01 李四"),
    ("Powered by 示例 1.2", "Powered by 示例 1.3"),
    ("首页 > 政策", "首页 > 政务 > 政策"),
    ("版权所有 ©2025", "版权所有 ©2026"),
    ("<b>应当</b>备案", "应当备案"),
    ("收取 3 人", "收取3人"),
]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        *((a, b, Significance.SUBSTANTIVE) for a, b in SUBSTANTIVE),
        *((a, b, Significance.EDITORIAL) for a, b in EDITORIAL),
        *((a, b, Significance.NOISE) for a, b in NOISE),
    ],
)
def test_significance(before: str, after: str, expected: Significance) -> None:
    for first, second in ((before, after), (after, before)):
        comparison = compare(rule(first), rule(second))
        assert comparison.differing
        assert (comparison.significance, comparison.reason)[0] is expected, comparison.reason


def test_related_links_are_no_rule() -> None:
    before = rule("正文应当遵守。", "相关链接", "甲通知", "乙通知")
    after = rule("正文应当遵守。", "相关链接", "乙通知", "丙通知")
    assert compare(before, after).significance is Significance.NOISE


def test_a_sentence_after_the_links_is_the_rule_again() -> None:
    before = rule("相关链接", "甲通知", "一、主体应当在十日内备案。")
    after = rule("相关链接", "甲通知", "一、主体应当在五日内备案。")
    assert compare(before, after).significance is Significance.SUBSTANTIVE


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("https://cdn.invalid/app/0.2.36/icon.png", "https://cdn.invalid/app/0.2.51/icon.png", True),
        ("https://cdn.invalid/202611/table.png?t=1", "https://cdn.invalid/202611/table.png?t=2", True),
        ("https://cdn.invalid/202611/table.png", "https://cdn.invalid/202612/table.png", False),
        ("https://cdn.invalid/a/table_v1.png", "https://cdn.invalid/a/table_v2.png", False),
    ],
)
def test_an_image_is_replaced_when_more_than_its_build_or_token_moved(
    before: str, after: str, kept: bool
) -> None:
    def document(address: str) -> Document:
        return Document("指引", (Block(BlockKind.IMAGE, "", address=address),))

    comparison = compare(document(before), document(after))
    assert (comparison.significance is Significance.NOISE) == kept
