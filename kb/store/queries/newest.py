"""The newest time that anything was recorded: the "now" of all that a knowledge base says."""

from __future__ import annotations

from datetime import datetime

from kb.sqlite import sqlite3


def newest_look(connection: sqlite3.Connection) -> datetime | None:
    """The newest time of any run log, or of what was imported; ``None`` where nothing was ever kept."""
    row = connection.execute(
        "SELECT max(seen) FROM (SELECT max(coalesce(finished_at, started_at)) AS seen FROM runs"
        " UNION ALL SELECT max(last_seen) FROM pages)"
    ).fetchone()
    return datetime.fromisoformat(row[0]) if row[0] else None
