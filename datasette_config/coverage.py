"""How the watch stands: sources with their state, and what is covered of each licence type.

"Not looked at" is never shown as "nothing changed": a source whose last good look is older than its period and a half,
or whose incidents are all that is new, counts as not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from datasette_config import format as say
from datasette_config.knowledge import Connection, rows
from kb.model import Coverage, SourceState
from kb.sources import Publish

GRACE = 1.5
SYMBOLS = {Coverage.DIRECT: "●", Coverage.INDIRECT: "◐", Coverage.MANUAL: "○", Coverage.BLIND: "×"}
BEST_FIRST = (Coverage.DIRECT, Coverage.INDIRECT, Coverage.MANUAL, Coverage.BLIND)

SOURCES = """
    SELECT s.source_id, s.title, s.authority, s.level, s.homepage, s.licences, s.coverage, s.publish, s.period_hours,
           s.enabled, (SELECT max(p.last_good_at) FROM pages p WHERE p.source = s.id) AS last_good,
           (SELECT count(*) FROM pages p WHERE p.source = s.id) AS pages,
           (SELECT count(*) FROM incidents i WHERE i.source = s.id AND i.state <> 'closed') AS faults,
           (SELECT count(*) FROM incidents i LEFT JOIN pages p ON p.id = i.page
             WHERE i.source = s.id AND i.state <> 'closed' AND coalesce(p.role, 'list') = 'list') AS blind,
           (SELECT count(*) FROM runs r WHERE r.source = s.id AND r.finished_at IS NOT NULL) AS finished
    FROM sources s ORDER BY s.enabled DESC, s.source_id
"""


@dataclass(frozen=True, slots=True)
class Watch:
    """How many sources should be seen and were."""

    due: int
    seen: int
    begun: int

    @property
    def unseen(self) -> int:
        return self.due - self.seen

    @property
    def said(self) -> str:
        return f"应看 {self.due} 个来源，已看 {self.seen} 个" if self.due else "还没有启用任何来源"

    @property
    def baseline_notice(self) -> str:
        if self.begun == self.due:
            return ""
        return f"正在建立基线：{self.due} 个来源已完成 {self.begun} 个。基线中的文件不算变动。"


def state(row: dict[str, Any], moment: datetime) -> SourceState:
    if not row["enabled"]:
        return SourceState.UNVERIFIED
    if row["coverage"] == Coverage.MANUAL:
        return SourceState.MANUAL
    good = say.as_instant(row["last_good"])
    stale = good is None or moment - good > timedelta(hours=row["period_hours"] * GRACE)
    if stale or row["blind"]:
        return SourceState.NOT_WATCHED
    return SourceState.PARTLY_WATCHED if row["faults"] else SourceState.WATCHED


def watch(connection: Connection, moment: datetime) -> Watch:
    found = rows(connection, SOURCES)
    due = [row for row in found if state(row, moment) not in {SourceState.UNVERIFIED, SourceState.MANUAL}]
    return Watch(
        due=len(due),
        seen=sum(state(row, moment) is not SourceState.NOT_WATCHED for row in due),
        begun=sum(row["finished"] > 0 for row in due),
    )


def table(connection: Connection, names: dict[str, str], moment: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": row["source_id"],
            "title": row["title"],
            "authority": row["authority"],
            "url": say.safe_url(row["homepage"]),
            "state": say.state_word(state(row, moment)),
            "last_good": say.beijing(row["last_good"]),
            "incidents": f"{row['faults']} 件未恢复" if row["faults"] else "",
            "licences": [{"id": licence, "name": names.get(licence, licence)} for licence in row["licences"]],
            "level": say.level_word(row["level"]),
            "excerpt": "公开网站只摘录" if row["publish"] == Publish.EXCERPT else "",
        }
        for row in rows(connection, SOURCES)
    ]


def by_licence(connection: Connection, names: dict[str, str], moment: datetime) -> list[dict[str, Any]]:
    """Every licence type with the best coverage that an enabled source gives it; none is a blind spot.

    Where not one of its sources could be looked at lately, that is said instead of the coverage that was meant.
    """
    found = [row for row in rows(connection, SOURCES) if row["enabled"]]
    return [_covered(licence, name, found, moment) for licence, name in names.items()]


def _covered(licence: str, name: str, found: list[dict[str, Any]], moment: datetime) -> dict[str, Any]:
    watching = [row for row in found if licence in row["licences"]]
    levels = {row["coverage"] for row in watching}
    best = next((level for level in BEST_FIRST if level in levels), Coverage.BLIND)
    unseen = watching and all(state(row, moment) is SourceState.NOT_WATCHED for row in watching)
    return {
        "licence": licence,
        "name": name,
        "symbol": SYMBOLS[Coverage.BLIND if unseen else best],
        "word": say.word(SourceState.NOT_WATCHED if unseen else best, SourceState if unseen else Coverage),
        "sources": [row["title"] for row in watching],
    }
