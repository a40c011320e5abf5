"""What the verbs of the watch print: sources, reports and the status."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import Coverage, Health, IncidentState, SourceLevel, SourceState
from kb.output.line import Line
from kb.sources import Publish


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


class WatchedSourceOut(Line):
    """One source and how its watch stands now. ``licences`` are those its
    declaration names; ``troubled`` counts pages that could not be looked at last time; times are ISO 8601 in UTC."""

    schema_: Literal["zhengce.watched/1"] = Field(default="zhengce.watched/1", alias="schema")
    id: str
    title: str
    authority: str
    province: str
    homepage: str
    mechanism: str
    level: SourceLevel
    coverage: Coverage
    publish: Publish
    enabled: bool
    period_hours: int
    licences: list[str]
    state: SourceState
    pages: int
    documents: int
    troubled: int
    incidents: int
    last_run: str | None
    last_good: str | None


class IncidentOut(Line):
    """One watch fault: since when a source, or a ``page`` of it, could not be looked at. Times are ISO 8601 in UTC;
    ``closed_at`` is null while it lasts."""

    schema_: Literal["zhengce.incident/1"] = Field(default="zhengce.incident/1", alias="schema")
    id: str
    source: str
    source_title: str
    page: str | None
    url: str | None
    health: Health
    state: IncidentState
    opened_at: str
    last_seen: str
    closed_at: str | None
    occurrences: int
    reasons: list[str]
