"""The addresses of all pages that are about one document or one change, for site maps."""

from __future__ import annotations

from datasette_config.choosing.selecting import COUNTED
from datasette_config.knowledge.rows import Connection

_ASKED = {
    "documents": (
        "SELECT count(*) FROM documents",
        "WITH changed AS (SELECT document, max(observed_to) AS at FROM changes GROUP BY document) "
        "SELECT '/document/' || d.document_id, coalesce(changed.at, d.first_seen) FROM documents d "
        "LEFT JOIN changed ON changed.document = d.id ORDER BY d.id LIMIT ? OFFSET ?",
    ),
    "changes": (
        f"SELECT count(*) FROM changes c WHERE {COUNTED}",  # noqa: S608 -- constants
        "SELECT '/change/' || c.change_id, coalesce(c.confirmed_at, c.observed_to) FROM changes c "  # noqa: S608
        f"WHERE {COUNTED} ORDER BY c.id LIMIT ? OFFSET ?",
    ),
}
KINDS = tuple(_ASKED)


def addresses_counted(connection: Connection, kind: str) -> int:
    return int(connection.execute(_ASKED[kind][0]).fetchone()[0])


def addresses(connection: Connection, kind: str, limit: int, offset: int) -> list[tuple[str, str]]:
    """Path and when what stands there last changed."""
    return [tuple(row) for row in connection.execute(_ASKED[kind][1], (limit, offset))]
