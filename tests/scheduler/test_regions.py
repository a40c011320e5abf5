"""A local rule from capture to alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.codes import PageRole
from kb.model import page_id
from scheduler.jobs import StepReport, tell_everything, tell_incidents
from scheduler.ops import Ops, Subscription
from scheduler.plan import Plan
from tests.kb.store.world import ARTICLES, HOST, amended, days, declare, rule
from tests.scheduler.house import House
from tests.scheduler.test_reviewing import PNG, picture

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


@pytest.fixture
def apart(tmp_path: Path, ops: Ops) -> House:
    """A source of one province, with a subscriber there and one elsewhere."""
    house = House(tmp_path, ops, declare(province="广东"))
    (first,) = ops.subscriptions()
    ops.end_subscription(first.id)
    for province in ("广东", "浙江"):
        each = Subscription(
            id=province, name=province, province=province, channels=first.channels, digest="none"
        )
        ops.put_subscription(each, now=days(-1))
    return house


def reached(house: House, kind: str) -> set[str]:
    rows = house.ops.rows("SELECT subscription FROM alerts WHERE kind = ?", (kind,))
    return {row["subscription"] for row in rows}


NATIONAL = "工业和信息化部关于示例业务的通知"


@pytest.mark.parametrize(("title", "told"), [("示例业务管理办法", {"广东"}), (NATIONAL, {"广东", "浙江"})])
def test_what_a_provincial_site_hands_on_is_told_to_everybody(
    apart: House, title: str, told: set[str]
) -> None:
    for number, articles in enumerate((ARTICLES, CHANGED)):
        for more in (0, 1):
            apart.see(days(number + more / 48), rule(title, articles))
    apart.tell()
    assert reached(apart, "change") == told


def test_a_picture_is_as_local_as_its_document(apart: House) -> None:
    parent = page_id("test.rules", f"{HOST}/a.html")
    for day, colour in ((0, "red"), (1, "blue")):
        for more in (0, 1):
            with apart.world.run(days(day + more / 48)) as run:
                run.see(body=rule(NATIONAL))
                run.see("/t.png", picture(colour), role=PageRole.IMAGE, headers=PNG, parent=parent, title="t")
            apart.clock.at = days(day + more / 48) + timedelta(minutes=5)
            apart.ingest()
    assert apart.tell()
    assert reached(apart, "change") == {"广东", "浙江"}


def test_a_problem_of_a_provincial_source_is_told_in_its_province(apart: House) -> None:
    for day in (0, 1):
        with apart.world.run(days(day)) as run:
            run.list("/a.html") if day == 0 else run.see("/list.html", b"no", status=403, role=PageRole.LIST)
    apart.ingest()
    apart.clock.at = days(1) + timedelta(hours=1)
    tell_incidents(apart.context(), StepReport(Plan()))
    assert reached(apart, "incident") == {"广东"}


def test_the_silence_of_a_provincial_source_is_told_in_its_province(apart: House) -> None:
    apart.look(0, ARTICLES)
    apart.clock.at = days(30)
    tell_incidents(apart.context(), StepReport(Plan()))
    assert reached(apart, "incident") == {"广东"}
