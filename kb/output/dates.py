"""The lines of ``zhengce calendar`` and ``zhengce holding``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import DateKind, HoldingKind
from kb.output.line import Line


class HoldingLineOut(Line):
    """``zhengce holding --json``: one licence or paper held. ``days_left`` is negative when it has expired, null when it
    does not expire. ``done``: its renewal is dealt with, nobody is reminded."""

    schema_: Literal["zhengce.holding/1"] = Field(default="zhengce.holding/1", alias="schema")
    id: str
    subscription: str
    kind: HoldingKind
    licence: str
    name: str
    number: str
    issuer: str
    province: str
    used_for: str
    counterparty: str
    expires_on: str
    lead_days: int
    days_left: int | None
    note: str
    done: bool


class CalendarOut(Line):
    """``zhengce calendar --json``: one day. ``day``, ``days_left``: null for a yearly duty without a fixed day.

    ``reminds``: false for what was imported; ``subscription``: whose holding it is, empty for what is everybody's.
    """

    schema_: Literal["zhengce.calendar/1"] = Field(default="zhengce.calendar/1", alias="schema")
    id: str
    kind: DateKind
    day: str | None
    weekday: str
    days_left: int | None
    title: str
    licences: list[str]
    source: str
    official_url: str
    note: str
    verified: bool
    reminds: bool
    subscription: str
    done: bool
