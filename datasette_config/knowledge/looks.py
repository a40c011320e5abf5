"""What was looked at, and the days that come."""

from __future__ import annotations

from datasette_config.knowledge.rows import Connection, Row, first, rows


def newest_look(connection: Connection) -> str | None:
    """The newest time anything was looked at or imported (an import makes no run)."""
    found = first(
        connection,
        "SELECT max(seen) AS newest FROM (SELECT max(coalesce(finished_at, started_at)) AS seen FROM runs "
        "UNION ALL SELECT max(last_seen) FROM pages)",
    )
    return found["newest"] if found else None


def anything_kept(connection: Connection) -> bool:
    return (
        connection.execute("SELECT 1 FROM pages WHERE last_good_at IS NOT NULL LIMIT 1").fetchone()
        is not None
    )


def licences_of_sources(connection: Connection) -> dict[str, list[str]]:
    """Source id -> licence types that its declaration names."""
    return {
        row["source_id"]: row["licences"]
        for row in rows(connection, "SELECT source_id, licences FROM sources")
    }


def dates_after(connection: Connection, day: str, limit: int = 12) -> list[Row]:
    """Dates to come of known documents, the nearest first: the end of comments, coming into force, of a transition."""
    return rows(
        connection,
        "SELECT * FROM ("
        " SELECT comments_until AS day, '意见反馈截止' AS what, document_id, title FROM documents"
        " UNION ALL SELECT effective, '施行', document_id, title FROM documents"
        " UNION ALL SELECT transition_until, '过渡期至', document_id, title FROM documents"
        ") WHERE day >= ? ORDER BY day, document_id LIMIT ?",
        (day, limit),
    )
