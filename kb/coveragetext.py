"""PURE. What is seen of a licence type, in the words people read. "Not looked at" is never "nothing changed"."""

from __future__ import annotations

from collections.abc import Sequence

from kb.codes import Coverage, SourceState
from kb.config import BEIJING
from kb.coverage import NOT_DUE, LicenceCoverage, Sight, leading
from kb.words import zh

_UNREAD = frozenset({SourceState.UNVERIFIED, SourceState.IMPORTED})


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
    own = [sight for sight in found.sights if not (sight.common or sight.source.province)]
    if found.now is not Coverage.BLIND and own and all(sight.now is Coverage.BLIND for sight in own):
        return "本项自己的规则目前未能查看"
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
    best = leading(found)
    if found.now is found.meant:
        blind = sum(sight.now is Coverage.BLIND for sight in best)
        partly = "部分页面未能查看" if found.state is SourceState.PARTLY_WATCHED else ""
        lost = f"{len(best)} 个来源中 {blind} 个未能查看" if blind else ""
        return "；".join(filter(None, (zh(found.now), lost, partly)))
    seen = _not_seen(found.state) if found.now is Coverage.BLIND else zh(found.now)
    return f"{seen}；应为{zh(found.meant)}，{_lost(found, best)}"


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


def _lost(found: LicenceCoverage, best: Sequence[Sight]) -> str:
    failing = next((sight for sight in best if sight.since and sight.since == found.since), None)
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
