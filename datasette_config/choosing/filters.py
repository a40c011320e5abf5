"""Query string <-> ``Filter``: which changes or documents a reader wants to see. Pure.

One type for pages, feeds, CSV and the API. ``parse`` never fails: what it cannot read is left out and named in ``unread``,
for a page to say and for the API to refuse. A parameter takes several values, repeated or with commas between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import urlencode

from kb.codes import ChangeKind, Confirmation, DocumentStatus, Significance, SourceLevel
from kb.licences import licences
from kb.regions import short_name

LONGEST = 100
MOST_VALUES = 60
ORDER = "order"
"""In ``unread``: the last day was before the first."""
UNTOLD = frozenset({ChangeKind.TECHNICAL, ChangeKind.BASELINE})
KINDS = tuple(kind for kind in ChangeKind if kind not in UNTOLD)
SIGNIFICANCES = (Significance.SUBSTANTIVE, Significance.EDITORIAL)
_SOURCE = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_CLOSED: Mapping[str, Iterable[StrEnum]] = MappingProxyType(
    {
        "kind": KINDS,
        "significance": SIGNIFICANCES,
        "status": tuple(DocumentStatus),
        "confirmation": tuple(Confirmation),
        "level": tuple(SourceLevel),
    }
)
_LEFT: Mapping[str, Any] = MappingProxyType({"draft": "", "since": None, "until": None})
CHOICES = ("licence", "authority", "region", "source", *_CLOSED)


class Arguments(Protocol):
    """The arguments of a request, as Datasette's ``request.args``."""

    def getlist(self, name: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """``since`` and ``until`` are Beijing days, both included. ``region`` holds short names of provinces, or 全国 for
    sources of the whole country. ``words`` stand for one another's company: all of them. ``unread``: name and value of
    what could not be read; two filters that find the same are equal whatever was not read."""

    licence: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    significance: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    confirmation: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    draft: str = ""
    since: date | None = None
    until: date | None = None
    words: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return self != Filter()


def parse(args: Arguments) -> Filter:
    """The filter that the arguments of an address ask for: ``licence``, ``authority``, ``region``, ``source``, ``kind``,
    ``significance``, ``status``, ``confirmation``, ``level`` (of the source), ``draft`` (yes or no), ``since``,
    ``until`` (YYYY-MM-DD), ``q``."""
    unread: list[tuple[str, str]] = []
    chosen: dict[str, Any] = {name: _chosen(args, name, unread) for name in CHOICES}
    chosen |= {name: _day(args, name, unread) for name in ("since", "until")}
    if chosen["since"] and chosen["until"] and chosen["since"] > chosen["until"]:
        unread.append((ORDER, f"{chosen['since']}–{chosen['until']}"))
        chosen["until"] = None
    draft = _single(args, "draft")
    if draft not in {"", "yes", "no"}:
        unread.append(("draft", draft))
        draft = ""
    words = " ".join(args.getlist("q"))[:LONGEST].split()
    return Filter(**chosen, draft=draft, words=tuple(dict.fromkeys(words)), unread=tuple(unread))


def pairs(chosen: Filter) -> tuple[tuple[str, str], ...]:
    """The arguments of the address that asks for this filter, one for each value, in a fixed order."""
    many = ((name, value) for name in CHOICES for value in getattr(chosen, name))
    single = (("draft", chosen.draft), ("since", str(chosen.since or "")), ("until", str(chosen.until or "")))
    return (
        *many,
        *((name, value) for name, value in single if value),
        *(("q", word) for word in chosen.words),
    )


def query(chosen: Filter, **more: str) -> str:
    """The query string of this filter, without ``?``: several values of one name with commas, ``more`` at the end."""
    joined: dict[str, str] = {}
    for name, value in pairs(chosen):
        between = " " if name == "q" else ","
        joined[name] = f"{joined[name]}{between}{value}" if name in joined else value
    return urlencode({**joined, **more}, safe=",")


def without(chosen: Filter, name: str, value: str) -> Filter:
    """The filter with one of its ``pairs`` taken away."""
    key = "words" if name == "q" else name
    kept = getattr(chosen, key)
    less: dict[str, Any] = (
        {key: _LEFT[key]} if key in _LEFT else {key: tuple(each for each in kept if each != value)}
    )
    return replace(chosen, **less)


def replace_days(chosen: Filter, since: date | None, until: date | None) -> Filter:
    return replace(chosen, since=since, until=until)


def next_day(day: date) -> date:
    """The day after; the last day of the calendar stays."""
    return day if day == date.max else day + timedelta(days=1)


def _chosen(args: Arguments, name: str, unread: list[tuple[str, str]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values(args, name):
        if known := _known(name, value):
            found[known] = None
        else:
            unread.append((name, value))
    return tuple(found)


def values(args: Arguments, name: str) -> list[str]:
    """The values of a parameter, without empty ones (an unchosen select sends one)."""
    parts = (part.strip() for given in args.getlist(name) for part in given.split(","))
    return [part for part in parts if part][:MOST_VALUES]


def _single(args: Arguments, name: str) -> str:
    return next((value.strip() for value in args.getlist(name) if value.strip()), "")


def _known(name: str, value: str) -> str:
    """The value as it is filtered by, or nothing for one that no row can have."""
    if name in _CLOSED:
        return value if value in set(_CLOSED[name]) else ""
    if name == "licence":
        return value if value in licences() else ""
    if name == "source":
        return value if _SOURCE.fullmatch(value) and len(value) <= LONGEST else ""
    if len(value) > LONGEST or not value.isprintable():
        return ""
    return short_name(value) if name == "region" else value


def _day(args: Arguments, name: str, unread: list[tuple[str, str]]) -> date | None:
    given = _single(args, name)
    if not given:
        return None
    try:
        if len(given) != len("2026-11-24"):
            raise ValueError(given)
        return date.fromisoformat(given)
    except ValueError:
        unread.append((name, given))
        return None
