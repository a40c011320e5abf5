"""A ``Filter`` as its form, its chips and its notes say it. Pure: what can be chosen is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from datasette_config.choosing import filters
from datasette_config.choosing.filters import (
    KINDS,
    SIGNIFICANCES,
    Filter,
    pairs,
    query,
    replace_days,
    without,
)
from datasette_config.knowledge import Choices, Place
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying.families import family_names
from datasette_config.saying.present import licence_name
from kb.codes import ChangeKind, Confirmation, DocumentStatus, Significance, SourceLevel
from kb.licences import licences

Shown = dict[str, Any]
Address = Callable[[str], str]  # the query string of a list -> its address
CONFIRMATIONS = (
    Confirmation.CONFIRMED,
    Confirmation.PROVISIONAL,
    Confirmation.HELD,
    Confirmation.CORRECTED,
    Confirmation.RETRACTED,
)
_SHOWN_UNREAD = 40  # characters of what could not be read


def asked(args: filters.Arguments, shape: re.Pattern[str]) -> tuple[Filter, Place | None]:
    """The filter of an address, and where its list goes on: ``before``, of which ``shape`` has two groups."""
    chosen = filters.parse(args)
    before = next(iter(args.getlist("before")), "")
    found = shape.fullmatch(before)
    if before and not found:
        chosen = replace(chosen, unread=(*chosen.unread, ("before", before)))
    return chosen, (found[1], found[2]) if found else None


def names() -> dict[str, str]:
    """What each argument is called in the reader's language."""
    return {
        "licence": _("事项"),
        "authority": _("主管机关"),
        "region": _("地区"),
        "source": _("来源"),
        "kind": _("变动类型"),
        "significance": _("性质"),
        "status": _("文件状态"),
        "confirmation": _("确认状态"),
        "level": _("来源级别"),
        "draft": _("征求意见稿"),
        "since": _("从"),
        "until": _("到"),
        "q": _("字词"),
        "before": _("翻页位置"),
    }


def fields(chosen: Filter, known: Choices, wanted: Iterable[str]) -> list[Shown]:
    """The selects of a form: name, label, groups of options. A value that is not known is offered as long as it is chosen;
    several chosen values of one name are one option, so that the form keeps them."""
    offered = _offered(known)
    return [_field(name, _values(chosen, name), offered[name]) for name in wanted]


def chips(chosen: Filter, known: Choices, address: Address) -> list[Shown]:
    """What is active: its words, and the address of the list without it."""
    called, titles = names(), dict(known.sources)
    return [
        {
            "name": called[name],
            "said": _said(name, value, titles),
            "less": address(query(without(chosen, name, value))),
        }
        for name, value in pairs(chosen)
    ]


def notes(chosen: Filter) -> list[str]:
    """What could not be read, in words."""
    called = names()
    return [_note(called, name, value) for name, value in chosen.unread]


def _note(called: dict[str, str], name: str, value: str) -> str:
    if name == filters.ORDER:
        return _("没有按截止日期筛选：起始日期晚于截止日期（%(value)s）。") % {"value": value}
    return _("没有按“%(name)s：%(value)s”筛选：没有这个值。") % {
        "name": called[name],
        "value": say.shorten(value, _SHOWN_UNREAD),
    }


def spans(chosen: Filter, today: date, address: Address) -> list[Shown]:
    """The stretches of days most asked for, as links that keep everything else."""
    offered = (
        (_("今天"), today),
        (_("近 7 天"), today - timedelta(days=6)),
        (_("本月"), today.replace(day=1)),
        (_("近一年"), today - timedelta(days=364)),
        (_("全部"), None),
    )
    return [
        {
            "said": said,
            "address": address(query(replace_days(chosen, since, None))),
            "chosen": (chosen.since, chosen.until) == (since, None),
        }
        for said, since in offered
    ]


def _offered(known: Choices) -> dict[str, list[Shown]]:
    by_group = [
        {
            "label": name,
            "options": [
                (each.id, licence_name(each.id)) for each in licences().values() if each.group is group
            ],
        }
        for group, name in family_names().items()
    ]
    return {
        "licence": by_group,
        "authority": [_plain((name, name) for name in known.authorities)],
        "region": [_plain((name, _said("region", name, {})) for name in known.regions)],
        "source": [_plain(known.sources)],
        "kind": [_plain((kind, say.kind_word(kind)) for kind in KINDS)],
        "significance": [_plain((each, say.significance_word(each)) for each in SIGNIFICANCES)],
        "status": [_plain((each, say.status_word(each)) for each in DocumentStatus)],
        "draft": [_plain((each, _said("draft", each, {})) for each in ("yes", "no"))],
        "level": [_plain((each, say.level_word(each)) for each in SourceLevel)],
        "confirmation": [_plain((each, say.confirmation_word(each)) for each in CONFIRMATIONS)],
    }


def _values(chosen: Filter, name: str) -> tuple[str, ...]:
    if name == "draft":
        return (chosen.draft,) if chosen.draft else ()
    values: tuple[str, ...] = getattr(chosen, name)
    return values


def _plain(options: Iterable[tuple[str, str]]) -> Shown:
    return {"label": "", "options": [(str(value), said) for value, said in options]}


def _field(name: str, values: tuple[str, ...], groups: list[Shown]) -> Shown:
    chosen = ",".join(values)
    offered = {value for group in groups for value, _said in group["options"]}
    extra = ""
    if len(values) > 1:
        extra = _("所选 %(number)s 项") % {"number": len(values)}
    elif chosen and chosen not in offered:
        extra = chosen
    return {"name": name, "label": names()[name], "chosen": chosen, "extra": extra, "groups": groups}


def _said(name: str, value: str, titles: dict[str, str]) -> str:
    if name == "licence":
        return licence_name(value)
    if name == "source":
        return titles.get(value, value)
    if name == "region":
        return _("全国") if value == "全国" else value
    if name == "draft":
        return _("是") if value == "yes" else _("否")
    vocabulary = {
        "kind": ChangeKind,
        "significance": Significance,
        "status": DocumentStatus,
        "confirmation": Confirmation,
        "level": SourceLevel,
    }.get(name)
    return say.word(value, vocabulary) if vocabulary else value
