"""What ``tag`` prints: the licence types of a text."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import Confidence
from kb.model import LicenceTag
from kb.output.line import Line


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
