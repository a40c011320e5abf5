"""The profiles of a data directory: ``profiles/NAME.toml``, one a service or client, and their subscriptions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kb.config import DataDirectory
from kb.errors import NotFound, ProfileError
from kb.profiles import Advice, Profile, assess, load, readable, unanswered, written
from kb.profiles.diff import CONCERNING
from kb.profiles.questions import (
    NONE,
    Answers,
    Kind,
    Question,
    checked,
    question_named,
    questions,
    understood,
)
from scheduler.ops import Ops, Subscription

_NAME = re.compile(r"[^\W_][^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069/\\:*?\"<>|]{0,58}")
MOST_NAMED = 5
"""Open questions named where nothing can be subscribed to."""
FIRST = "main"
"""What a profile is called when nobody named it."""


def checked_name(name: str) -> str:
    """A name that can be a file's. Raises ``ProfileError``."""
    stripped = name.strip().removesuffix(".toml")
    if not _NAME.fullmatch(stripped) or stripped.endswith("."):
        raise ProfileError(
            f"不能用作画像名称：{name}",
            do="用文字或数字开头，不超过 59 个字，不含 / \\ : * ? 引号、看不见的字符等",
        )
    return stripped


def names(data: DataDirectory) -> tuple[str, ...]:
    """What ``profiles/`` holds, sorted; hidden files are none."""
    return tuple(sorted(file.stem for file in data.profiles.glob("*.toml") if not file.name.startswith(".")))


def file_of(data: DataDirectory, name: str) -> Path:
    return data.profiles / f"{checked_name(name)}.toml"


def profile_named(data: DataDirectory, name: str) -> Profile:
    """Raises ``NotFound``, or ``ProfileError`` for a file that says no profile."""
    file = file_of(data, name)
    if not file.is_file():
        known = names(data)
        do = f"已有：{'、'.join(known)}" if known else "zhengce profile new 可新建"
        raise NotFound(f"没有业务画像 {name}", where=str(data.profiles), do=do)
    return load(file)


@dataclass(frozen=True, slots=True)
class Held:
    """Profiles by name, and by name what is wrong with files that say none: one client's file stops no other's."""

    profiles: dict[str, Profile]
    faults: dict[str, str]


def all_profiles(data: DataDirectory) -> Held:
    found = Held({}, {})
    for name in names(data):
        try:
            found.profiles[name] = profile_named(data, name)
        except (ProfileError, OSError) as error:
            found.faults[name] = str(error)
    return found


def keep(data: DataDirectory, name: str, profile: Profile, *, replace: bool = False) -> Path:
    """Write the file whole or not at all. Raises ``ProfileError`` when it is there and may not go, or could not be read
    again."""
    file = file_of(data, name)
    if file.exists() and not replace:
        raise ProfileError(f"已有业务画像 {name}", where=str(file), do="要改掉请加 --replace，或换一个名称")
    readable(profile, where=name)
    data.create()
    data.profiles.mkdir(mode=0o700, exist_ok=True)  # whose clients they are is nobody else's business
    temporary = file.with_suffix(".new")
    temporary.write_text(written(profile), "utf-8")
    temporary.replace(file)
    return file


def with_answers(profile: Profile, said: Mapping[str, str]) -> Profile:
    """The profile with answers given as ``key=value``; ``key+`` adds to several, an empty value takes the answer back.
    Answers to questions that do not arise any more go: who generates nothing has no model.

    Raises ``ProfileError``, for an answer to a question that the others rule out too.
    """
    answers = dict(profile.answers)
    for given, value in said.items():
        key = given.removesuffix("+").strip()
        question = question_named(key)
        values = understood(question, value)
        if given.endswith("+") and question.kind is Kind.MULTI:
            values = (*(old for old in answers.get(key, ()) if old != NONE), *values)
        answers[key] = checked(question, values)
    told = {given.removesuffix("+").strip() for given in said}
    kept: dict[str, tuple[str, ...]] = {}
    for key, question in questions().items():
        if not answers.get(key):
            continue
        if key in told and question.ruled_out(kept):
            raise _contradiction(question, kept)
        arose, arises = question.wanted(profile.answers), question.wanted(kept)
        if arises or not arose or key in told:
            kept[key] = answers[key]
    return profile.model_copy(update={"answers": kept})


def _contradiction(question: Question, answers: Answers) -> ProfileError:
    against = [questions()[key] for key in question.ask_if]
    why = "、".join(f"{each.short}（{each.id}）为“{each.shown(answers[each.id])}”" for each in against)
    return ProfileError(
        f"{question.short}（{question.id}）这个问题不会出现：{why}",
        do=f"请去掉 {question.id} 的回答，或改 {'、'.join(each.id for each in against)}",
    )


def concerning(profile: Profile) -> tuple[Advice, ...]:
    """What usually or sometimes applies: what a subscription watches."""
    return tuple(each for each in assess(profile) if each.likelihood in CONCERNING)


# --------------------------------------------------------------------------- subscriptions


def subscription_id(name: str) -> str:
    """Always the same for a name, so that subscribing again renews."""
    return f"sub-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def subscribed(data: DataDirectory) -> dict[str, Subscription]:
    """The active subscriptions by id; none where nobody ever subscribed."""
    if not data.ops.exists():
        return {}
    with Ops(data.ops) as ops:
        return {each.id: each for each in ops.subscriptions()}


def watched(name: str, profile: Profile) -> tuple[str, ...]:
    """The licence types its subscription watches. Raises ``ProfileError`` for a profile that nothing concerns: a
    subscription without types would want all of them."""
    wanted = tuple(advice.licence for advice in concerning(profile))
    if not wanted:
        open_ones = [each.question for each in unanswered(profile) if each.licences or each.together]
        named = "、".join(f"{questions()[key].short}（{key}）" for key in open_ones[:MOST_NAMED])
        raise ProfileError(
            f"业务画像 {name} 没有带出任何事项，不能订阅",
            do=f"请先回答{named}等：zhengce profile new {name} --replace" if named else "请检查回答",
        )
    return wanted


def subscribe(
    ops: Ops,
    name: str,
    profile: Profile,
    *,
    channels: tuple[str, ...],
    digest: str,
    now: datetime,
    regions: tuple[str, ...] = (),
) -> Subscription:
    """Insert or renew the profile's subscription, which follows its file from then on. What else it says is kept.

    Raises ``ProfileError``.
    """
    number = subscription_id(name)
    with ops.transaction():  # a name that is watched at the same moment is kept
        held = next((each for each in ops.subscriptions() if each.id == number), None)
        if not channels and held is None:
            raise ProfileError("没有说发到哪里", do="请加 --to 邮箱、webhook 网址或投递方式编号")
        made = as_answered(held or Subscription(id=number, name=profile.name), name, profile).model_copy(
            update={
                "regions": regions or (held.regions if held else ()),
                "channels": channels or (held.channels if held else ()),
                **({"digest": digest} if digest else {}),
            }
        )
        ops.put_subscription(made, now=now)
    return made


def as_answered(held: Subscription, name: str, profile: Profile) -> Subscription:
    """The subscription as the answers of its profile say it today. Raises ``ProfileError`` as ``watched`` does."""
    return held.model_copy(
        update={
            "profile": name,
            "name": profile.name,
            "licences": watched(name, profile),
            "province": profile.province,
            "service": profile.note or profile.name,
        }
    )
