# ruff: noqa: S608 -- conditions are put together from constants of this file; what a reader sends is only ever bound
"""``Filter`` -> the condition of a question to kb.db. Pure; what a reader sent is only ever bound.

The condition speaks of one alias, ``c`` of ``changes`` or ``d`` of ``documents``, and of nothing else, so that it fits into
every question. A status is reckoned when asked and stands in no column: what is said of it here only narrows, and who
asks compares ``standing`` with ``Filter.status``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from datasette_config.choosing.filters import Filter, next_day
from kb.codes import DocumentStatus as Status
from kb.codes import RelationKind
from kb.config import BEIJING
from kb.model import instant
from kb.regions import NATIONAL, PROVINCES
from kb.store.queries import reached_by

TOLD = "c.significance <> 'noise' AND c.kind NOT IN ('technical', 'baseline')"
COUNTED = f"{TOLD} AND c.confirmation <> 'retracted'"  # what a person found to be no change of a rule is none
Condition = tuple[str, tuple[Any, ...]]

_IN = "IN (SELECT value FROM json_each(?))"
_SOURCES = "SELECT id FROM sources WHERE"
_TAGGED = "SELECT target_id FROM licence_tags WHERE target_kind = '{kind}' AND licence"
_FULL_NAMES = ("", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区")
_DRAFTS = frozenset({Status.DRAFT_OPEN, Status.DRAFT_CLOSED})
_SUFFERED: Mapping[Status, RelationKind] = MappingProxyType(
    {
        Status.REPEALED: RelationKind.REPEALS,
        Status.PARTLY_REPEALED: RelationKind.REPEALS_PARTLY,
        Status.IN_FORCE_AMENDED: RelationKind.AMENDS,
    }
)


def where(chosen: Filter, day: date) -> Condition:
    """The condition on ``changes c``; only those a reader is told of."""
    found: list[Condition] = [(TOLD, ())]
    found += _of_sources(chosen, "c.source")
    found += _tagged(chosen, "change", "c.change_id")
    for name in ("kind", "significance", "confirmation"):
        if values := getattr(chosen, name):
            found.append((f"c.{name} {_IN}", (_list(values),)))
    found += _observed(chosen)
    found += [("instr(lower(c.headline || ' ' || c.title), ?) > 0", (word.lower(),)) for word in chosen.words]
    found += [
        (f"c.document IN (SELECT d.id FROM documents d WHERE {condition})", values)
        for condition, values in _of_status(chosen, day)
    ]
    return _joined(found)


def where_documents(chosen: Filter, day: date) -> Condition:
    """The condition on ``documents d``: days are those of publication, ``words`` stand in title or number."""
    found: list[Condition] = [
        ("1", ()),
        *_of_sources(chosen, "d.source"),
        *_tagged(chosen, "document", "d.document_id"),
    ]
    dated = "coalesce(d.published, d.made, d.first_seen)"
    if chosen.draft:
        found.append(("d.is_draft = ?", (int(chosen.draft == "yes"),)))
    if chosen.since:
        found.append((f"{dated} >= ?", (str(chosen.since),)))
    if chosen.until:
        found.append((f"{dated} < ?", (str(next_day(chosen.until)),)))
    found += [
        ("instr(lower(d.title || ' ' || d.doc_number), ?) > 0", (word.lower(),)) for word in chosen.words
    ]
    return _joined([*found, *_of_status(chosen, day)])


def _of_sources(chosen: Filter, column: str) -> Iterator[Condition]:
    if chosen.source:
        yield f"{column} IN ({_SOURCES} source_id {_IN})", (_list(chosen.source),)
    if chosen.level:
        yield f"{column} IN ({_SOURCES} level {_IN})", (_list(chosen.level),)
    if chosen.authority:
        yield f"{column} IN ({_SOURCES} authority {_IN})", (_list(chosen.authority),)
    if chosen.region:
        yield f"{column} IN ({_SOURCES} province {_IN})", (_list(tuple(_as_declared(chosen.region))),)


def _as_declared(regions: tuple[str, ...]) -> Iterator[str]:
    """How a declaration may name these regions; none is named for the whole country."""
    for region in regions:
        if region == NATIONAL:
            yield from ("", NATIONAL)
        elif region in PROVINCES:
            yield from (f"{region}{ending}" for ending in _FULL_NAMES)
        else:
            yield from (f"{region}{ending}" for ending in _FULL_NAMES[:3])


def _tagged(chosen: Filter, kind: str, column: str) -> Iterator[Condition]:
    """Tagged with one of the licence types, one below it or the one above, as who follows it is told."""
    if chosen.licence:
        reached = {tag for licence in chosen.licence for tag in reached_by(licence)}
        yield f"{column} IN ({_TAGGED.format(kind=kind)} {_IN})", (_list(tuple(sorted(reached))),)


def _observed(chosen: Filter) -> Iterator[Condition]:
    if chosen.since:
        yield "c.observed_to >= ?", (begins(chosen.since),)
    if chosen.until:
        yield "c.observed_to < ?", (begins(next_day(chosen.until)),)


def begins(day: date) -> str:
    """The instant at which a Beijing day begins, as instants are stored."""
    try:
        return instant(datetime.combine(day, time.min, BEIJING))
    except OverflowError:  # the first day of the calendar begins before it
        return str(day)


def _of_status(chosen: Filter, day: date) -> Iterator[Condition]:
    """A document that has one of the statuses fulfils this; one that fulfils it may have another."""
    every = [_narrowed(Status(status), day) for status in chosen.status]
    if every and all(condition != "1" for condition, _ in every):
        yield (
            f"({' OR '.join(each for each, _ in every)})",
            tuple(value for _, values in every for value in values),
        )


def _narrowed(status: Status, day: date) -> Condition:
    if status in _DRAFTS:
        later = ">=" if status is Status.DRAFT_OPEN else "<"
        return f"d.is_draft = 1 AND d.comments_until {later} ?", (str(day),)
    if status is Status.NOT_YET_IN_FORCE:
        return "d.is_draft = 0 AND d.effective > ?", (str(day),)
    if status in _SUFFERED:
        condition = "d.id IN (SELECT target FROM relations WHERE relation = ?)"
        named = " OR d.title LIKE '%废止%' OR d.title LIKE '%失效%'" if status is Status.REPEALED else ""
        return f"({condition}{named})", (_SUFFERED[status],)
    return "1", ()


def _joined(found: list[Condition]) -> Condition:
    return " AND ".join(each for each, _ in found), tuple(value for _, values in found for value in values)


def _list(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)
