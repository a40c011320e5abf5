"""What ``diff``, ``changes``, ``show`` and ``backtest`` print: what differs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import ChangeKind, Confirmation, DeltaKind, Flag, Health, HeldFor, Op, Origin, Significance
from kb.model import Comparison, PassageChange
from kb.output.line import Line
from kb.output.tags import TagOut


class SpanOut(Line):
    op: Literal["delete", "insert", "replace"]
    before_start: int
    before_end: int
    after_start: int
    after_end: int
    before: str
    after: str


class DeltaOut(Line):
    """A point of a duty; offsets into the passage's ``before`` and ``after``, -1 where it does not stand."""

    kind: DeltaKind
    before: str
    after: str
    before_start: int = -1
    after_start: int = -1


class PassageChangeOut(Line):
    """One passage of a comparison; ``anchor`` is in the new text, ``anchor_before`` in the old one."""

    op: Op
    significance: Significance
    anchor_before: str
    anchor: str
    before: str
    after: str
    spans: list[SpanOut] = Field(default_factory=list)
    deltas: list[DeltaOut] = Field(default_factory=list)
    reason: str = ""

    @classmethod
    def of(cls, change: PassageChange) -> PassageChangeOut:
        return cls(
            op=change.op,
            significance=change.significance,
            anchor_before=change.anchor_before,
            anchor=change.anchor,
            before=change.before,
            after=change.after,
            spans=[
                SpanOut.model_validate(
                    {name: getattr(span, name) for name in SpanOut.model_fields},
                )
                for span in change.spans
            ],
            deltas=[
                DeltaOut.model_validate({name: getattr(delta, name) for name in DeltaOut.model_fields})
                for delta in change.deltas
            ],
            reason=change.reason,
        )


class DiffOut(Line):
    """``zhengce diff --json``. ``health`` other than ok means: no comparison was made, because one side is no rule."""

    schema_: Literal["zhengce.diff/1"] = Field(default="zhengce.diff/1", alias="schema")
    id: str | None = None
    significance: Significance
    kind: ChangeKind
    effective: str | None = None
    health: Health = Health.OK
    headline: str = ""
    reason: str = ""
    passages: list[PassageChangeOut] = Field(default_factory=list)

    @classmethod
    def of(
        cls,
        comparison: Comparison,
        *,
        identifier: str | None,
        headline: str,
        passages: tuple[PassageChange, ...],
    ) -> DiffOut:
        return cls(
            id=identifier,
            significance=comparison.significance,
            kind=comparison.kind,
            effective=str(comparison.effective) if comparison.effective else None,
            health=comparison.health,
            headline=headline,
            reason=comparison.reason,
            passages=[PassageChangeOut.of(passage) for passage in passages],
        )


class ChangeOut(Line):
    """``zhengce changes --json``: one change; ``show`` gives it whole. ``held_for``: why it waits for a person."""

    schema_: Literal["zhengce.change/1"] = Field(default="zhengce.change/1", alias="schema")
    id: str
    document: str
    source: str
    title: str
    url: str
    kind: ChangeKind
    significance: Significance
    confirmation: Confirmation
    origin: Origin
    flags: list[Flag]
    headline: str
    effective: str | None
    observed_from: str | None
    observed_to: str
    confirmed_at: str | None
    held_for: HeldFor | None
    licences: list[str]


class ChangeDetailOut(ChangeOut):
    """``zhengce show --json``: a change with its passages, its tags and the captures that show it. ``readings`` are
    what people read from an image that carries the rule, newest first."""

    schema_: Literal["zhengce.show/1"] = Field(default="zhengce.show/1", alias="schema")  # type: ignore[assignment]
    reason: str
    passages: list[PassageChangeOut]
    tags: list[TagOut]
    captures: list[str]
    readings: list[str] = Field(default_factory=list)


class TrialOut(Line):
    """``zhengce backtest --json``: one change that a new declaration would reveal, withdraw or word differently;
    ``loses``: substantive words of today are not found then. A report follows as the last line."""

    schema_: Literal["zhengce.trial/1"] = Field(default="zhengce.trial/1", alias="schema")
    effect: Literal["revealed", "withdrawn", "altered"]
    id: str
    title: str
    headline: str
    observed_to: str
    loses: bool
    significance_today: Significance | None
    significance_then: Significance | None
    passages_today: list[PassageChangeOut]
    passages_then: list[PassageChangeOut]
