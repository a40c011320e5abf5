"""What a query names by its id or its address: the page to go to at once."""

from __future__ import annotations

import re

from datasette_config.knowledge import Connection, first
from kb.errors import NotFound
from kb.store import queries

_ID = re.compile(r"(?P<kind>ch|do|pg|ve|ca|in)-[0-9a-f]{1,64}")
_OWNERS = {
    "ve": "SELECT d.document_id FROM versions v JOIN pages p ON p.id = v.page JOIN documents d ON d.id = p.document "
    "WHERE v.version_id = ?",
    "ca": "SELECT d.document_id FROM captures c JOIN pages p ON p.id = c.page JOIN documents d ON d.id = p.document "
    "WHERE c.capture_id = ?",
}


def destination(connection: Connection, asked: str) -> str | None:
    """The path of what bears the id or stands at the address; ``None`` for other words, and for what is not here."""
    named = _ID.fullmatch(asked.lower())
    if named is None:
        return _document(connection, asked) if asked.startswith(("http://", "https://")) else None
    identifier, kind = named[0], named["kind"]
    if kind == "ch":
        found = queries.resolve(connection, "change", identifier)
        known = first(connection, "SELECT 1 FROM changes WHERE change_id = ?", (found,))
        return f"/change/{found}" if known else None
    if kind == "in":
        known = first(connection, "SELECT 1 FROM incidents WHERE incident_id = ?", (identifier,))
        return f"/incidents#{identifier}" if known else None
    if kind in _OWNERS:
        owner = first(connection, _OWNERS[kind], (identifier,))
        document = owner["document_id"] if owner else None
        if document is None:
            return None
        return f"/document/{document}/version/{identifier}" if kind == "ve" else f"/document/{document}"
    return _document(connection, identifier)


def _document(connection: Connection, identifier: str) -> str | None:
    try:
        return f"/document/{queries.document_id(connection, identifier)}"
    except (NotFound, ValueError):  # also what begins like an address and is none
        return None
