"""What any verb prints that cannot go on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.output.line import Line


class ErrorOut(Line):
    """Any verb with ``--json`` that cannot go on."""

    schema_: Literal["zhengce.error/1"] = Field(default="zhengce.error/1", alias="schema")
    error: str
    what: str
    where: str
    do: str
