"""What ``held`` and ``decide`` print."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import ChangeKind, DecisionKind, HeldFor, Significance
from kb.output.changes import PassageChangeOut
from kb.output.line import Line


class HeldOut(Line):
    """``zhengce held --json``: one thing that waits for a person; ``kind`` and ``observed_to`` are null for a change
    that today's reading does not find. ``alerts`` counts those already sent of it."""

    schema_: Literal["zhengce.held/1"] = Field(default="zhengce.held/1", alias="schema")
    id: str
    held_for: HeldFor
    reason: str
    source: str
    title: str
    headline: str
    url: str
    kind: ChangeKind | None
    significance: Significance
    observed_to: str | None
    alerts: int
    passages: list[PassageChangeOut]


class DecisionOut(Line):
    """``zhengce decide --json``: what was written down. ``about`` names the words it was said of."""

    schema_: Literal["zhengce.decision/1"] = Field(default="zhengce.decision/1", alias="schema")
    id: str
    kind: DecisionKind
    subject: str
    said: str
    at: str
    about: str
