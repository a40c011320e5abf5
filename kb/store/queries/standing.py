"""How documents stand on a day, many in a few questions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kb.changing.status import Standing, Suffered, status
from kb.codes import DocumentStatus, RelationKind, SourceLevel
from kb.config import beijing_day
from kb.sqlite import sqlite3
from kb.store.asof import Text, in_force
from kb.store.queries.documents import document_id
from kb.store.queries.relations import RelationRow, relations_of_documents

_HELD = "SELECT document_id FROM documents WHERE document_id IN (SELECT value FROM json_each(?))"

_TEXTS = """
    SELECT d.document_id, p.id AS page, v.version_id, v.text_digest, v.first_seen, v.title, v.is_draft, v.effective,
           v.comments_until, v.expires, v.made, v.published, s.level
    FROM documents d JOIN pages p ON p.document = d.id AND p.role = 'document'
    JOIN sources s ON s.id = p.source JOIN versions v ON v.page = p.id
    WHERE d.document_id IN (SELECT value FROM json_each(?))
      AND (v.kind IN ('first', 'technical') OR v.id = p.current_version OR EXISTS (
        SELECT 1 FROM changes c WHERE c.after_version = v.id AND c.page = v.page AND c.basis = 'comparison'
        AND (c.found IN ('confirmed', 'corrected') OR c.held_for = 'collapse')))
    ORDER BY p.current_version = d.current_version DESC, p.baseline_at, p.page_id, v.first_seen, v.id
"""
"""The confirmed texts of all pages of documents: of each document the page whose text stands for it first."""

_STANDING = """
    SELECT v.title, v.is_draft, v.effective, v.comments_until, v.expires, v.made, v.published, s.level
    FROM versions v JOIN pages p ON p.id = v.page JOIN sources s ON s.id = p.source WHERE v.version_id = ?
"""


@dataclass(frozen=True, slots=True)
class PageLife:
    """A page of a document with its confirmed texts in the order of time, and how each would stand by itself."""

    texts: tuple[Text, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """What decides how a document stands on any day: its pages, that whose text stands for it first, and what other
    documents do to it."""

    pages: tuple[PageLife, ...]
    suffered: tuple[Suffered, ...]

    def on(self, day: date) -> DocumentStatus:
        """By the page whose text stands for the document; where that was not held yet, by a copy that was. Before the
        day from which its newest text applies it stands by the older text that we hold, if any."""
        if not self.pages:
            return DocumentStatus.UNKNOWN
        page = next(
            (each for each in self.pages if beijing_day(each.texts[0].first_seen) <= day), self.pages[0]
        )
        force = in_force(page.texts, amendments(self.suffered), day)
        seen = [text for text in page.texts if beijing_day(text.first_seen) <= day]
        text = force.text if force else seen[-1] if seen else page.texts[0]
        return status(page.standings[page.texts.index(text)], self.suffered, day)


def status_on(connection: sqlite3.Connection, identifier: str, day: date) -> DocumentStatus:
    """How a document stands on a day (Beijing). Raises ``NotFound``."""
    return statuses_on(connection, [identifier], day)[identifier]


def statuses_on(
    connection: sqlite3.Connection, identifiers: Iterable[str], day: date
) -> dict[str, DocumentStatus]:
    """``status_on`` of many, by the id they were asked by. Raises ``NotFound``."""
    return {each: life.on(day) for each, life in lives(connection, identifiers).items()}


def lives(connection: sqlite3.Connection, identifiers: Iterable[str]) -> dict[str, Life]:
    """By document id, page id or address as asked, in few questions however many they are. Raises ``NotFound``."""
    asked = list(dict.fromkeys(identifiers))
    held = {row[0] for row in connection.execute(_HELD, (json.dumps(asked),))}
    named = {each: each if each in held else document_id(connection, each) for each in asked}
    documents = list(dict.fromkeys(named.values()))
    pages = _pages(connection, documents)
    relations = relations_of_documents(connection, documents)
    found = {
        document: Life(pages.get(document, ()), sufferings(relations[document].suffers))
        for document in documents
    }
    return {each: found[document] for each, document in named.items()}


def sufferings(suffers: Iterable[RelationRow]) -> tuple[Suffered, ...]:
    """What is done to a document, as its status counts it: what a draft would do, it does not do yet."""
    return tuple(
        Suffered(each.kind, date.fromisoformat(each.effective) if each.effective else None)
        for each in suffers
        if not each.draft
    )


def amendments(suffered: Iterable[Suffered]) -> list[date]:
    """The days on which decisions amended a document."""
    return [each.since for each in suffered if each.kind is RelationKind.AMENDS and each.since]


def standing_of(connection: sqlite3.Connection, version: str) -> Standing:
    """What of a text version (its id) decides how its document stands."""
    return _standing(connection.execute(_STANDING, (version,)).fetchone())


def _pages(connection: sqlite3.Connection, documents: Sequence[str]) -> dict[str, tuple[PageLife, ...]]:
    found: dict[str, dict[int, list[sqlite3.Row]]] = {}
    for row in connection.execute(_TEXTS, (json.dumps(documents),)):
        found.setdefault(row["document_id"], {}).setdefault(row["page"], []).append(row)
    return {document: tuple(_page(rows) for rows in by_page.values()) for document, by_page in found.items()}


def _page(rows: Sequence[sqlite3.Row]) -> PageLife:
    texts = (
        Text(
            row["version_id"],
            row["text_digest"],
            datetime.fromisoformat(row["first_seen"]),
            effective=_date(row["effective"]),
        )
        for row in rows
    )
    return PageLife(tuple(texts), tuple(_standing(row) for row in rows))


def _standing(row: sqlite3.Row) -> Standing:
    return Standing(
        title=row["title"],
        level=SourceLevel(row["level"]),
        is_draft=bool(row["is_draft"]),
        effective=_date(row["effective"]),
        comments_until=_date(row["comments_until"]),
        expires=_date(row["expires"]),
        since=_date(row["made"]) or _date(row["published"]),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
