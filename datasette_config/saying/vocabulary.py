"""A licence type in the words of the vocabulary: facts, kin, legal bases with their status. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from datasette_config.language import ENGLISH, language
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying.present import licence_name
from kb.codes import DocumentStatus
from kb.licences import (
    PART_NAMES,
    UNCHECKED,
    BasisRole,
    Licence,
    Part,
    below,
    beside,
    day_words,
    licences,
    region_words,
)
from kb.store.queries import StandingBasis

Shown = dict[str, Any]


def of(found: Licence) -> Shown:
    """What is said of the type apart from rules and changes."""
    return {
        "id": found.id,
        "name": licence_name(found.id),
        "full": found.zh if found.zh != found.short else "",
        "english": found.en,
        "what": found.what,
        "facts": _facts(found),
        "aliases": [name for name in found.aliases if name not in {found.zh, found.short}],
        "above": _above(found),
        "below": [_link(other) for other in below(found, licences())],
        "related": [_link(other) for other in beside(found, licences())],
        "folklore": found.folklore,
    }


def _facts(found: Licence) -> list[Shown]:
    facts = (
        (_("是什么"), found.what),
        (_("谁会涉及"), found.who),
        (_("主管"), found.regulator),
        (_("易混淆"), found.confusions),
    )
    return [{"name": name, "text": text} for name, text in facts if text]


def _above(found: Licence) -> Shown | None:
    """The type whose rules govern this one too, with the number of them."""
    if not found.parent:
        return None
    many = sum(basis.role is BasisRole.RULE for basis in licences()[found.parent].basis)
    return {**_link(found.parent), "many": many}


def _link(other: str) -> dict[str, str]:
    return {"id": other, "name": licence_name(other)}


def parts(standing: Iterable[StandingBasis]) -> list[Shown]:
    """The bases under their headings, each mark explained where it first stands."""
    found = list(standing)
    shown: list[Shown] = []
    unchecked = False
    for part in Part:
        bases = [each for each in found if each.part is part]
        if bases:
            first = not unchecked and any(not each.basis.verified for each in bases)
            unchecked = unchecked or first
            marks = ((_unchecked_means(), first), *_marks(part, bases))
            shown.append(
                {
                    "part": str(part),
                    "name": PART_NAMES[part][language() == ENGLISH],
                    "bases": [_basis(each) for each in bases],
                    "marks": [meaning for meaning, needed in marks if needed],
                }
            )
    return shown


def _unchecked_means() -> str:
    return _("【未核】：名称、文号或者日期还没有对照官方文本")


def unknown_means() -> str:
    return _("效力未核：没有查到施行或者废止的根据，程序不作判断")


def _marks(part: Part, bases: list[StandingBasis]) -> tuple[tuple[str, bool], ...]:
    remembered = _("效力照词表编写时所记，今天是否仍然有效未核；注“据本库原文”的，由所存原文推算")
    return (
        (unknown_means(), any(each.status is DocumentStatus.UNKNOWN for each in bases)),
        (remembered, part is Part.RULE and any(each.document is None for each in bases)),
    )


def _basis(standing: StandingBasis) -> Shown:
    rule = standing.basis
    held = _("，据本库原文") if standing.document else ""
    status = "" if standing.part is Part.LIST else f"〔{say.status_word(standing.status)}{held}〕"
    facts = (
        rule.number,
        _("%(day)s公布") % {"day": _day(rule.issued)} if rule.issued else "",
        _("%(day)s起施行") % {"day": _day(rule.effective)} if rule.effective else "",
        rule.note,
    )
    return {
        "title": f"{region_words(rule.region)}{rule.title}",
        "document": standing.document or "",
        "status": status + ("" if rule.verified else UNCHECKED),
        "said": "　".join(fact for fact in facts if fact),
    }


def _day(day: str) -> str:
    return day if language() == ENGLISH else day_words(day)
