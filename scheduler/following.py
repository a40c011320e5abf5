"""Subscriptions made from a profile follow its file: licence types and province are those its answers bring in today.

A file that is gone, cannot be read or brings in nothing takes no alert from anybody: the subscription stays as it was, and
that is said, once to the operator and in every digest to the subscriber.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from kb.config import DataDirectory
from kb.errors import ProfileError, ZhengceError
from kb.licences import licences
from kb.profiles import Profile
from scheduler.ops import Ops, Subscription
from scheduler.profiles import as_answered, profile_named

FAULTY = "profile"  # what our ledger notes of subscriptions whose profile cannot be followed


@dataclass
class Followed:
    """Sentences for the operator: subscriptions brought up to their profile, and those that cannot be any more."""

    renewed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def follow_profiles(data: DataDirectory, ops: Ops, *, now: datetime) -> Followed:
    """Bring every subscription made from a profile up to its file. A fault is said when it begins."""
    found = Followed()
    with ops.transaction():
        faulty = unfollowed(ops)
        for each in ops.subscriptions():
            if each.profile:
                _follow(data, ops, each, found, known=each.id in faulty, now=now)
    return found


def up_to_date(data: DataDirectory, held: Subscription) -> Subscription:
    """The subscription as the next step will make it."""
    if not held.profile:
        return held
    try:
        return as_answered(held, held.profile, profile_named(data, held.profile))
    except (ZhengceError, OSError):
        return held


def unfollowed(ops: Ops) -> frozenset[str]:
    """Ids of subscriptions whose profile could not be followed at the last step."""
    return frozenset(ops.noted(FAULTY))


def _follow(
    data: DataDirectory, ops: Ops, held: Subscription, found: Followed, *, known: bool, now: datetime
) -> None:
    who = f"订阅 {held.name}（{held.id}）"
    try:
        wanted = as_answered(held, held.profile, profile_named(data, held.profile))
    except (ZhengceError, OSError) as error:
        ops.note(FAULTY, [held.id], now=now, failed=True)
        if not known:
            found.faults.append(
                f"{who}不能再按业务画像 {held.profile} 更新，仍按上次的 {len(held.licences)} 项事项提醒：{error}"
            )
        return
    ops.forget(FAULTY, [held.id])
    if wanted != held:
        ops.put_subscription(wanted, now=now)
        found.renewed.append(f"{who}已按业务画像 {held.profile} 更新：{changed(held, wanted)}")
    elif known:
        found.renewed.append(f"{who}又能按业务画像 {held.profile} 更新了，关注的事项相同")


def pending(held: Subscription, name: str, profile: Profile) -> str:
    """What the next step will change, in words; empty for nothing."""
    if held.profile != name:
        return ""
    try:
        wanted = as_answered(held, name, profile)
    except ProfileError as error:
        return f"不会更新，仍按上次的 {len(held.licences)} 项事项提醒：{error.what}"
    return changed(held, wanted) if wanted != held else ""


def changed(before: Subscription, after: Subscription) -> str:
    """What is watched otherwise than before, in words."""
    parts = [
        f"{verb} {'、'.join(licences()[each].short for each in which)}"
        for verb, which in (
            ("新增", [each for each in after.licences if each not in before.licences]),
            ("不再关注", [each for each in before.licences if each not in after.licences]),
        )
        if which
    ]
    if after.province != before.province:
        parts.append(f"省份 {before.province or '未填'} → {after.province or '未填'}")
    return "；".join(parts) or "名称或说明改了，关注的事项相同"
