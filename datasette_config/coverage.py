"""How the watch stands: sources with their state, and what is covered of each licence type.

"Not looked at" is never shown as "nothing changed": a source whose last good look is older than its period and a half
counts as not seen, whatever its pages said then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasette_config import format as say
from datasette_config.knowledge import Connection, rows
from datasette_config.present import licence_name
from kb.codes import Coverage, SourceState
from kb.coverage import NOT_DUE, UNSEEN, LicenceCoverage, state_at
from kb.coveragetext import said, word
from kb.licences import licences
from kb.sources import Publish
from kb.store import queries

SYMBOLS = {Coverage.DIRECT: "●", Coverage.INDIRECT: "◐", Coverage.MANUAL: "○", Coverage.BLIND: "×"}

DECLARED = """
    SELECT s.source_id, s.level, s.homepage, s.licences, s.coverage, s.publish, s.period_hours, s.enabled,
           (SELECT count(*) FROM incidents i WHERE i.source = s.id AND i.state <> 'closed') AS faults,
           (SELECT count(*) FROM runs r WHERE r.source = s.id AND r.finished_at IS NOT NULL) AS finished
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
            return "未能查看，不能说有没有变动" if self.due else "没有可自动查看的来源，不能说有没有变动"
        if self.seen < self.due or self.partly:
            return "在看得到的来源上未见变动"
        return "未见变动"

    @property
    def said(self) -> str:
        if not self.due:
            return "还没有启用任何来源"
        partly = f"（其中 {self.partly} 个只看到一部分）" if self.partly else ""
        untried = f"，{self.untried} 个尚未查看" if self.untried else ""
        return f"应看 {self.due} 个来源，已看 {self.seen} 个{partly}{untried}"

    @property
    def baseline_notice(self) -> str:
        if self.begun == self.due:
            return ""
        return f"正在建立基线：{self.due} 个来源已完成 {self.begun} 个。基线中的文件不算变动。"


def states(connection: Connection, moment: datetime) -> list[dict[str, Any]]:
    """Every source, the enabled ones first: what is declared, how it stands, its ``state`` at a moment."""
    declared = {row["source_id"]: row for row in rows(connection, DECLARED)}
    found = []
    for standing in queries.source_states(connection):
        row = declared[standing.source]
        good = say.as_instant(standing.last_good)
        state = state_at(standing.state, good, row["period_hours"], moment)
        found.append({**row, "standing": standing, "state": state})
    return sorted(found, key=lambda row: row["state"] in NOT_DUE)


def watch(connection: Connection, moment: datetime, licence: str = "") -> Watch:
    """The watch over all sources, or over those of one licence type."""
    due = [
        row
        for row in states(connection, moment)
        if row["state"] not in NOT_DUE and (not licence or licence in row["licences"])
    ]
    return Watch(
        due=len(due),
        seen=sum(row["state"] not in UNSEEN for row in due),
        partly=sum(row["state"] is SourceState.PARTLY_WATCHED for row in due),
        begun=sum(row["finished"] > 0 or row["standing"].last_good is not None for row in due),
        untried=sum(row["state"] is SourceState.UNTRIED for row in due),
    )


def table(connection: Connection, moment: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": row["source_id"],
            "title": row["standing"].title,
            "authority": row["standing"].authority,
            "url": say.safe_url(row["homepage"]),
            "state": say.state_word(row["state"]),
            "last_good": say.beijing(row["standing"].last_good),
            "incidents": f"{row['faults']} 件未恢复" if row["faults"] else "",
            "licences": [{"id": licence, "name": licence_name(licence)} for licence in row["licences"]],
            "level": say.level_word(row["level"]),
            "excerpt": "公开网站只摘录" if row["publish"] == Publish.EXCERPT else "",
        }
        for row in states(connection, moment)
    ]


def by_licence(connection: Connection, moment: datetime) -> list[dict[str, Any]]:
    """Every licence type with what is seen of it; without a source it is a blind spot."""
    names = {licence.id: licence.short for licence in licences().values()}
    return [
        {
            "licence": found.licence,
            "name": names[found.licence],
            "sources": [sight.source.title for sight in found.sights],
            **covered(found),
        }
        for found in queries.coverage(connection, moment)
    ]


def covered(found: LicenceCoverage) -> dict[str, str]:
    """The coverage of a licence type: a sign, a word, and the whole sentence."""
    return {"symbol": SYMBOLS[found.now], "word": word(found), "said": said(found)}
