"""Captures and the pictures they show."""

from __future__ import annotations

from datasette_config.knowledge.rows import Connection, Row, first, rows


def captures_of_change(connection: Connection, row: Row) -> list[Row]:
    """The captures of the texts before and after a change (a row of ``change``) and of the looks that its moments name,
    oldest first."""
    sql = (
        "SELECT c.capture_id, c.fetched_at, c.status, c.content_type, c.body_digest, c.origin, c.record_file, "
        "c.record_offset, c.record_length, c.record_digest, p.url, s.source_id "
        "FROM captures c JOIN pages p ON p.id = c.page JOIN sources s ON s.id = p.source WHERE c.id IN ("
        " SELECT id FROM captures WHERE capture_id IN (?, ?) UNION "
        " SELECT k.id FROM changes x JOIN captures k ON k.page = x.page AND k.health = 'ok' "
        " AND k.fetched_at IN (x.observed_from, x.observed_to, x.confirmed_at) WHERE x.change_id = ?"
        ") ORDER BY c.fetched_at, c.capture_id"
    )
    return rows(connection, sql, (row["before_capture"], row["after_capture"], row["change_id"]))


def looked_again_from(connection: Connection, change_id: str) -> str | None:
    """From when on a second look confirms a change; ``None`` for what none confirms."""
    found = first(connection, "SELECT confirm_from FROM changes WHERE change_id = ?", (change_id,))
    return found["confirm_from"] if found else None


def watched_picture(connection: Connection, capture_id: str) -> Row | None:
    """A good live or imported capture of a watched image: where its record lies and how its source may be published."""
    return first(
        connection,
        "SELECT c.capture_id, c.body_digest, c.record_file, c.record_offset, c.record_length, c.record_digest, p.url, "
        "s.source_id, s.publish FROM captures c JOIN pages p ON p.id = c.page JOIN sources s ON s.id = p.source "
        "WHERE c.capture_id = ? AND p.role = 'image' AND c.health = 'ok' AND c.origin <> 'replay'",
        (capture_id,),
    )


def capture_of_picture(connection: Connection, url: str) -> str | None:
    """The capture that shows what a watched image, known by its address, is now."""
    found = first(
        connection,
        "SELECT v.capture FROM pages p JOIN versions v ON v.id = p.current_version WHERE p.role = 'image' AND p.url = ? "
        "ORDER BY p.id LIMIT 1",
        (url,),
    )
    return found["capture"] if found else None
