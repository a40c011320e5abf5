"""A profile: one TOML file a service or client, ``name``, ``note`` and ``[answers]``.

name = "某某绘画"
[answers]
form = ["website", "wechat"]
charge = "paid"
minors = false
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import Field, StrictBool, ValidationError

from kb.errors import ProfileError
from kb.profiles.questions import NO, YES, Kind, checked, questions
from kb.tables import Strict

MOST_BYTES = 64 * 1024
"""A profile with every question answered and a long remark is a tenth of this."""
_NAME = Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$")
_NOTE = Field(
    default="", max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
)


class _File(Strict):
    name: str = _NAME
    note: str = _NOTE
    answers: dict[str, StrictBool | str | list[str]] = Field(default_factory=dict)


class Profile(Strict):
    """``answers``: question id -> ids of the answers; a question that was skipped is absent."""

    name: str = _NAME
    note: str = _NOTE
    answers: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def province(self) -> str:
        """One of the 31, 全国, or empty when nobody said."""
        return next(iter(self.answers.get("province", ())), "")


def answered(given: Mapping[str, bool | str | list[str]], *, where: str = "") -> dict[str, tuple[str, ...]]:
    """Answers by id as a file or a test writes them, checked and in the order of the questions. ``ProfileError``."""
    if strange := [key for key in given if key not in questions()]:
        raise ProfileError(f"没有问题 {strange[0]}", where=where, do="可用：" + "、".join(questions()))
    found = {}
    for key, question in questions().items():
        if key in given and (values := checked(question, _values(given[key]))):
            found[key] = values
    return found


def read_profile(text: str, *, where: str = "") -> Profile:
    """The profile a text says. Raises ``ProfileError`` naming the key."""
    try:
        held = _File.model_validate(tomllib.loads(text))
        return Profile(name=held.name, note=held.note, answers=answered(held.answers, where=where))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        at = f"第 {place[1]} 行第 {place[2]} 个字起" if place else "末尾"
        raise ProfileError(f"业务画像不是合法的 TOML：{at}读不懂", where=where, do="请改正后重试") from error
    except RecursionError as error:  # thousands of brackets in each other
        raise ProfileError("业务画像嵌套太深", where=where, do=_SHAPE) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"][:2])
        raise ProfileError(f"业务画像的 {key} 不可用", where=where, do=_DO.get(key, _SHAPE)) from error


_SHAPE = "文件里只能有 name、note 和 [answers]；答案是文字、文字列表或 true、false"
_DO = {"name": "name 是一到六十个字，不含控制符", "note": "note 不超过两千个字，不含控制符"}


def load(path: Path) -> Profile:
    """Raises ``ProfileError`` for a file that says no profile, ``OSError`` for one that cannot be read."""
    if path.exists() and not path.is_file():  # a folder, a pipe that would be waited for
        raise ProfileError("业务画像不是普通文件", where=str(path), do="请换成画像文件")
    try:
        with path.open("rb") as file:
            held = file.read(MOST_BYTES + 1)
        if len(held) > MOST_BYTES:
            raise ProfileError(
                f"业务画像超过 {MOST_BYTES // 1024} KB", where=str(path), do="请检查是不是画像文件"
            )
        return read_profile(held.decode("utf-8-sig"), where=str(path))
    except UnicodeDecodeError as error:
        raise ProfileError("业务画像不是 UTF-8 文本", where=str(path), do="请另存为 UTF-8") from error


def written(profile: Profile) -> str:
    """The file of a profile: every answer with its question as a comment."""
    document = tomlkit.document()
    document.add(tomlkit.comment("业务画像，可直接修改。没有回答的问题不写。问题和选项见 docs/profiles.md。"))
    document["name"] = profile.name
    if profile.note:
        document["note"] = profile.note
    table = tomlkit.table()
    for key, values in profile.answers.items():
        question = questions()[key]
        item: Any = tomlkit.item(_plain(question.kind, values))
        table[key] = item.comment(f"{question.zh}：{question.shown(values)}")
    document["answers"] = table
    return tomlkit.dumps(document)


def readable(profile: Profile, *, where: str = "") -> Profile:
    """The profile as its file will be read. Raises ``ProfileError`` for one that could be written but not read again."""
    return read_profile(written(profile), where=where)


def _values(given: bool | str | list[str]) -> tuple[str, ...]:
    if isinstance(given, bool):
        return (YES if given else NO,)
    return (given,) if isinstance(given, str) else tuple(given)


def _plain(kind: Kind, values: tuple[str, ...]) -> bool | str | list[str]:
    first, *_ = values
    if kind is Kind.YES_NO:
        return first == YES
    return list(values) if kind is Kind.MULTI else first
