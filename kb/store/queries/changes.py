"""Changes: lists, one with all that shows it, those that wait for a second look."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kb.codes import ChangeKind, Confirmation, Flag, HeldFor, Op, Origin, Significance
from kb.errors import NotFound
from kb.model import LicenceTag, PassageChange, instant
from kb.sqlite import sqlite3
from kb.store.queries.families import family
from kb.store.serial import deltas_from_json, spans_from_json
from kb.store.tagged import read_tags


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in a list. Times are ISO 8601 in UTC. ``document`` is a document id, or the page id where the page has
    none. ``reread``: its page was fetched under other rules than today's, so it may be a late notice."""

    id: str
    document: str
    page: str
    source: str
    source_title: str
    title: str
    url: str
    kind: ChangeKind
    significance: Significance
    confirmation: Confirmation
    origin: Origin
    flags: tuple[Flag, ...]
    headline: str
    reason: str
    effective: str | None
    observed_from: str | None
    observed_to: str
    confirmed_at: str | None
    reverts: str | None
    licences: tuple[str, ...]
    reread: bool
    held_for: HeldFor | None


@dataclass(frozen=True, slots=True)
class ChangeDetail:
    """A change with the passages that differ, its tags, and the captures of the state before and after."""

    row: ChangeRow
    passages: tuple[PassageChange, ...]
    tags: tuple[LicenceTag, ...]
    version_before: str | None
    version_after: str | None
    capture_before: str | None
    capture_after: str | None

    @property
    def captures(self) -> tuple[str, ...]:
        return tuple(capture for capture in (self.capture_before, self.capture_after) if capture)


_CHANGE = """
    SELECT c.*, p.page_id, p.url, s.source_id, s.title AS source_title, d.document_id,
           c.rules <> '' AND c.rules <> s.rules AS reread,
           b.version_id AS version_before, b.capture AS capture_before,
           a.version_id AS version_after, a.capture AS capture_after,
           (SELECT json_group_array(licence) FROM (SELECT DISTINCT licence FROM licence_tags t
            WHERE t.target_kind = 'change' AND t.target_id = c.change_id ORDER BY t.id)) AS licences
    FROM changes c JOIN pages p ON p.id = c.page JOIN sources s ON s.id = c.source
    LEFT JOIN documents d ON d.id = c.document
    LEFT JOIN versions b ON b.id = c.before_version
    LEFT JOIN versions a ON a.id = c.after_version
"""


def changes(
    connection: sqlite3.Connection,
    *,
    licence: str | None = None,
    source: str | None = None,
    since: datetime | date | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[ChangeRow, ...]:
    """Changes, newest first. A licence stands for itself and the ones below it. Raises ``NotFound`` for an unknown one."""
    where, values = ["1"], list[Any]()
    if licence is not None:
        where.append(
            "c.change_id IN (SELECT target_id FROM licence_tags WHERE target_kind = 'change'"
            " AND licence IN (SELECT value FROM json_each(?)))"
        )
        values.append(json.dumps(sorted(family(licence))))
    if source is not None:
        where.append("s.source_id = ?")
        values.append(source)
    if since is not None:
        where.append("c.observed_to >= ?")
        values.append(instant(since) if isinstance(since, datetime) else since.isoformat())
    return _rows(
        connection,
        f"WHERE {' AND '.join(where)} ORDER BY c.observed_to DESC, c.change_id LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )


def changes_named(connection: sqlite3.Connection, identifiers: Iterable[str]) -> tuple[ChangeRow, ...]:
    """The changes of these ids, in no order; those that are not held are left out."""
    wanted = json.dumps(list(identifiers))
    return _rows(connection, "WHERE c.change_id IN (SELECT value FROM json_each(?))", (wanted,))


def change(connection: sqlite3.Connection, identifier: str) -> ChangeDetail:
    """The change of that id, or of the one that swallowed it. Raises ``NotFound``."""
    wanted = resolve(connection, "change", identifier)
    record = connection.execute(f"{_CHANGE} WHERE c.change_id = ?", (wanted,)).fetchone()
    if record is None:
        other = identifier.startswith("pg-") or "://" in identifier
        do = f"这是文件，请用 zhengce history {identifier}" if other else "zhengce changes 可列出全部变动"
        raise NotFound(f"没有这处变动：{identifier}", do=do)
    return ChangeDetail(
        row=_row(record),
        passages=passages_of(connection, record["id"]),
        tags=tags_of(connection, "change", wanted),
        version_before=record["version_before"],
        version_after=record["version_after"],
        capture_before=record["capture_before"],
        capture_after=record["capture_after"],
    )


def provisional(connection: sqlite3.Connection, *, seen_before: datetime) -> tuple[ChangeRow, ...]:
    """Live changes that wait for a second look and were first seen by then, oldest first."""
    return _rows(
        connection,
        "WHERE c.confirmation = 'provisional' AND c.origin <> 'import' AND c.observed_to <= ?"
        " ORDER BY c.observed_to, c.change_id",
        (instant(seen_before),),
    )


def resolve(connection: sqlite3.Connection, kind: str, identifier: str) -> str:
    """Where an id leads today, through however many redirects; itself when nothing redirects it."""
    seen = {identifier}
    while row := connection.execute(
        "SELECT to_id FROM redirects WHERE from_id = ? AND kind = ?", (identifier, kind)
    ).fetchone():
        identifier = str(row[0])
        if identifier in seen:
            break
        seen.add(identifier)
    return identifier


def passages_of(connection: sqlite3.Connection, change_row: int) -> tuple[PassageChange, ...]:
    """The passages that differ, in the order of the new text; ``change_row`` is a rowid."""
    rows = connection.execute("SELECT * FROM change_passages WHERE change = ? ORDER BY seq", (change_row,))
    return tuple(_passage(row) for row in rows)


def passages_of_changes(
    connection: sqlite3.Connection, identifiers: Iterable[str]
) -> dict[str, tuple[PassageChange, ...]]:
    """The passages that differ, by the id of their change."""
    found: dict[str, list[PassageChange]] = {}
    rows = connection.execute(
        "SELECT c.change_id, q.* FROM changes c JOIN change_passages q ON q.change = c.id"
        " WHERE c.change_id IN (SELECT value FROM json_each(?)) ORDER BY q.change, q.seq",
        (json.dumps(list(identifiers)),),
    )
    for row in rows:
        found.setdefault(row["change_id"], []).append(_passage(row))
    return {identifier: tuple(passages) for identifier, passages in found.items()}


def _passage(row: sqlite3.Row) -> PassageChange:
    return PassageChange(
        Op(row["op"]),
        Significance(row["significance"]),
        row["anchor_before"],
        row["anchor"],
        row["before"],
        row["after"],
        spans_from_json(row["spans"]),
        deltas_from_json(row["deltas"]),
        row["reason"],
    )


def tags_of(connection: sqlite3.Connection, target_kind: str, target: str) -> tuple[LicenceTag, ...]:
    """The tags of a ``change`` or ``document``, by public id."""
    return read_tags(connection, "licence_tags", target_kind, target)


def _rows(connection: sqlite3.Connection, tail: str, values: Iterable[Any]) -> tuple[ChangeRow, ...]:
    return tuple(_row(record) for record in connection.execute(f"{_CHANGE} {tail}", tuple(values)))


def _row(record: sqlite3.Row) -> ChangeRow:
    return ChangeRow(
        id=record["change_id"],
        document=record["document_id"] or record["page_id"],
        page=record["page_id"],
        source=record["source_id"],
        source_title=record["source_title"],
        title=record["title"],
        url=record["url"],
        kind=ChangeKind(record["kind"]),
        significance=Significance(record["significance"]),
        confirmation=Confirmation(record["confirmation"]),
        origin=Origin(record["origin"]),
        flags=tuple(Flag(flag) for flag in json.loads(record["flags"])),
        headline=record["headline"],
        reason=record["reason"],
        effective=record["effective"],
        observed_from=record["observed_from"],
        observed_to=record["observed_to"],
        confirmed_at=record["confirmed_at"],
        reverts=record["reverts"],
        licences=tuple(json.loads(record["licences"])),
        reread=bool(record["reread"]),
        held_for=HeldFor(record["held_for"]) if record["held_for"] else None,
    )
