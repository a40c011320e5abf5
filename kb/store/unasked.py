"""Incidents of pages that nobody asks for any more: dropped from their list or from the declaration, or replaced."""

from __future__ import annotations

import json

from kb.codes import IncidentState
from kb.model import page_id
from kb.sqlite import sqlite3
from kb.store.looking import Archive
from kb.store.serial import dumps
from kb.store.tail import read_log

UNASKED = "此后的完整巡查不再请求这个页面，不再监测"
ENOUGH = 3
"""A run that went well counts so much by itself; of runs in which something failed it takes so many."""

_TROUBLED = """
    SELECT p.last_seen, s.state ->> '$.trouble.incident' AS incident, s.state -> '$.trouble.reasons' AS reasons
    FROM pages p JOIN page_states s ON s.page = p.id
    WHERE p.source = ? AND p.health <> 'ok' AND incident IS NOT NULL
"""

_RUNS_SINCE = """
    SELECT run_id, finished_at, status FROM runs
    WHERE source = ? AND started_at > ? AND finished_at IS NOT NULL AND status <> 'failed' ORDER BY started_at, run_id
"""


def close_unasked(connection: sqlite3.Connection, archive: Archive, source: int) -> None:
    """Close, or open again, the incidents of a source's (a rowid's) troubled pages, by the whole runs since their last
    look. A pure function of looks and runs: when they arrived leaves no trace."""
    whole: dict[str, bool] = {}
    for page in connection.execute(_TROUBLED, (source,)).fetchall():
        closed_at, weight = None, 0
        for run in connection.execute(_RUNS_SINCE, (source, page["last_seen"])).fetchall():
            if run["run_id"] not in whole:
                whole[run["run_id"]] = _is_whole(archive, run["run_id"])
            weight += whole[run["run_id"]] * (ENOUGH if run["status"] == "ok" else 1)
            if weight >= ENOUGH:
                closed_at = run["finished_at"]
                break
        reasons = json.loads(page["reasons"])
        connection.execute(
            "UPDATE incidents SET state = ?, closed_at = ?, reasons = ? WHERE incident_id = ?",
            (
                IncidentState.CLOSED if closed_at else IncidentState.OPEN,
                closed_at,
                dumps([*reasons, UNASKED] if closed_at else reasons),
                page["incident"],
            ),
        )


def _is_whole(archive: Archive, run: str) -> bool:
    """Whether a run began where the declaration says, not with single pages for a second look."""
    log = archive.folder / f"{run}.jsonl"
    if not log.is_file():
        return False
    asked = {entry.event.page for entry in read_log(log, 0, log.stat().st_size).entries}
    return {page_id(archive.source.id, url) for url in archive.source.start} <= asked
