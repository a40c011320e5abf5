"""Words that look like a point and are none: days of meetings, numbers of orders, verbs before a body's name."""

from __future__ import annotations

import pytest
from texts import rule

from kb.changing.compare import compare
from kb.changing.deltas import points_of
from kb.changing.headline import headline
from kb.codes import DeltaKind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("示例网信办令第5号", DeltaKind.AUTHORITY),
        ("（2026年11月3日示例省人民政府令第12号公布）", DeltaKind.DEADLINE),
        ("2026年11月3日第十四届全国人民代表大会常务委员会第十次会议通过", DeltaKind.DEADLINE),
        ("2026年11月20日公布", DeltaKind.DEADLINE),
        ("根据2026年3月1日《关于修改部分规章的决定》第二次修订", DeltaKind.THRESHOLD),
        ("依照行政处罚法规定从轻、减轻或者不予行政处罚。", DeltaKind.PENALTY),
        ("会同有关部门制定具体办法。", DeltaKind.AUTHORITY),
        ("数据安全、保密等事项另行规定。", DeltaKind.SCOPE),
    ],
)
def test_these_words_state_no_point(text: str, kind: DeltaKind) -> None:
    assert not [d for d in points_of(text) if d.kind is kind]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("备案情况抄送国务院财政部门。", "国务院财政部门"),
        ("应当办理手续以进入国务院专利行政部门。", "国务院专利行政部门"),
        ("将材料报送省级网信部门。", "省级网信部门"),
    ],
)
def test_a_body_is_named_without_the_verb_before_it(text: str, body: str) -> None:
    assert [d.after for d in points_of(text) if d.kind is DeltaKind.AUTHORITY] == [body]


def test_a_day_of_effect_is_told_as_one() -> None:
    after = rule("本办法自2027年7月1日起施行。")
    line = headline(compare(rule("本办法自2027年1月1日起施行。"), after), after)
    assert "施行日期由“2027年1月1日”改为“2027年7月1日”" in line
    assert "期限" not in line


def test_what_was_due_yearly_and_is_gone_is_told_with_its_period() -> None:
    assert [d.after for d in points_of("应当每年报送一次。") if d.kind is DeltaKind.DEADLINE] == ["每年"]
