"""The canonical dump: what kb.db says, as JSON lines by public ids, in one order whatever the order of arrival."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.sqlite import sqlite3
from kb.store.serial import dumps

_PAGE = "(SELECT page_id FROM pages WHERE id = t.page)"
_SOURCE = "(SELECT source_id FROM sources WHERE id = t.source)"
_DOCUMENT = "(SELECT document_id FROM documents WHERE id = t.document)"


def _version(column: str) -> str:
    return f"(SELECT version_id FROM versions WHERE id = t.{column})"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Table:
    """``references``: columns that hold a rowid, with the SQL that gives the public id. ``left_out``: where a record lies,
    and what only the order of work decides. ``rows``: which rows are derived; a source of which nothing was ever seen
    only says which declarations lay about."""

    name: str
    references: dict[str, str]
    left_out: tuple[str, ...] = ()
    rows: str = "1"


TABLES = (
    Table(
        "sources",
        {},
        rows="EXISTS (SELECT 1 FROM pages WHERE source = t.id) OR EXISTS (SELECT 1 FROM runs WHERE source = t.id)",
    ),
    Table("licences", {}),
    Table("runs", {"source": _SOURCE}),
    Table(
        "pages",
        {"source": _SOURCE, "current_version": _version("current_version"), "document": _DOCUMENT},
    ),
    Table("listings", {"list_page": "(SELECT page_id FROM pages WHERE id = t.list_page)"}),
    Table(
        "captures",
        {"page": _PAGE},
        ("record_file", "record_offset", "record_length", "record_digest"),
    ),
    Table("versions", {"page": _PAGE}),
    Table("passages", {"version": _version("version")}),
    Table("documents", {"source": _SOURCE, "current_version": _version("current_version")}),
    Table(
        "changes",
        {
            "page": _PAGE,
            "source": _SOURCE,
            "document": _DOCUMENT,
            "before_version": _version("before_version"),
            "after_version": _version("after_version"),
        },
    ),
    Table(
        "relations",
        {"document": _DOCUMENT, "target": "(SELECT document_id FROM documents WHERE id = t.target)"},
    ),
    Table(
        "divergences",
        {"document": _DOCUMENT, "page": _PAGE, "copy": "(SELECT page_id FROM pages WHERE id = t.copy)"},
    ),
    Table("change_passages", {"change": "(SELECT change_id FROM changes WHERE id = t.change)"}),
    Table("licence_tags", {}),
    Table("tags_found", {}),
    Table("incidents", {"source": _SOURCE, "page": _PAGE}),
    Table("decisions", {}),
    Table("redirects", {"page": _PAGE}),
    Table("absences", {"page": _PAGE}),
    Table("page_states", {"page": _PAGE}, ("applied",)),
)


def canonical_dump(connection: sqlite3.Connection) -> Iterator[str]:
    """One JSON object a line, ``{"table": …, …}``, sorted within each table."""
    for table in TABLES:
        yield from sorted(dumps({"table": table.name, **row}) for row in _rows(connection, table))


def _rows(connection: sqlite3.Connection, table: Table) -> Iterator[dict[str, Any]]:
    columns = [
        row["name"] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table.name,))
    ]
    chosen = [
        f'{table.references.get(name, chr(34) + name + chr(34))} AS "{name}"'
        for name in columns
        if name != "id" and name not in table.left_out
    ]
    for row in connection.execute(f"SELECT {', '.join(chosen)} FROM {table.name} t WHERE {table.rows}"):  # noqa: S608
        yield dict(row)


def describe(line: str) -> str:
    """A dump line for a person: its table and the ids in it."""
    row: dict[str, Any] = json.loads(line)
    named = [
        f"{key}={row[key]}"
        for key in row
        if key.endswith("_id") or key in {"page", "seq", "change", "version"}
    ]
    return f"{row['table']}（{'，'.join(named)}）"
