"""What ``review``, ``retag`` and ``missed`` print."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.output.line import Line
from kb.output.tags import TagOut


class ReviewOut(Line):
    """``zhengce review --json``: one tag to look at; ``tag`` is null for a substantive change that carries none.
    ``reworded``: a person said something of this tag when the text read otherwise."""

    schema_: Literal["zhengce.review/1"] = Field(default="zhengce.review/1", alias="schema")
    id: str
    target: Literal["change", "document"]
    source: str
    title: str
    headline: str
    first_seen: str
    url: str
    tag: TagOut | None
    reworded: bool


class RetagOut(Line):
    """``zhengce retag --json``: one tag that the vocabulary of today gives or takes. ``applied``: it is in kb.db."""

    schema_: Literal["zhengce.retag/1"] = Field(default="zhengce.retag/1", alias="schema")
    id: str
    target: Literal["change", "document"]
    effect: Literal["gained", "lost"]
    title: str
    licence: str
    evidence: str
    reason: str
    applied: bool


class MissedOut(Line):
    """``zhengce missed --json``: a rule that slipped through. ``reason`` is the word for why, ``explained`` the sentence.
    ``document`` is null when the page was not to be had. ``alerts``: late notices written now."""

    schema_: Literal["zhengce.missed/1"] = Field(default="zhengce.missed/1", alias="schema")
    url: str
    document: str | None
    title: str
    licences: list[str]
    source: str | None
    should_have: list[str]
    reason: str
    explained: str
    alerts: int
