"""PURE. What is seen of a licence type and what is not: from what sources declare and from how each of them stands.

``python -m kb.coverage crawler/sources`` prints the table of the README from the declarations. "Not looked at" is never
"nothing changed": a source counts for what it gives now, not for what it was meant to give.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kb.codes import Coverage, Health, SourceLevel, SourceState
from kb.licences import Group, Licence, licences
from kb.sources import Source, load_declarations
from kb.words import zh

GRACE = 1.5
BEST_FIRST = (Coverage.DIRECT, Coverage.INDIRECT, Coverage.MANUAL, Coverage.BLIND)
UNSEEN = frozenset({SourceState.NOT_WATCHED, SourceState.UNTRIED})
NOT_DUE = frozenset({SourceState.UNVERIFIED, SourceState.MANUAL, SourceState.IMPORTED})

_AT_MOST = {
    SourceLevel.GAZETTE: Coverage.INDIRECT,
    SourceLevel.OFFICIAL_REPRINT: Coverage.INDIRECT,
    SourceLevel.AGENCY: Coverage.MANUAL,
    SourceLevel.HAND_SAVED: Coverage.MANUAL,
}
_PLATFORM = frozenset({SourceLevel.PLATFORM, SourceLevel.OFFICIAL_REPLY})


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the watch that is not over: what is wrong, and since which look."""

    health: Health
    since: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """A source. ``state`` is ``None`` where only its declaration is known. ``last_good`` is its last good look."""

    id: str
    title: str
    authority: str
    level: SourceLevel
    coverage: Coverage
    licences: tuple[str, ...]
    province: str = ""
    state: SourceState | None = None
    last_good: datetime | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """One source of a licence type: what it is meant to give, what it gives now, and since when it cannot be looked at.
    ``common``: it carries the rules of the type above, which govern this one too, and not this one's own."""

    source: Watched
    meant: Coverage
    now: Coverage
    since: datetime | None
    common: bool = False


@dataclass(frozen=True, slots=True)
class Common:
    """How the rules common to a family are seen: ``meant`` by declarations, ``now`` at this moment."""

    name: str
    meant: Coverage
    now: Coverage


@dataclass(frozen=True, slots=True)
class LicenceCoverage:
    """What is seen of the rules of one type: those of its own and, where there is a type above it, those common to all
    below that.

    ``above`` is how the common rules are seen, where not as well as the type's own. ``meant`` and ``now`` are of the whole
    country; ``state`` is that of the sources that give ``meant``, ``None`` where there are none or only declarations are
    known. ``provinces``: seen better there by a source of their own."""

    licence: str
    meant: Coverage
    now: Coverage
    state: SourceState | None
    since: datetime | None
    provinces: tuple[str, ...]
    sights: tuple[Sight, ...]
    above: Common | None = None


def of_declaration(source: Source) -> Watched:
    """What a declaration alone says. One that is not enabled is said to be so: nothing looks at it."""
    enabled = source.enabled or source.coverage is Coverage.MANUAL
    return Watched(
        id=source.id,
        title=source.title,
        authority=source.authority,
        level=source.level,
        coverage=source.coverage,
        licences=source.licences,
        province=source.province,
        state=None if enabled else SourceState.UNVERIFIED,
    )


def state_at(
    state: SourceState, last_good: datetime | None, period_hours: int, moment: datetime
) -> SourceState:
    """How a source stands at a moment: a good look older than its period and a half is no look."""
    if state in NOT_DUE or state is SourceState.UNTRIED:
        return state
    stale = last_good is None or moment - last_good > timedelta(hours=period_hours * GRACE)
    return SourceState.NOT_WATCHED if stale else state


def covered(licence: Licence, sources: Iterable[Watched]) -> LicenceCoverage:
    """What is seen of a licence type by the sources that declare it or the type above it, whose rules govern it too."""
    declaring = tuple(sources)
    reach = {licence.id, licence.parent}
    sights = sorted(
        (_sight(licence, source) for source in declaring if not reach.isdisjoint(source.licences)),
        key=lambda sight: (sight.common, _rank(sight.meant), bool(sight.source.province), sight.source.id),
    )
    national = [sight for sight in sights if not sight.source.province]
    meant = _best(sight.meant for sight in national)
    now = _best(sight.now for sight in national)
    best = [sight for sight in national if sight.meant is meant]
    return LicenceCoverage(
        licence=licence.id,
        meant=meant,
        now=now,
        state=_state([sight.source for sight in best]),
        since=None if _rank(now) <= _rank(meant) else _since(best),
        provinces=tuple(
            dict.fromkeys(
                sight.source.province
                for sight in sights
                if sight.source.province and _rank(sight.now) < _rank(now)
            )
        ),
        sights=tuple(sights),
        above=_common(licence, declaring, now),
    )


def _common(licence: Licence, sources: Iterable[Watched], now: Coverage) -> Common | None:
    if not licence.parent:
        return None
    parent = licences()[licence.parent]
    found = covered(parent, sources)
    return Common(parent.short, found.meant, found.now) if _rank(found.now) > _rank(now) else None


def leading(found: LicenceCoverage) -> list[Sight]:
    """The national sources that are meant to give the best."""
    return [sight for sight in found.sights if sight.meant is found.meant and not sight.source.province]


def _sight(licence: Licence, source: Watched) -> Sight:
    meant = source.coverage
    most = _AT_MOST.get(source.level, Coverage.DIRECT)
    if source.level in _PLATFORM and licence.group is not Group.PLATFORM:
        most = Coverage.INDIRECT  # a platform says what it asks for, not what the regulator rules
    meant = max(meant, most, key=_rank)
    failing = source.state is SourceState.NOT_WATCHED
    return Sight(
        source,
        meant,
        now=_now(source, meant),
        since=_failing_since(source) if failing else None,
        common=licence.id not in source.licences,
    )


def _now(source: Watched, meant: Coverage) -> Coverage:
    if source.state in UNSEEN or source.state is SourceState.UNVERIFIED:
        return Coverage.BLIND
    return max(meant, Coverage.MANUAL, key=_rank) if source.state is SourceState.IMPORTED else meant


def _failing_since(source: Watched) -> datetime | None:
    """The last good look where there was one; otherwise the first fault."""
    return source.last_good or min((fault.since for fault in source.faults), default=None)


def _state(sources: Sequence[Watched]) -> SourceState | None:
    """The best state of several sources; partly only where none is seen whole."""
    states = {source.state for source in sources}
    for state in (
        SourceState.WATCHED,
        SourceState.PARTLY_WATCHED,
        SourceState.MANUAL,
        SourceState.IMPORTED,
        SourceState.NOT_WATCHED,
        SourceState.UNTRIED,
        SourceState.UNVERIFIED,
    ):
        if state in states:
            return state
    return None


def _since(leading: Sequence[Sight]) -> datetime | None:
    """Since when none of them is seen."""
    return max((sight.since for sight in leading if sight.since), default=None)


def _best(found: Iterable[Coverage]) -> Coverage:
    return min(found, key=_rank, default=Coverage.BLIND)


def _rank(coverage: Coverage) -> int:
    return BEST_FIRST.index(coverage)


# --------------------------------------------------------------------------- the table for readers


def as_table(sources: Sequence[Source]) -> str:
    """What declarations promise, best first: licence types that the same sources give alike, one row."""
    watched = [of_declaration(source) for source in sources]
    rows: dict[tuple[Coverage, tuple[str, ...]], list[str]] = {}
    for licence in licences().values():
        found = covered(licence, watched)
        titles = tuple(sight.source.title for sight in leading(found))
        rows.setdefault((found.now, titles), []).append(licence.short)
    lines = ["| 事项 | 来源 | 现在怎么看 |", "| --- | --- | --- |"]
    for (now, titles), names in sorted(rows.items(), key=lambda row: _rank(row[0][0])):
        lines.append(f"| {'、'.join(names)} | {'、'.join(titles) or '没有'} | {zh(now)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_table(list(load_declarations([Path(sys.argv[1])]).values())))
