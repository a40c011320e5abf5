"""What ``profile`` and ``affected`` print: guidance from answers, never legal advice."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.output.line import Line
from kb.output.tags import TagOut

Likelihood = Literal["usually", "sometimes", "rarely"]


class RuleBasisOut(Line):
    """``check``: title and article seen, the title only, or neither; what is not ``verified`` is shown as 未核."""

    title: str
    article: str
    check: Literal["verified", "article", "unverified"]


class ObstacleOut(Line):
    """Why this kind of entity cannot get the licence, or only within limits."""

    id: str
    reason: str
    reason_en: str
    basis: list[RuleBasisOut]


class AdviceOut(Line):
    """``rule`` is the id of the rule in docs/profiles.md."""

    licence: str
    likelihood: Likelihood
    reason: str
    reason_en: str
    basis: list[RuleBasisOut]
    rule: str
    obstacles: list[ObstacleOut]


class MissingOut(Line):
    """A question without an answer, and the licence types that an answer may bring in: by itself, or ``together`` with
    answers to other open questions."""

    question: str
    licences: list[str]
    together: list[str]


class ChoiceOut(Line):
    id: str
    zh: str
    en: str


class QuestionOut(Line):
    """``zhengce profile questions --json``: one question. ``accepts``: the words a text may be. ``ask_if``: it arises when
    one of these questions has one of these answers (``*``: any but none); always where empty."""

    schema_: Literal["zhengce.question/1"] = Field(default="zhengce.question/1", alias="schema")
    id: str
    kind: Literal["single", "multi", "yes_no", "text"]
    zh: str
    en: str
    choices: list[ChoiceOut]
    accepts: list[str]
    ask_if: dict[str, list[str]]


class ProfileOut(Line):
    """``zhengce profile new|show|list --json``: one profile. ``subscription`` is empty when nobody gets alerts for it."""

    schema_: Literal["zhengce.profile/1"] = Field(default="zhengce.profile/1", alias="schema")
    id: str
    name: str
    note: str
    province: str
    answers: dict[str, list[str]]
    advice: list[AdviceOut]
    unanswered: list[MissingOut]
    subscription: str
    guidance: str


class AnswerChangeOut(Line):
    question: str
    before: list[str]
    after: list[str]


class MovedOut(Line):
    """A licence type that concerns both profiles, more or less likely than before."""

    before: Likelihood
    after: AdviceOut


class BarredOut(Line):
    """An obstacle that is new for a licence type of both profiles."""

    licence: str
    obstacle: ObstacleOut


class ProfileDiffOut(Line):
    """``zhengce profile diff --json``: what the second profile adds to the first, drops from it, and changes."""

    schema_: Literal["zhengce.profile-diff/1"] = Field(default="zhengce.profile-diff/1", alias="schema")
    before: str
    after: str
    answers: list[AnswerChangeOut]
    added: list[AdviceOut]
    dropped: list[AdviceOut]
    moved: list[MovedOut]
    barred: list[BarredOut]
    guidance: str


class AffectedOut(Line):
    """``zhengce affected --json``: one profile that a change or a document (``change`` holds the id asked for) concerns.

    ``place``: the source is national, of the profile's province, of another, or the profile names no province.
    """

    schema_: Literal["zhengce.affected/1"] = Field(default="zhengce.affected/1", alias="schema")
    change: str
    profile: str
    name: str
    province: str
    source_province: str
    place: Literal["national", "same", "other", "unsaid"]
    advice: list[AdviceOut]
    tags: list[TagOut]
    subscription: str
    guidance: str
