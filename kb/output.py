"""The JSON that verbs print: one object a line, keys in English, versioned by ``schema``.

The models are the contract. ``docs/schemas/`` is generated from them (``python -m kb.output docs/schemas``) and a test
holds the files against the models and the output of each verb against the files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from kb.model import (
    ChangeKind,
    Comparison,
    Confidence,
    Confirmation,
    DecisionKind,
    DeliveryState,
    DeltaKind,
    Document,
    DocumentStatus,
    Flag,
    Health,
    HeldFor,
    LicenceTag,
    Op,
    Origin,
    Passage,
    PassageChange,
    Reading,
    RelationKind,
    Significance,
    VersionKind,
)


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    def to_json(self) -> str:
        return self.model_dump_json(by_alias=True)


class PassageOut(Line):
    anchor: str
    kind: str
    ordinal: str
    text: str

    @classmethod
    def of(cls, passage: Passage) -> PassageOut:
        return cls(anchor=passage.anchor, kind=passage.kind, ordinal=passage.ordinal, text=passage.text)


class TableOut(Line):
    caption: str
    header: list[str]
    rows: list[list[str]]


class LinkOut(Line):
    url: str
    name: str


class ReadOut(Line):
    """``zhengce read --json``: what one page says. Dates are ISO 8601; ``issuer`` joins several issuers with 、."""

    schema_: Literal["zhengce.read/1"] = Field(default="zhengce.read/1", alias="schema")
    url: str
    health: Health
    reasons: list[str]
    encoding: str
    title: str = ""
    issuer: str = ""
    issuers: list[str] = Field(default_factory=list)
    doc_number: str = ""
    made: str | None = None
    published: str | None = None
    effective: str | None = None
    comments_until: str | None = None
    transition_until: str | None = None
    is_draft: bool = False
    text: str = ""
    passages: list[PassageOut] = Field(default_factory=list)
    tables: list[TableOut] = Field(default_factory=list)
    attachments: list[LinkOut] = Field(default_factory=list)
    images: list[LinkOut] = Field(default_factory=list)

    @classmethod
    def of(cls, url: str, reading: Reading, passages: tuple[Passage, ...]) -> ReadOut:
        verdict = cls(
            url=url, health=reading.health, reasons=list(reading.reasons), encoding=reading.encoding
        )
        document = reading.document
        if document is None:
            return verdict
        return verdict.model_copy(update=_document_fields(document, passages))


def _document_fields(document: Document, passages: tuple[Passage, ...]) -> dict[str, object]:
    def iso(day: object) -> str | None:
        return str(day) if day else None

    return {
        "title": document.title,
        "issuer": "、".join(document.issuers),
        "issuers": list(document.issuers),
        "doc_number": document.doc_number,
        "made": iso(document.made),
        "published": iso(document.published),
        "effective": iso(document.effective),
        "comments_until": iso(document.comments_until),
        "transition_until": iso(document.transition_until),
        "is_draft": document.is_draft,
        "text": document.text,
        "passages": [PassageOut.of(passage) for passage in passages],
        "tables": [
            TableOut(caption=table.caption, header=list(table.header), rows=[list(row) for row in table.rows])
            for table in document.tables
        ],
        "attachments": [LinkOut(url=link.url, name=link.name) for link in document.attachments],
        "images": [LinkOut(url=link.url, name=link.name) for link in document.images],
    }


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


class TagOut(Line):
    """``[start, end)`` are code points into the field; ``evidence`` is verbatim."""

    licence: str
    evidence: str
    start: int
    end: int
    field: str
    reason: str
    confidence: Confidence

    @classmethod
    def of(cls, tag: LicenceTag) -> TagOut:
        return cls.model_validate({name: getattr(tag, name) for name in cls.model_fields})


class TagsOut(Line):
    """``zhengce tag --json``: the licence types a text concerns."""

    schema_: Literal["zhengce.tag/1"] = Field(default="zhengce.tag/1", alias="schema")
    id: str
    licence_ids: list[str]
    tags: list[TagOut]


class SearchOut(Line):
    """``zhengce search --json``: one passage that holds the words; ``highlights`` are spans of ``snippet``."""

    schema_: Literal["zhengce.search/1"] = Field(default="zhengce.search/1", alias="schema")
    document: str
    title: str
    anchor: str
    snippet: str
    highlights: list[tuple[int, int]]
    doc_number: str
    url: str


class ChangeOut(Line):
    """``zhengce changes --json``: one change; ``show`` gives it whole."""

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


class VersionOut(Line):
    """``zhengce history --json``: one text version of a document, oldest first."""

    schema_: Literal["zhengce.history/1"] = Field(default="zhengce.history/1", alias="schema")
    id: str
    document: str
    kind: VersionKind
    title: str
    first_seen: str
    capture: str
    change: str | None
    characters: int


class RelationOut(Line):
    """What one rule does to another: ``other`` is the document at the far end where it is held, ``evidence`` is verbatim
    from the text that does it. ``effective`` is ISO 8601."""

    kind: RelationKind
    other: str | None
    title: str
    number: str
    anchor: str
    evidence: str
    effective: str | None
    change: str | None


class DifferingClauseOut(Line):
    """``page`` is the words of the page that stands for the document, ``copy`` those of the other."""

    anchor: str
    page: str
    copy_: str = Field(alias="copy")


class DivergenceOut(Line):
    """Two pages of one document (their addresses) that say different things; times are ISO 8601 in UTC."""

    page: str
    copy_: str = Field(alias="copy")
    since: str
    until: str | None
    clauses: list[DifferingClauseOut]
    change: str | None


class OnSiteOut(Line):
    """What stood on the site at the end of the day. ``between``: not looked at from ``since`` to ``until``; then
    ``version`` is the text before, ``after`` the one after, ``same`` whether they are equal. ``since``: not looked at
    any more."""

    seen: Literal["stood", "between", "since"]
    version: str
    after: str | None
    same: bool | None
    since: str | None
    until: str | None
    said: str
    text: str


class InForceOut(Line):
    """The text in force by its dates; ``inferred``: no text gives the day, it is the one on which it was first seen."""

    version: str
    since: str
    inferred: bool
    text: str


class AsOfOut(Line):
    """``zhengce history --as-of --json``: a document on a Beijing day; what its site showed and what was in force are
    two answers. ``force`` is null where no text was in force or none can be told; ``diverging``: copies that said
    different things on that day."""

    schema_: Literal["zhengce.as-of/1"] = Field(default="zhengce.as-of/1", alias="schema")
    document: str
    title: str
    url: str
    day: str
    held_since: str
    status: DocumentStatus
    site: OnSiteOut
    force: InForceOut | None
    ended_by: RelationOut | None
    instead: list[RelationOut]
    does: list[RelationOut]
    suffers: list[RelationOut]
    diverging: list[DivergenceOut]


class SourceOut(Line):
    """``zhengce sources list --json``: a declaration and how its watch stands."""

    schema_: Literal["zhengce.source/1"] = Field(default="zhengce.source/1", alias="schema")
    id: str
    title: str
    authority: str
    mechanism: str
    level: str
    coverage: str
    publish: str
    enabled: bool
    state: str
    last_good: str | None
    evidence: dict[str, int]


class ReportOut(Line):
    """Work that was done: ``crawl``, ``import``, ``rebuild``, ``verify``, ``backup``, ``sources check``."""

    schema_: Literal["zhengce.report/1"] = Field(default="zhengce.report/1", alias="schema")
    verb: str
    ok: bool
    counts: dict[str, int]
    problems: list[str]
    changes: list[str] = Field(default_factory=list)


class StatusOut(Line):
    """``zhengce status --json``: what is watched, what is open, what waits to be sent. Of the ``provisional`` changes
    ``removals`` take most of a text away and wait a day; ``held`` wait for a person; ``flips`` went back unconfirmed."""

    schema_: Literal["zhengce.status/1"] = Field(default="zhengce.status/1", alias="schema")
    sources: dict[str, int]
    documents: int
    changes: int
    provisional: int
    removals: int
    held: int
    flips: int
    incidents: list[str]
    deliveries: dict[str, int]


class LicenceOut(Line):
    """``zhengce licence --json``: one licence or filing type."""

    schema_: Literal["zhengce.licence/1"] = Field(default="zhengce.licence/1", alias="schema")
    id: str
    parent: str | None
    zh: str
    en: str
    aliases: list[str]
    regulator: str
    changes: int


class HoldingOut(Line):
    licence: str
    number: str
    expires_on: str
    renew_days: int


class SubscriptionOut(Line):
    """``zhengce subscribe --json``: who wants what. Empty ``licences`` or ``sources`` mean all."""

    schema_: Literal["zhengce.subscription/1"] = Field(default="zhengce.subscription/1", alias="schema")
    id: str
    name: str
    licences: list[str]
    sources: list[str]
    minimum: Significance
    channels: list[str]
    immediate: bool
    digest: Literal["daily", "weekly", "none"]
    incidents: bool
    province: str
    service: str
    holdings: list[HoldingOut]
    watched_names: list[str]
    created_at: str | None


class AlertOut(Line):
    """``zhengce alerts --json``: one alert and one of its deliveries."""

    schema_: Literal["zhengce.alert/1"] = Field(default="zhengce.alert/1", alias="schema")
    id: str
    kind: str
    about: str
    subject: str
    subscription: str
    created_at: str
    channel: str | None
    state: DeliveryState | None
    attempts: int | None
    due_at: str | None
    detail: str | None
    assessment: str


class AttemptOut(Line):
    at: str
    state: DeliveryState
    detail: str


class DeliveryOut(Line):
    model_config = ConfigDict(extra="ignore")

    channel: str
    state: DeliveryState
    attempts: int
    due_at: str | None
    detail: str
    tries: list[AttemptOut]


class AssessmentOut(Line):
    who: str
    at: str
    assessment: str
    note: str


class AlertDetailOut(Line):
    """``zhengce alerts ID --json``: the message, every attempt to deliver it, and what people made of it."""

    schema_: Literal["zhengce.alert-detail/1"] = Field(default="zhengce.alert-detail/1", alias="schema")
    id: str
    kind: str
    about: str
    subscription: str
    created_at: str
    subject: str
    body: str
    deliveries: list[DeliveryOut]
    assessments: list[AssessmentOut]


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


class DecisionOut(Line):
    """``zhengce decide --json``: what was written down. ``about`` names the words it was said of."""

    schema_: Literal["zhengce.decision/1"] = Field(default="zhengce.decision/1", alias="schema")
    id: str
    kind: DecisionKind
    subject: str
    said: str
    at: str
    about: str


class ErrorOut(Line):
    """Any verb with ``--json`` that cannot go on."""

    schema_: Literal["zhengce.error/1"] = Field(default="zhengce.error/1", alias="schema")
    error: str
    what: str
    where: str
    do: str


OUTPUTS: dict[str, type[Line]] = {
    "read": ReadOut,
    "diff": DiffOut,
    "tag": TagsOut,
    "search": SearchOut,
    "changes": ChangeOut,
    "show": ChangeDetailOut,
    "history": VersionOut,
    "as-of": AsOfOut,
    "sources": SourceOut,
    "report": ReportOut,
    "status": StatusOut,
    "licence": LicenceOut,
    "subscription": SubscriptionOut,
    "alert": AlertOut,
    "alert-detail": AlertDetailOut,
    "held": HeldOut,
    "trial": TrialOut,
    "decision": DecisionOut,
    "error": ErrorOut,
}


def schema_files() -> dict[str, str]:
    """File name -> JSON Schema text, for each kind of line."""
    return {
        f"{name}.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **model.model_json_schema(mode="serialization"),
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
        for name, model in OUTPUTS.items()
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        (folder / name).write_text(text, "utf-8")
