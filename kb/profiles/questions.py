"""The questions about a service: ``questions.toml`` -> ``Question``, and what counts as an answer to one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic import Field

from kb.errors import DeclarationError, ProfileError
from kb.folding import fold
from kb.regions import short_name
from kb.tables import Strict, read_table

_FILE = Path(__file__).with_name("questions.toml")
ANY = "*"
NONE = "none"
YES, NO = "yes", "no"
_SEPARATORS = re.compile("[,，、;；]")
Answers = Mapping[str, tuple[str, ...]]
"""Question id -> the ids of the answers. A question without an answer is absent."""


class Kind(StrEnum):
    SINGLE = "single"
    MULTI = "multi"
    YES_NO = "yes_no"
    TEXT = "text"


class Choice(Strict):
    id: str = Field(pattern=r"^[a-z0-9_]+$")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Question(Strict):
    """``ask_if``: asked only when one of the questions before it has one of these answers; always when empty.

    ``accepts``: the words a text may be; any when empty.
    """

    id: str = Field(pattern=r"^[a-z_]+$")
    kind: Kind
    short: str = Field(min_length=2, max_length=6)
    zh: str = Field(min_length=2)
    en: str = Field(min_length=2)
    choices: tuple[Choice, ...] = ()
    accepts: tuple[str, ...] = ()
    ask_if: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def offered(self) -> tuple[Choice, ...]:
        return _YES_NO if self.kind is Kind.YES_NO else self.choices

    def wanted(self, answers: Answers) -> bool:
        """Whether it is worth asking after these answers."""
        return not self.ask_if or any(holds(answers, key, values) for key, values in self.ask_if.items())

    def ruled_out(self, answers: Answers) -> bool:
        """Whether these answers say that it does not arise; not so while one that it waits for is open."""
        return not self.wanted(answers) and all(key in answers for key in self.ask_if)

    def shown(self, values: Iterable[str], *, english: bool = False) -> str:
        """The answers in words."""
        names = {choice.id: choice.en if english else choice.zh for choice in self.offered}
        return (", " if english else "、").join(names.get(value, value) for value in values)


_YES_NO = (Choice(id=YES, zh="是", en="yes"), Choice(id=NO, zh="否", en="no"))


class _Questions(Strict):
    question: tuple[Question, ...] = Field(min_length=1)


def holds(answers: Answers, key: str, values: Iterable[str]) -> bool:
    """Whether a question was answered by one of ``values``: an id, ``a+b`` for both, ``*`` for any but none and no."""
    given = set(answers.get(key, ()))
    for value in values:
        wanted = given - {NONE, NO} if value == ANY else given if given.issuperset(value.split("+")) else ()
        if wanted:
            return True
    return False


def read_questions(path: Path) -> Mapping[str, Question]:
    """Questions by id in the order in which they are asked. Raises DeclarationError when the file cannot be used."""
    table = read_table(path, _Questions, "业务画像的问题")
    found = {question.id: question for question in table.question}
    faults = [] if len(found) == len(table.question) else ["有重复的 id"]
    seen: dict[str, Question] = {}
    for question in table.question:
        faults += _faults(question, seen)
        seen[question.id] = question
    if faults:
        raise DeclarationError(
            "业务画像的问题不能使用：" + "；".join(faults), where=str(path), do="请改正后重试"
        )
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def questions() -> Mapping[str, Question]:
    """The questions that come with zhengce, read once."""
    return read_questions(_FILE)


def question_named(said: str) -> Question:
    """The question of this id or short name, as ``profile show`` prints it. Raises ``ProfileError``."""
    name, known = said.strip(), questions()
    found = known.get(name) or next((each for each in known.values() if each.short == name), None)
    if found is None:
        named = "、".join(f"{each.id}（{each.short}）" for each in known.values())
        raise ProfileError(f"没有问题 {name}", do=f"可用：{named}")
    return found


def unknown(condition: Mapping[str, Iterable[str]], known: Mapping[str, Question]) -> Iterator[str]:
    """What a condition names that is no question or no answer of it."""
    for key, values in condition.items():
        if key not in known:
            yield f"没有问题 {key}"
            continue
        offered = {ANY, *(choice.id for choice in known[key].offered), *known[key].accepts}
        for value in values:
            if not offered.issuperset(value.split("+")):
                yield f"问题 {key} 没有答案 {value}"


def _faults(question: Question, before: Mapping[str, Question]) -> Iterator[str]:
    ids = [choice.id for choice in question.choices]
    if len(ids) != len(set(ids)):
        yield f"{question.id} 有重复的选项"
    if (question.kind in {Kind.SINGLE, Kind.MULTI}) != bool(ids):
        yield f"{question.id} 的选项与种类不符"
    if question.accepts and question.kind is not Kind.TEXT:
        yield f"{question.id} 不是文字，不能有 accepts"
    for fault in unknown(question.ask_if, before):
        yield f"{question.id} 的 ask_if：{fault}"


# --------------------------------------------------------------------------- what a person says


def understood(question: Question, said: str) -> tuple[str, ...]:
    """The ids of an answer given by id, number or Chinese words; empty when it was skipped. Raises ``ProfileError``."""
    words = [word.strip() for word in _SEPARATORS.split(said) if word.strip()]
    if question.kind is Kind.TEXT:
        return (_text(question, said.strip()),) if said.strip() else ()
    return checked(question, tuple(dict.fromkeys(_choice(question, word) for word in words)))


def checked(question: Question, values: tuple[str, ...]) -> tuple[str, ...]:
    """Values that can be an answer, in the order of the choices. Raises ``ProfileError``."""
    if question.kind is Kind.TEXT:
        return tuple(_text(question, value) for value in values[:1] if value)
    order = [choice.id for choice in question.offered]
    if strange := [value for value in values if value not in order]:
        raise ProfileError(
            f"{question.zh}：没有“{strange[0]}”这个选项", where=question.id, do=_offer(question)
        )
    if len(values) > 1 and question.kind is not Kind.MULTI:
        raise ProfileError(f"{question.zh}：只能选一个", where=question.id, do=_offer(question))
    if NONE in values and len(values) > 1:
        raise ProfileError(
            f"{question.zh}：选了“没有”，就不能再选别的", where=question.id, do=_offer(question)
        )
    return tuple(sorted(set(values), key=order.index))


def _choice(question: Question, word: str) -> str:
    offered = question.offered
    if word.isdecimal() and len(word) <= 3 and 1 <= int(word) <= len(offered):
        return offered[int(word) - 1].id
    folded = fold(word)
    more = {"y": YES, "true": YES, "有": YES, "n": NO, "false": NO, "没有": NO, "无": NO}
    if question.kind is Kind.YES_NO and folded in more:
        return more[folded]
    for choice in offered:
        if folded in {fold(choice.id), fold(choice.zh), fold(choice.en)}:
            return choice.id
    for test in (str.startswith, str.__contains__):
        meant = [choice.id for choice in offered if test(fold(choice.zh), folded)]
        if len(meant) == 1:
            return meant[0]
    raise ProfileError(f"{question.zh}：没有“{word}”这个选项", where=question.id, do=_offer(question))


def _text(question: Question, said: str) -> str:
    if not question.accepts or said in question.accepts:
        return said
    short = short_name(said)
    if short in question.accepts:
        return short
    raise ProfileError(
        f"{question.zh}：不能用“{said}”", where=question.id, do="可用：" + "、".join(question.accepts)
    )


def _offer(question: Question) -> str:
    return "可用：" + "、".join(f"{choice.id}（{choice.zh}）" for choice in question.offered)
