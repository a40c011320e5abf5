"""What ``watch`` prints: watched names, and where they stand in the filing lists we hold."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.output.line import Line


class FilingRowOut(Line):
    """One place where a name stands. ``row`` is verbatim; ``exact``: a cell is this name and no more; ``withdrawn``: struck
    off, or no longer in its list."""

    list_title: str
    number: str
    subject: str
    name: str
    row: str
    exact: bool
    withdrawn: bool
    url: str
    document: str | None
    source: str
    day: str


class WatchOut(Line):
    """``zhengce watch --json``: a watched name of a subscription."""

    schema_: Literal["zhengce.watch/1"] = Field(default="zhengce.watch/1", alias="schema")
    subscription: str
    name: str
    watched: bool
    rows: list[FilingRowOut]
