"""The first page's changes: what counts for how much, under which licence type it stands, how much of it is shown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from datasette_config.choosing.selecting import begins
from datasette_config.language import gettext as _
from datasette_config.language import ngettext
from datasette_config.saying import format as say
from datasette_config.saying import present
from kb.codes import ChangeKind, Confirmation, Flag, Origin, Significance
from kb.store.queries import reached_by

Row = Mapping[str, Any]
DAYS = 7
DRAFTS = frozenset({ChangeKind.DRAFT_PUBLISHED, ChangeKind.DRAFT_REOPENED})
WAITING = (Confirmation.HELD, Confirmation.PROVISIONAL)
MINOR = frozenset(
    {ChangeKind.REPUBLISHED, ChangeKind.LIST_BATCH, ChangeKind.ADDRESS_MOVED, ChangeKind.AUTHORITY_RENAMED}
)


@dataclass(slots=True)
class Group:
    """The changes of one licence type, the most significant first; ``""`` for those without a tag."""

    licence: str
    rows: list[Row] = field(default_factory=list)


def rank(row: Row) -> int:
    """The smaller the more significant: rules, drafts, words, what comes every week."""
    if row["kind"] in MINOR or Flag.ROUTINE in row["flags"]:
        return 3
    if row["significance"] != Significance.SUBSTANTIVE and Flag.NEEDS_READING not in row["flags"]:
        return 2
    return 1 if row["kind"] in DRAFTS else 0


def seen_on(rows: Iterable[Row], since: date, until: date) -> list[Row]:
    """Changes that a program saw on these Beijing days, both included: what an import tells of happened at another time."""
    begin, end = begins(since), begins(until + timedelta(days=1))
    return [row for row in rows if row["origin"] == Origin.LIVE and begin <= row["observed_to"] < end]


def counted(rows: Iterable[Row]) -> str:
    """``2 处实质性变动 · 1 份征求意见稿 · 暂缓推送 1``, the most significant first; empty for none. Each change is counted
    once; one that nobody has confirmed is none yet, and stands apart."""
    ranked = sorted(rows, key=rank)
    natures = Counter(_nature(row) for row in ranked if row["confirmation"] not in WAITING)
    waiting = Counter(row["confirmation"] for row in ranked)
    return " · ".join(
        (
            *(_number(said, number) for said, number in natures.items()),
            *(_waiting(waiting[each], each) for each in WAITING if waiting[each]),
        )
    )


def _waiting(number: int, confirmation: Confirmation) -> str:
    return _("%(standing)s %(number)s") % {
        "standing": say.confirmation_word(confirmation),
        "number": number,
    }


def _nature(row: Row) -> str:
    return "draft" if row["kind"] in DRAFTS else present.nature(row)


def _number(said: str, number: int) -> str:
    if said == "draft":
        return ngettext("%(number)s 份征求意见稿", "%(number)s 份征求意见稿", number) % {"number": number}
    return _("%(number)s 处%(nature)s") % {"number": number, "nature": said}


def groups(rows: Iterable[Row], wanted: Sequence[str] = ()) -> list[Group]:
    """Changes under the licence type they concern most surely, or under the first ``wanted`` one that reaches them; the
    group with the most significant change first, then the one with the newest, those without a tag last."""
    reach = {licence: reached_by(licence) for licence in wanted}
    found: dict[str, Group] = {}
    for row in sorted(sorted(rows, key=lambda row: row["observed_to"], reverse=True), key=rank):
        lead = next(
            (licence for licence, tags in reach.items() if not tags.isdisjoint(row["licences"])), None
        )
        lead = lead or next(iter(row["licences"]), "")
        found.setdefault(lead, Group(lead)).rows.append(row)
    return sorted(found.values(), key=lambda group: not group.licence)


def split(found: Sequence[Group], wanted: Sequence[str]) -> tuple[Sequence[Group], Sequence[Group]]:
    """The groups of the ``wanted`` licence types, all where none is, and the others."""
    if not wanted:
        return found, ()
    return [group for group in found if group.licence in wanted], [
        group for group in found if group.licence not in wanted
    ]


def when(row: Row, today: date) -> str:
    """``今天 06:10``, ``昨天 06:10``, else the day."""
    day, time = say.beijing(row["observed_to"]).split(" ")
    if day == str(today):
        return _("今天 %(time)s") % {"time": time}
    if day == str(today - timedelta(days=1)):
        return _("昨天 %(time)s") % {"time": time}
    return day
