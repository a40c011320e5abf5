"""Why a change is substantive, and which way its points went."""

from __future__ import annotations

import pytest
from texts import rule

from kb.changing.compare import compare
from kb.changing.reasons import direction
from kb.codes import DeltaKind
from kb.model import ObligationDelta


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        (DeltaKind.DEADLINE, "十个工作日", "五个工作日", "缩短"),
        (DeltaKind.DEADLINE, "六十日", "六个月", "延长"),
        (DeltaKind.DEADLINE, "15个工作日", "15日", ""),
        (DeltaKind.DEADLINE, "2026年11月20日", "2026年12月5日", "推迟"),
        (DeltaKind.DEADLINE, "3月31日", "2月28日", "提前"),
        (DeltaKind.DEADLINE, "二十四小时", "立即", ""),
        (DeltaKind.VALIDITY, "五年", "三年", "缩短"),
        (DeltaKind.THRESHOLD, "一百万以上", "五十万以上", "降低"),
        (DeltaKind.THRESHOLD, "100万元", "1000万元", "提高"),
        (DeltaKind.PERCENTAGE, "百分之三", "5%", "提高"),
        (DeltaKind.PENALTY, "五万元以上二十万元以下罚款", "十万元以上一百万元以下罚款", "提高"),
        (DeltaKind.PENALTY, "二万元以上五万元以下罚款", "一万元以上十万元以下罚款", ""),
        (DeltaKind.FEE, "免收", "200元/件", ""),
        (DeltaKind.MODALITY, "可以", "应当", ""),
        (DeltaKind.MATERIAL, "", "承诺书", ""),
    ],
)
def test_direction(kind: DeltaKind, before: str, after: str, expected: str) -> None:
    assert direction(ObligationDelta(kind, before, after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("应当在十日内备案。", "应当在五日内备案。", "期限缩短"),
        ("可以公示。", "应当公示。", "义务性质改变"),
        ("提交申请表、承诺书。", "提交申请表。", "删去材料"),
        ("处一万元以下罚款。", "处三万元以下罚款。", "罚则提高"),
        ("由公安机关负责。", "由网信部门负责。", "受理机关改变"),
        ("征询各方看法后决定。", "听取专家看法后决定。", "文字有修改，未归入要点，请对照原文"),
        ("由文化部负责。", "由文化和旅游部负责。", "机关更名，未见职责变化"),
        ("本办法自2027年1月1日起施行。", "本办法自2027年7月1日起施行。", "施行日期推迟"),
        ("应当自2027年1月1日起十日内实施。", "应当自2027年1月1日起五日内实施。", "期限缩短"),
    ],
)
def test_the_reason_names_the_points(before: str, after: str, reason: str) -> None:
    assert compare(rule(before), rule(after)).reason == reason


def test_a_new_and_a_lost_article_say_what_they_state() -> None:
    short = rule("第一条 为了规范服务，制定本办法。")
    long = rule("第一条 为了规范服务，制定本办法。", "第二条 违反规定的，处一万元以下罚款。")
    assert compare(short, long).reason == "新增条款，写明罚则"
    assert compare(long, short).reason == "删除条款，原写明罚则"
