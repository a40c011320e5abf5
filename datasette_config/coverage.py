"""How the watch stands: sources with their state, and what is covered of each licence type.

"Not looked at" is never shown as "nothing changed": a source whose last good look is older than its period and a half
counts as not seen, whatever its pages said then. The sources are read once (``look``); the rest is reckoned from that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasette_config.knowledge import Connection, Row, rows
from datasette_config.language import ENGLISH, language
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying.present import licence_name
from kb import words
from kb.codes import Coverage, SourceState
from kb.coverage import NOT_DUE, UNSEEN, LicenceCoverage, Sight, Watched, state_at
from kb.coverage import covered as covered_by
from kb.coveragetext import nothing_found, said, said_of, word
from kb.licences import licences
from kb.sources import Publish
from kb.store import queries

SYMBOLS = {Coverage.DIRECT: "●", Coverage.INDIRECT: "◐", Coverage.MANUAL: "○", Coverage.BLIND: "×"}

DECLARED = """
    SELECT s.source_id, s.level, s.homepage, s.licences, s.coverage, s.publish, s.period_hours, s.enabled,
           (SELECT count(*) FROM incidents i WHERE i.source = s.id AND i.state <> 'closed') AS faults,
           EXISTS (SELECT 1 FROM runs r WHERE r.source = s.id AND r.finished_at IS NOT NULL) AS finished
    FROM sources s
"""


@dataclass(frozen=True, slots=True)
class Watch:
    """How many sources should be seen, were seen lately, and were ever looked through."""

    due: int
    seen: int
    partly: int
    begun: int
    untried: int = 0

    @property
    def unseen(self) -> int:
        return self.due - self.seen - self.untried

    @property
    def nothing_found(self) -> str:
        """What may be said where no change was found: never more than what was looked at."""
        if not self.seen:
            return (
                _("未能查看，不能说有没有变动") if self.due else _("没有可自动查看的来源，不能说有没有变动")
            )
        if self.seen < self.due or self.partly:
            return _("在看得到的来源上未见变动")
        return _("未见变动")

    @property
    def said(self) -> str:
        if not self.due:
            return _("还没有启用任何来源")
        told = _("应看 %(due)s 个来源，已看 %(seen)s 个") % {"due": self.due, "seen": self.seen}
        if self.partly:
            told += _("（其中 %(partly)s 个只看到一部分）") % {"partly": self.partly}
        if self.untried:
            told += _("，%(untried)s 个尚未查看") % {"untried": self.untried}
        return told

    @property
    def baseline_notice(self) -> str:
        if self.begun == self.due:
            return ""
        return _("正在建立基线：%(due)s 个来源已完成 %(begun)s 个。基线中的文件不算变动。") % {
            "due": self.due,
            "begun": self.begun,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """A source as it is declared and as it stands."""

    watched: Watched
    declared: Row

    @property
    def state(self) -> SourceState:
        return self.watched.state or SourceState.UNTRIED


@dataclass(frozen=True, slots=True)
class Look:
    """How every source stands at one moment, those that should be looked at first."""

    sources: tuple[Standing, ...]

    def watch(self, licence: str = "") -> Watch:
        """Over all sources, or over those of one licence type."""
        due = [
            each
            for each in self.sources
            if each.state not in NOT_DUE and (not licence or licence in each.watched.licences)
        ]
        return Watch(
            due=len(due),
            seen=sum(each.state not in UNSEEN for each in due),
            partly=sum(each.state is SourceState.PARTLY_WATCHED for each in due),
            begun=sum(bool(each.declared["finished"]) or each.watched.last_good is not None for each in due),
            untried=sum(each.state is SourceState.UNTRIED for each in due),
        )

    def of(self, licence: str) -> LicenceCoverage:
        """What is seen of one licence type. It is known."""
        return covered_by(licences()[licence], [each.watched for each in self.sources])

    def by_licence(self) -> list[dict[str, Any]]:
        """Every licence type with what is seen of it; without a source it is a blind spot."""
        shown = []
        for licence in licences().values():
            found = self.of(licence.id)
            sources = [{"id": sight.source.id, "title": sight.source.title} for sight in found.sights]
            shown.append(
                {
                    "licence": licence.id,
                    "name": licence_name(licence.id),
                    "sources": [source["title"] for source in sources],
                    "sights": sources,
                    **covered(found),
                }
            )
        return shown

    def table(self) -> list[dict[str, Any]]:
        """Those that cannot be viewed first, those that nobody should look at last."""
        failing = {SourceState.NOT_WATCHED: 0, SourceState.PARTLY_WATCHED: 1}
        return [
            _row(each)
            for each in sorted(
                self.sources, key=lambda each: (each.state in NOT_DUE, failing.get(each.state, 2))
            )
        ]


def look(connection: Connection, moment: datetime) -> Look:
    """Reads every source."""
    declared = {row["source_id"]: row for row in rows(connection, DECLARED)}
    found = (
        Standing(watched, declared[watched.id])
        for watched in sorted(queries.watched(connection, moment), key=lambda each: each.id)
    )
    return Look(tuple(sorted(found, key=lambda each: each.state in NOT_DUE)))


def states(connection: Connection, moment: datetime) -> list[Row]:
    """Every source, the enabled ones first: what is declared, how it stands, its ``state`` at a moment."""
    declared = {row["source_id"]: row for row in rows(connection, DECLARED)}
    found = []
    for standing in queries.source_states(connection):
        row = declared[standing.source]
        good = say.as_instant(standing.last_good)
        state = state_at(standing.state, good, row["period_hours"], moment)
        found.append({**row, "standing": standing, "state": state})
    return sorted(found, key=lambda row: row["state"] in NOT_DUE)


def _row(each: Standing) -> dict[str, Any]:
    source, faults = each.watched, len(each.watched.faults)
    return {
        "id": source.id,
        "title": source.title,
        "authority": source.authority,
        "url": say.safe_url(each.declared["homepage"]),
        "state": say.state_word(each.state),
        "fine": each.state is SourceState.WATCHED,
        "failing": each.state in {SourceState.NOT_WATCHED, SourceState.PARTLY_WATCHED},
        "last_good": say.beijing(source.last_good),
        "incidents": _("%(count)s 件未恢复") % {"count": faults} if faults else "",
        "licences": [{"id": licence, "name": licence_name(licence)} for licence in source.licences],
        "level": say.level_word(source.level),
        "excerpt": _("公开网站只摘录") if each.declared["publish"] == Publish.EXCERPT else "",
    }


def covered(found: LicenceCoverage) -> dict[str, str]:
    """The coverage of a licence type: a sign, a word, and the whole sentence."""
    if language() == ENGLISH:
        return {"symbol": SYMBOLS[found.now], "word": words.en(found.now), "said": _english(found)}
    return {"symbol": SYMBOLS[found.now], "word": word(found), "said": said(found)}


def sighted(sight: Sight) -> str:
    """How one source is seen, in words."""
    if language() != ENGLISH:
        return said_of(sight)
    state = sight.source.state
    return words.en(sight.meant) + (f", {words.en(state)}" if state else "")


def unchanged(found: LicenceCoverage) -> str:
    """What may be said of a licence type where no change was found, in the reader's language."""
    spoken = {
        "未见变动": _("未见变动"),
        "在看得到的来源上未见变动": _("在看得到的来源上未见变动"),
        "未能查看，不能说有没有变动": _("未能查看，不能说有没有变动"),
        "没有可自动查看的来源，不能说有没有变动": _("没有可自动查看的来源，不能说有没有变动"),
    }
    return spoken[nothing_found(found)]


def _english(found: LicenceCoverage) -> str:
    """Shorter than the Chinese sentence, and never more hopeful."""
    told = words.en(found.now)
    if found.now is not found.meant:
        told += f"; meant to be {words.en(found.meant)}"
    if found.since:
        told += f", not seen since {say.beijing(found.since)}"
    if found.provinces and found.meant is Coverage.BLIND:
        told += f" elsewhere: seen in {', '.join(found.provinces)} only, no national source"
    elif found.provinces:
        told += f"; also local sources in {', '.join(found.provinces)}"
    if found.sights and all(sight.common for sight in found.sights):
        told += "; only rules common with the licence above it, no source of its own rules"
    if found.above:
        told += f"; rules common with {found.above.name}: {words.en(found.above.now)}"
    return told
