"""The rules from answers to licence types: ``rules.toml`` -> ``Rule``, ``Obstacle``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from kb.errors import DeclarationError
from kb.licences import licences
from kb.profiles.questions import Answers, holds, questions, unknown
from kb.tables import Strict, read_table

_FILE = Path(__file__).with_name("rules.toml")
Condition = dict[str, tuple[str, ...]]


class Likelihood(StrEnum):
    """Strongest first."""

    USUALLY = "usually"
    SOMETIMES = "sometimes"
    RARELY = "rarely"


STRENGTH = tuple(Likelihood)
NAMES: Mapping[Likelihood, str] = {
    Likelihood.USUALLY: "通常涉及",
    Likelihood.SOMETIMES: "有时涉及",
    Likelihood.RARELY: "一般不涉及",
}


class Check(StrEnum):
    """How far a basis was held against an official text: title and article, the title only, or neither."""

    VERIFIED = "verified"
    ARTICLE = "article"
    UNVERIFIED = "unverified"


_MARKS = {Check.VERIFIED: "", Check.ARTICLE: "【条号未核】", Check.UNVERIFIED: "【未核】"}


class RuleBasis(Strict):
    title: str = Field(min_length=2)
    article: str = ""
    check: Check

    def __str__(self) -> str:
        return f"{self.title}{self.article}{_MARKS[self.check]}"


class Rule(Strict):
    """One way in which a licence type comes to concern a service. ``when``: all hold; ``unless``: none holds."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    licence: str
    likelihood: Likelihood
    when: Condition = Field(min_length=1)
    unless: Condition = Field(default_factory=dict)
    zh: str = Field(min_length=4)
    en: str = Field(min_length=4)
    basis: tuple[RuleBasis, ...] = Field(min_length=1)

    def applies(self, answers: Answers) -> bool:
        return not self.excluded(answers) and all(holds(answers, key, v) for key, v in self.when.items())

    def excluded(self, answers: Answers) -> bool:
        return any(holds(answers, key, values) for key, values in self.unless.items())


class Obstacle(Strict):
    """What keeps this kind of entity from getting the licence. It does not change how likely the licence is."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    licences: tuple[str, ...] = Field(min_length=1)
    when: Condition = Field(min_length=1)
    zh: str = Field(min_length=4)
    en: str = Field(min_length=4)
    basis: tuple[RuleBasis, ...] = Field(min_length=1)

    def applies(self, answers: Answers) -> bool:
        return all(holds(answers, key, values) for key, values in self.when.items())


class _Table(Strict):
    rule: tuple[Rule, ...] = Field(min_length=1)
    obstacle: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    rules: tuple[Rule, ...]
    obstacles: tuple[Obstacle, ...]


def read_rules(path: Path) -> Rules:
    """Raises DeclarationError when the file cannot be used."""
    table = read_table(path, _Table, "业务画像的规则")
    if faults := list(_faults(table)):
        raise DeclarationError(
            "业务画像的规则不能使用：" + "；".join(faults), where=str(path), do="请改正后重试"
        )
    return Rules(table.rule, table.obstacle)


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules that come with zhengce, read once."""
    return read_rules(_FILE)


def _faults(table: _Table) -> Iterator[str]:
    ids = [rule.id for rule in table.rule] + [obstacle.id for obstacle in table.obstacle]
    yield from (f"{twice} 出现不止一次" for twice in sorted({each for each in ids if ids.count(each) > 1}))
    for rule in table.rule:
        if rule.licence not in licences():
            yield f"{rule.id} 的 {rule.licence} 不在词表中"
        for fault in (*unknown(rule.when, questions()), *unknown(rule.unless, questions())):
            yield f"{rule.id}：{fault}"
    for obstacle in table.obstacle:
        for licence in obstacle.licences:
            if licence not in licences():
                yield f"{obstacle.id} 的 {licence} 不在词表中"
        for fault in unknown(obstacle.when, questions()):
            yield f"{obstacle.id}：{fault}"
