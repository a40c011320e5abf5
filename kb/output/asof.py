"""What ``history --as-of`` prints: a document on a day, its relations and its copies."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import DocumentStatus, RelationKind
from kb.output.line import Line


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
    """What stood on the site at the end of the day. ``between``: not looked at between ``since`` and ``until``; then
    ``version`` is the text before, ``after`` the one after, ``same`` whether they are equal. ``since``: not looked at
    any more. ``ahead``: the day has not come, ``version`` is the newest text. ``text`` is null where nobody can say
    which text it was."""

    seen: Literal["stood", "between", "since", "ahead"]
    version: str
    after: str | None
    same: bool | None
    since: str | None
    until: str | None
    said: str
    text: str | None


class InForceOut(Line):
    """The text in force by its dates; ``inferred``: no text gives the day, it is the one on which it was first seen."""

    version: str
    since: str
    inferred: bool
    text: str


class AsOfOut(Line):
    """``zhengce history --as-of --json``: a document on a Beijing day; what its site showed and what was in force are
    two answers. ``force`` is null where no text was in force or none can be told (``undatable``: one was,
    and nobody saw when it became another); ``diverging``: copies that said
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
    undatable: bool
    ended_by: RelationOut | None
    instead: list[RelationOut]
    does: list[RelationOut]
    suffers: list[RelationOut]
    diverging: list[DivergenceOut]
