"""Rows as dictionaries, JSON columns decoded. Instants come and go as they are stored (ISO 8601 in UTC)."""

from __future__ import annotations

import json
from typing import Any

Connection = Any  # sqlite3.Connection, or pysqlite3's where that is installed
Row = dict[str, Any]
STRUCTURES = ("issuers", "flags", "licences", "reasons", "spans", "deltas", "aliases", "counts", "hosts")


def rows(connection: Connection, sql: str, parameters: tuple[Any, ...] = ()) -> list[Row]:
    """The rows of a question, JSON columns decoded."""
    found = []
    for record in connection.execute(sql, parameters):
        row = dict(zip(record.keys(), tuple(record), strict=True))
        for name in STRUCTURES:
            if isinstance(row.get(name), str):
                row[name] = json.loads(row[name])
        found.append(row)
    return found


def first(connection: Connection, sql: str, parameters: tuple[Any, ...] = ()) -> Row | None:
    found = rows(connection, sql, parameters)
    return found[0] if found else None
