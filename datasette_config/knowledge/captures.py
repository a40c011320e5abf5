"""Captures and the pictures they show."""

from __future__ import annotations

from datasette_config.knowledge.rows import Connection, Row, first


def capture(connection: Connection, capture_id: str | None) -> Row | None:
    return first(
        connection,
        "SELECT capture_id, fetched_at, body_digest, origin FROM captures WHERE capture_id = ?",
        (capture_id,),
    )


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
