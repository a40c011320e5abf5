"""A page named as missed that our crawls hold already: since when, and which changes of it were seen and told."""

from __future__ import annotations

from datetime import datetime

from kb import words
from kb.codes import Confirmation
from kb.config import BEIJING
from kb.sqlite import sqlite3
from scheduler.escaped import Reason, Why
from scheduler.ops import Ops

_HELD = """
    SELECT p.baseline_at, s.source_id, s.title FROM pages p JOIN documents d ON d.id = p.document
    JOIN sources s ON s.id = p.source WHERE d.document_id = ? AND p.baseline_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM captures k WHERE k.page = p.id AND k.health = 'ok' AND k.origin = 'live')
    ORDER BY p.baseline_at LIMIT 1
"""
_CHANGES = """
    SELECT c.change_id, c.confirmation FROM changes c JOIN documents d ON d.id = c.document WHERE d.document_id = ?
    AND c.origin = 'live' AND c.kind NOT IN ('baseline', 'technical') ORDER BY c.observed_to, c.change_id
"""


def already_held(connection: sqlite3.Connection, ops: Ops | None, document: str) -> Reason | None:
    """None for a document that only an import brought: no source looked at it."""
    row = connection.execute(_HELD, (document,)).fetchone()
    if row is None:
        return None
    seen = [
        _told(ops, each["change_id"], Confirmation(each["confirmation"]))
        for each in connection.execute(_CHANGES, (document,))
    ]
    day = datetime.fromisoformat(row["baseline_at"]).astimezone(BEIJING).date()
    what = f"发现的变动：{'、'.join(seen)}" if seen else "首次查看时已有，作为基线不提醒；此后没有变动"
    explained = f"本库自 {day} 起就有它（来源“{row['title']}”）；{what}"
    return Reason(Why.CAUGHT if seen else Why.BASELINE, explained, (row["source_id"],))


def _told(ops: Ops | None, change: str, confirmation: Confirmation) -> str:
    rows = (
        ops.rows("SELECT id FROM alerts WHERE kind = 'change' AND about = ? ORDER BY id", (change,))
        if ops
        else []
    )
    alerts = "、".join(row["id"] for row in rows)
    told = f"提醒 {alerts}" if alerts else "没有单独提醒"
    return f"{change}（{words.zh(confirmation)}，{told}）"
