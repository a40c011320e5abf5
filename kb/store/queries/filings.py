"""Rows of filing lists: those a change tells of, and where a name stands in the lists we hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.codes import ChangeKind
from kb.entries import is_exactly, is_named, is_struck, read_entry
from kb.sqlite import sqlite3

_ROWS_OF_CHANGE = """
    SELECT q.before, q.after FROM change_passages q JOIN changes c ON c.id = q.change
    WHERE c.change_id = ?1 AND q.significance <> 'noise' ORDER BY q.seq
"""
_ROWS_PUBLISHED = """
    SELECT q.text FROM changes c JOIN pages p ON p.id = c.page
    JOIN pages f ON f.id = p.id OR (f.parent = p.page_id AND p.page_id <> '' AND f.role = 'attachment')
    JOIN versions v ON v.page = f.id AND v.kind = 'first' JOIN passages q ON q.version = v.id
    WHERE c.change_id = ?1 AND c.basis = 'publication' ORDER BY f.page_id, q.seq
"""
_STANDING = """
    SELECT q.text, q.kind, v.title, coalesce(h.title, '') AS above, p.url, d.document_id, s.source_id, s.title AS source_title,
           coalesce(v.published, substr(v.first_seen, 1, 10)) AS day
    FROM pages p JOIN versions v ON v.id = p.current_version JOIN passages q ON q.version = v.id
    JOIN sources s ON s.id = p.source LEFT JOIN documents d ON d.id = p.document
    LEFT JOIN pages g ON g.page_id = p.parent AND p.parent <> '' LEFT JOIN versions h ON h.id = g.current_version
    WHERE q.kind = 'row' OR v.title LIKE '%注销%' OR v.title LIKE '%撤销%' OR v.title LIKE '%吊销%' OR h.title LIKE '%注销%'
    ORDER BY day DESC, p.page_id, q.seq
"""
_REMOVED = """
    SELECT q.before AS text, 'row' AS kind, c.title, '' AS above, p.url, d.document_id, s.source_id,
           s.title AS source_title, substr(c.observed_to, 1, 10) AS day
    FROM change_passages q JOIN changes c ON c.id = q.change JOIN pages p ON p.id = c.page
    JOIN sources s ON s.id = c.source LEFT JOIN documents d ON d.id = c.document
    WHERE c.kind = 'list_batch' AND c.confirmation = 'confirmed' AND q.op = 'removed' AND q.before <> ''
    ORDER BY c.observed_to DESC, q.seq
"""
_SERIAL_HEADS = re.compile(r"^(?:序号|序)：.*\n?", re.M)


@dataclass(frozen=True, slots=True)
class FilingRow:
    """One place where a name stands. ``row`` is the entry as printed, or the sentence of a notice; number, subject and
    name are empty where the list has no such column. ``withdrawn``: this list, this row, or another list says of the same
    number that it was struck off, or it left its list. ``exact``: a cell is this name and no more. ``day``: when the list
    was published, or first seen."""

    list_title: str
    number: str
    subject: str
    name: str
    row: str
    exact: bool
    withdrawn: bool
    url: str
    document: str | None
    source: str
    source_title: str
    day: str


def rows_of_change(connection: sqlite3.Connection, change: str, kind: ChangeKind) -> tuple[str, ...]:
    """The rows and lines that a change of a list tells of: those that came, went or were altered, and as it was before a
    row that names somebody else now; of a newly published list all of it, its attachments included. Empty for what is no
    list."""
    if kind is not ChangeKind.LIST_BATCH:
        return ()
    told = []
    for before, after in connection.execute(_ROWS_OF_CHANGE, (change,)):
        told.append(after or before)
        if before and after and _names(before) != _names(after):
            told.append(before)
    told += [row[0] for row in connection.execute(_ROWS_PUBLISHED, (change,))]
    return tuple(dict.fromkeys(told))


def _names(text: str) -> tuple[str, ...]:
    entry = read_entry(text)
    return entry.names if entry else ()


def where_named(connection: sqlite3.Connection, name: str) -> tuple[FilingRow, ...]:
    """Where a name stands in the lists we hold, newest list first; entries that left their list included."""
    found = [*_found(connection, _STANDING, name), *_found(connection, _REMOVED, name, gone=True)]
    struck = {each.number for each in found if each.withdrawn and each.number}
    return tuple(replace(each, withdrawn=each.withdrawn or each.number in struck) for each in found)


def named_by(connection: sqlite3.Connection, document: str, name: str) -> tuple[str, ...]:
    """The rows of one list that name it, as printed."""
    query = f"SELECT * FROM ({_STANDING}) WHERE document_id = ?"  # noqa: S608 - our own words
    return tuple(dict.fromkeys(each.row for each in _found(connection, query, name, (document,))))


def _found(
    connection: sqlite3.Connection, query: str, name: str, given: tuple[str, ...] = (), *, gone: bool = False
) -> Iterator[FilingRow]:
    for row in connection.execute(query, given):
        text = row["text"]
        entry = read_entry(text)
        struck = is_struck(f"{row['title']}\n{row['above']}")
        if (entry is None and not struck) or not is_named(name, text):
            continue
        yield FilingRow(
            list_title=row["above"] or row["title"],
            number=entry.number if entry else "",
            subject=entry.subject if entry else "",
            name=entry.name if entry else "",
            row=_SERIAL_HEADS.sub("", text),
            exact=is_exactly(name, text),
            withdrawn=gone or struck or is_struck(text),
            url=row["url"],
            document=row["document_id"],
            source=row["source_id"],
            source_title=row["source_title"],
            day=row["day"],
        )
