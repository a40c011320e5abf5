"""PURE. What is seen of a licence type and what is not: from what sources declare and from how each of them stands.

``python -m kb.coverage crawler/sources`` prints the table of the README from the declarations. "Not looked at" is never "nothing changed": a source counts for what it gives now, not for what it was meant to give.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kb.codes import Coverage, Health, SourceLevel, SourceState
from kb.config import BEIJING
from kb.licences import Group, Licence, licences
from kb.sources import Source, load_declarations
from kb.words import zh

GRACE = 1.5
BEST_FIRST = (Coverage.DIRECT, Coverage.INDIRECT, Coverage.MANUAL, Coverage.BLIND)
UNSEEN = frozenset({SourceState.NOT_WATCHED, SourceState.UNTRIED})
_UNREAD = frozenset({SourceState.UNVERIFIED, SourceState.IMPORTED})
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

    ``above`` is how the common rules are seen, where not as well as the type's own. ``meant`` and ``now`` are of the whole country; ``state`` is that of the sources that give ``meant``, ``None``
    where there are none or only declarations are known. ``provinces``: seen better there by a source of their own."""

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
    leading = [sight for sight in national if sight.meant is meant]
    return LicenceCoverage(
        licence=licence.id,
        meant=meant,
        now=now,
        state=_state([sight.source for sight in leading]),
        since=None if _rank(now) <= _rank(meant) else _since(leading),
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


def word(found: LicenceCoverage) -> str:
    """The coverage in a word or two, for lists."""
    if found.now is Coverage.BLIND:
        if found.provinces:
            return f"只看得到{'、'.join(found.provinces)}"
        return _not_seen(found.state)
    return f"{zh(found.now)}（只有通用规则）" if _only_common(found) else zh(found.now)


def _not_seen(state: SourceState | None) -> str:
    """Nothing is seen now: whether nothing was meant to be, or a source does not answer for the time being."""
    if state is SourceState.NOT_WATCHED:
        return f"目前{zh(state)}"
    return zh(state) if state else zh(Coverage.BLIND)


def said(found: LicenceCoverage) -> str:
    """The coverage in words: what is seen now, and what hides the rest."""
    return "；".join(filter(None, (_said_with_provinces(found), _said_of_common(found))))


def _said_with_provinces(found: LicenceCoverage) -> str:
    provinces = "、".join(found.provinces)
    if provinces and found.meant is Coverage.BLIND:
        return f"只看得到{provinces}：没有全国性的来源"
    return f"{_said(found)}；{provinces}另有当地来源" if provinces else _said(found)


def _only_common(found: LicenceCoverage) -> bool:
    return bool(found.sights) and all(sight.common for sight in found.sights)


def _said_of_common(found: LicenceCoverage) -> str:
    """What a type shares with the one above it: rules that govern it and stand in sources of their own."""
    if _only_common(found):
        return "只有上级事项的通用规则，本项自己的规则没有来源"
    if found.above is None:
        return ""
    if found.above.meant is Coverage.BLIND:
        return f"{found.above.name}的通用规则没有全国性的来源"
    seen = "目前未能查看" if found.above.now is Coverage.BLIND else f"只能{zh(found.above.now)}查看"
    return f"{found.above.name}的通用规则{seen}"


def _said(found: LicenceCoverage) -> str:
    if not found.sights:
        return "盲区：已配置的来源都不登载这类规则"
    if found.meant is Coverage.BLIND:
        return "盲区：没有全国性的来源"
    leading = _leading(found)
    if found.now is found.meant:
        blind = sum(sight.now is Coverage.BLIND for sight in leading)
        partly = "部分页面未能查看" if found.state is SourceState.PARTLY_WATCHED else ""
        lost = f"{len(leading)} 个来源中 {blind} 个未能查看" if blind else ""
        return "；".join(filter(None, (zh(found.now), lost, partly)))
    seen = _not_seen(found.state) if found.now is Coverage.BLIND else zh(found.now)
    return f"{seen}；应为{zh(found.meant)}，{_lost(found, leading)}"


def nothing_found(found: LicenceCoverage) -> str:
    """What may be said where no change was found: never more than what was looked at."""
    due = [sight for sight in found.sights if sight.source.state not in NOT_DUE]
    if not due:
        return "没有可自动查看的来源，不能说有没有变动"
    seen = [sight for sight in due if sight.now is not Coverage.BLIND]
    if not seen:
        return "未能查看，不能说有没有变动"
    whole = [sight for sight in seen if sight.source.state is not SourceState.PARTLY_WATCHED]
    unread = any(sight.source.state in _UNREAD for sight in found.sights)
    everywhere = found.now in {Coverage.DIRECT, Coverage.INDIRECT} and not _said_of_common(found)
    return "未见变动" if everywhere and not unread and len(whole) == len(due) else "在看得到的来源上未见变动"


def said_of(sight: Sight) -> str:
    """One source in words."""
    if sight.source.state in {None, SourceState.MANUAL}:
        return zh(sight.meant)
    words = f"{zh(sight.meant)}，{zh(sight.source.state or SourceState.UNTRIED)}"
    return f"{zh(sight.meant)}，{_why(sight)}" if sight.since else words


def _leading(found: LicenceCoverage) -> list[Sight]:
    return [sight for sight in found.sights if sight.meant is found.meant and not sight.source.province]


def _lost(found: LicenceCoverage, leading: Sequence[Sight]) -> str:
    failing = next((sight for sight in leading if sight.since and sight.since == found.since), None)
    if failing is not None:
        return f"{failing.source.title}{_why(failing)}"
    return {
        SourceState.UNTRIED: "还没有查看过",
        SourceState.UNVERIFIED: "来源尚未启用",
        SourceState.IMPORTED: "只有导入的留存",
    }.get(found.state or SourceState.NOT_WATCHED, "从未看到")


def _why(sight: Sight) -> str:
    moment = sight.since.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if sight.since else ""
    kinds = "、".join(dict.fromkeys(zh(fault.health) for fault in sight.source.faults))
    return f"自 {moment} 起未能查看" + (f"：{kinds}" if kinds else "")


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
        leading = tuple(sight.source.title for sight in _leading(found))
        rows.setdefault((found.now, leading), []).append(licence.short)
    lines = ["| 事项 | 来源 | 现在怎么看 |", "| --- | --- | --- |"]
    for (now, leading), names in sorted(rows.items(), key=lambda row: _rank(row[0][0])):
        lines.append(f"| {'、'.join(names)} | {'、'.join(leading) or '没有'} | {zh(now)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_table(list(load_declarations([Path(sys.argv[1])]).values())))
