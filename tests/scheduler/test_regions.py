"""A local rule from capture to alert."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.jobs import StepReport, tell_everything
from scheduler.ops import Ops, Subscription
from scheduler.plan import Plan
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


@pytest.mark.parametrize(("province", "due"), [("广东", "应看 1 个来源"), ("浙江", "应看 0 个来源")])
def test_a_digest_counts_the_sources_of_its_subscriber_s_province(
    tmp_path: Path, ops: Ops, province: str, due: str
) -> None:
    house = House(tmp_path, ops, declare(province="广东"))
    (first,) = ops.subscriptions()
    ops.put_subscription(first.model_copy(update={"digest": "daily", "province": province}), now=days(-1))
    house.look(0, ARTICLES)
    house.clock.at = days(2)
    tell_everything(replace(house.context(), send=lambda _: "accepted"), StepReport(Plan()))
    (digest,) = ops.rows("SELECT subject FROM alerts WHERE kind = 'digest'")
    assert due in digest["subject"]
