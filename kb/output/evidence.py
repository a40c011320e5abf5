"""What lets somebody else check a change: its captures, where their records lie, and what they show."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import ChangeKind, Confirmation, Origin, Significance
from kb.output.changes import PassageChangeOut
from kb.output.line import Line


class RecordOut(Line):
    """A WARC record: ``length`` compressed bytes at ``offset`` of a file below the data directory, and their SHA-256."""

    file: str
    offset: int
    length: int
    digest: str


class CaptureOut(Line):
    """One HTTP exchange. ``fetched_at`` is ISO 8601 in UTC; ``body_digest`` the SHA-256 of the body as it came over the
    wire. ``record`` is null where no record of its own was kept."""

    id: str
    url: str
    fetched_at: str
    status: int
    content_type: str
    origin: Origin
    body_digest: str
    record: RecordOut | None


class EvidenceOut(Line):
    """The verification pack of a change. Times are ISO 8601 in UTC; ``address`` is its page; ``captures`` are those of the
    text before and after and of the looks that confirmed it, oldest first; ``passages`` is empty where only excerpts may
    be published; ``checking`` says how to check it; ``demo``: all of it is made up."""

    schema_: Literal["zhengce.evidence/1"] = Field(default="zhengce.evidence/1", alias="schema")
    change: str
    address: str
    title: str
    doc_number: str
    url: str
    headline: str
    kind: ChangeKind
    significance: Significance
    confirmation: Confirmation
    origin: Origin
    observed_from: str | None
    observed_to: str
    confirmed_at: str | None
    captures: list[CaptureOut]
    passages: list[PassageChangeOut]
    checking: list[str]
    demo: bool = False
