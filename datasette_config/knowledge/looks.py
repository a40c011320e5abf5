"""What was looked at, of all sources and of one, and the days that come."""

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


def source(connection: Connection, source_id: str) -> Row | None:
    return first(connection, "SELECT * FROM sources WHERE source_id = ?", (source_id,))


def runs_of(connection: Connection, source: int, limit: int) -> list[Row]:
    """The newest rounds of a source, by its row id; an import is none."""
    return rows(
        connection,
        "SELECT run_id, origin, started_at, finished_at, status, counts FROM runs WHERE source = ? AND origin <> 'import' "
        "ORDER BY started_at DESC LIMIT ?",
        (source, limit),
    )


def captures_per_day(connection: Connection, source: int, since: str) -> list[Row]:
    """Beijing days from an instant on with captures that show a page well (``good``) and others (``bad``)."""
    return rows(
        connection,
        "SELECT date(c.fetched_at, '+8 hours') AS day, sum(c.health = 'ok') AS good, sum(c.health <> 'ok') AS bad "
        "FROM pages p JOIN captures c ON c.page = p.id WHERE p.source = ? AND c.fetched_at >= ? GROUP BY day ORDER BY day",
        (source, since),
    )


def runs_per_day(connection: Connection, source: int, since: str) -> dict[str, Row]:
    """Beijing day -> rounds of a source and the pages they asked for."""
    found = rows(
        connection,
        "SELECT date(started_at, '+8 hours') AS day, count(*) AS runs, coalesce(sum(counts ->> 'requested'), 0) AS asked "
        "FROM runs WHERE source = ? AND started_at >= ? AND origin <> 'import' GROUP BY day",
        (source, since),
    )
    return {row["day"]: row for row in found}


def pages_by_role(connection: Connection, source: int) -> list[Row]:
    """How many pages of each role are watched, and how many of them were never seen well."""
    return rows(
        connection,
        "SELECT role, count(*) AS pages, sum(last_good_at IS NULL) AS never FROM pages WHERE source = ? "
        "GROUP BY role ORDER BY pages DESC, role",
        (source,),
    )
