"""What a point is called before a reader."""

from __future__ import annotations

import pytest

from kb.changing.naming import from_to, point_name, point_name_en
from kb.codes import DeltaKind
from kb.model import ObligationDelta

OLD, NEW = "自2027年1月1日起施行。", "自2027年7月1日起施行。"
MOVED = ObligationDelta(DeltaKind.DEADLINE, "2027年1月1日", "2027年7月1日", 1, 1)


def test_the_day_of_effect_is_no_period() -> None:
    assert point_name(MOVED, OLD, NEW) == "施行日期"
    assert point_name_en(MOVED, OLD, NEW) == "effective date"


def test_both_sides_must_speak_of_the_effect() -> None:
    assert point_name(MOVED, "自2027年1月1日起报送。", NEW) == "期限"
    assert point_name(MOVED, OLD, "自2027年7月1日起报送。") == "期限"


def test_a_day_that_came_or_went_is_told_by_the_side_it_stands_on() -> None:
    assert point_name(ObligationDelta(DeltaKind.DEADLINE, "", "2027年7月1日", -1, 1), "", NEW) == "施行日期"
    assert point_name(ObligationDelta(DeltaKind.DEADLINE, "每年", "", 0, -1), "每年报送。", "") == "期限"


def test_a_date_beside_the_text_is_called_as_its_anchor() -> None:
    beside = ObligationDelta(DeltaKind.DEADLINE, "2027-01-01", "2027-07-01")
    assert point_name(beside, "2027-01-01", "2027-07-01", "施行日期") == "施行日期"
    assert point_name(beside, "2026-12-01", "2026-12-15", "意见反馈截止") == "期限"


def test_another_point_keeps_its_name() -> None:
    fee = ObligationDelta(DeltaKind.FEE, "免收", "200元/件", 0, 0)
    assert (point_name(fee, "免收施行", "200元/件施行"), point_name_en(fee, "", "")) == ("费用", "fee")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("十日", "五日", "十日 → 五日"),
        ("", "每年", "新增“每年”"),
        ("每年", "", "删去“每年”"),
    ],
)
def test_from_one_to_the_other(before: str, after: str, said: str) -> None:
    assert from_to(before, after) == said
