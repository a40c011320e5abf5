"""Subscriptions follow their profile's file, and lose nothing with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.config import DataDirectory, FixedClock, Settings
from kb.profiles import Profile, answered
from scheduler.following import Followed, follow_profiles, unfollowed
from scheduler.jobs import Context, run_once
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.profiles import keep, subscribe
from scheduler.verbs.receive import subscription_said

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
SITE = {"form": ["website"], "charge": "paid", "output": ["text"], "model": ["filed_api"], "province": "广东"}


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "data")


@pytest.fixture
def followed(data: DataDirectory, ops: Ops) -> Subscription:
    """The subscription of a profile, with a wish of its own that no answer changes."""
    channel = ops.put_channel(
        EmailSettings(host="a.invalid", sender="a@a.invalid", to="b@a.invalid"), now=NOW
    )
    keep(data, "甲", site())
    subscribe(ops, "甲", site(), channels=(channel,), digest="weekly", now=NOW, regions=("江苏",))
    (made,) = ops.subscriptions()
    return made


def site(**more: object) -> Profile:
    return Profile(name="甲公司", answers=answered({**SITE, **more}))


def follow(data: DataDirectory, ops: Ops) -> tuple[Subscription, Followed]:
    found = follow_profiles(data, ops, now=NOW + timedelta(days=1))
    (held,) = ops.subscriptions()
    return held, found


def test_nothing_is_said_of_a_profile_that_stayed(
    data: DataDirectory, ops: Ops, followed: Subscription
) -> None:
    assert follow(data, ops) == (followed, Followed())
    assert followed.profile == "甲"


def test_an_edited_profile_changes_what_is_watched_and_is_said(
    data: DataDirectory, ops: Ops, followed: Subscription
) -> None:
    keep(data, "甲", site(output=["text", "music"], model=["own"], province="浙江"), replace=True)
    held, found = follow(data, ops)
    assert {"online-culture-license", "genai-filing"} <= {*held.licences} - {*followed.licences}
    assert (held.province, held.regions, held.digest) == ("浙江", ("江苏",), "weekly")
    assert (held.channels, held.created_at) == (followed.channels, followed.created_at)
    (said,) = found.renewed
    assert "新增" in said
    assert "大模型备案" in said
    assert "省份 广东 → 浙江" in said
    assert follow(data, ops)[1] == Followed()


def test_a_service_that_only_moves_is_followed(data: DataDirectory, ops: Ops, followed: Subscription) -> None:
    keep(data, "甲", site(province="浙江"), replace=True)
    held, found = follow(data, ops)
    assert (held.province, held.licences) == ("浙江", followed.licences)
    assert [said.partition("：")[2] for said in found.renewed] == ["省份 广东 → 浙江"]


@pytest.mark.parametrize(
    "broken", [None, b"", b"\xff\xfe", b"name = ", b'name = "x"\n[answers]\ncompany = "company"\n']
)
def test_a_file_that_says_nothing_any_more_takes_no_alert_away(
    data: DataDirectory, ops: Ops, followed: Subscription, broken: bytes | None
) -> None:
    file = data.profiles / "甲.toml"
    whole = file.read_bytes()
    file.unlink() if broken is None else file.write_bytes(broken)
    held, found = follow(data, ops)
    assert held == followed
    (said,) = found.faults
    assert f"仍按上次的 {len(followed.licences)} 项事项提醒" in said
    assert unfollowed(ops) == {followed.id}
    assert follow(data, ops)[1] == Followed()  # said once; the digest says it every day

    file.write_bytes(whole)
    held, found = follow(data, ops)
    assert (held, found.faults, len(found.renewed)) == (followed, [], 1)
    assert unfollowed(ops) == frozenset()


def test_subscriptions_of_no_profile_are_left_alone(data: DataDirectory, ops: Ops) -> None:
    ops.put_subscription(Subscription(id="sub-own", name="自己"), now=NOW)
    held, found = follow(data, ops)
    assert (held.id, held.licences, found) == ("sub-own", (), Followed())


def test_a_step_follows_and_a_fault_is_a_problem_in_the_digest_too(
    data: DataDirectory, ops: Ops, followed: Subscription
) -> None:
    (data.profiles / "甲.toml").unlink()
    clock = FixedClock(NOW + timedelta(days=8))
    house = Context(data, Settings(), {}, ops, clock, send=lambda _: "accepted")
    (problem,) = run_once(house).problems
    assert "不能再按业务画像 甲 更新" in problem
    (digest,) = ops.rows("SELECT body FROM alerts WHERE kind = 'digest'")
    assert "业务画像“甲”读不出或没有带出事项，仍按上次的事项提醒" in digest["body"]


def test_the_list_of_subscriptions_says_by_which_profile(
    data: DataDirectory, ops: Ops, followed: Subscription
) -> None:
    assert "按画像 甲　ICP备案" in subscription_said(followed, followed=True)
    assert "按画像 甲（读不出或没有带出事项，仍按上次的）" in subscription_said(followed, followed=False)
    assert "画像" not in subscription_said(Subscription(id="x", name="x"), followed=True)
