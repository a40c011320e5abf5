"""A local rule from capture to alert."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.ops import Ops, Subscription
from tests.kb.store.world import ARTICLES, amended, days, declare
from tests.scheduler.house import House

CHANGED = amended(2, "申请人应当在五个工作日内办理算法备案手续。")


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"province": "广东省"}, {"sub-1", "广东", "chose"}),
        ({"province": "广东", "authority": "广东省通信管理局"}, {"sub-1", "广东", "chose"}),
        ({}, {"sub-1", "广东", "浙江", "chose"}),  # national, or a platform
        ({"province": "示例省"}, {"sub-1", "广东", "浙江", "chose"}),
    ],
)
def test_a_change_of_a_provincial_source_is_told_to_its_province(
    tmp_path: Path, ops: Ops, declared: dict[str, str], told: set[str]
) -> None:
    house = House(tmp_path, ops, declare(**declared))
    (first,) = ops.subscriptions()
    for wish in (
        {"id": "广东", "province": "广东"},
        {"id": "浙江", "province": "浙江"},
        {"id": "chose", "province": "浙江", "regions": ("广东",)},
    ):
        each = Subscription(name="x", channels=first.channels, digest="none", **wish)
        ops.put_subscription(each, now=days(-1))
    house.look(0, ARTICLES)
    house.look(1, CHANGED)
    house.tell()
    rows = ops.rows("SELECT subscription FROM alerts WHERE kind = 'change'")
    assert {row["subscription"] for row in rows} == told
