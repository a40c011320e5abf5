"""From when until when the words of a query stood in texts, those that stand no more included."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kb.search import holds, match_query, stands_alone, starts_numbers
from kb.sources import Publish
from kb.sqlite import sqlite3
from kb.store.queries.among import EVERY, Among

LOOKED = 2000
"""Passages of the past, the newest: of words that more of them hold, the documents of those are told."""

_FORMERLY = """
    WITH hit AS MATERIALIZED (
        SELECT rowid AS id FROM passages_past_fts WHERE passages_past_fts MATCH ? ORDER BY rowid DESC LIMIT ?
    )
    SELECT d.document_id, max(hit.id) AS newest FROM hit JOIN passages q ON q.id = hit.id
    JOIN versions v ON v.id = q.version JOIN pages p ON p.id = v.page JOIN documents d ON d.id = p.document
    WHERE p.role = 'document' {among} GROUP BY d.id ORDER BY newest DESC LIMIT ?
"""

_TEXTS = """
    WITH page AS MATERIALIZED (
        SELECT d.document_id, (SELECT p.id FROM pages p WHERE p.document = d.id AND p.role = 'document'
            ORDER BY p.current_version = d.current_version DESC, p.baseline_at, p.page_id LIMIT 1) AS id
        FROM documents d WHERE d.document_id IN (SELECT value FROM json_each(?))
    )
    SELECT page.document_id, v.id, v.version_id, v.title, v.first_seen, p.last_good_at, s.publish,
        (SELECT c.observed_from FROM changes c WHERE c.after_version = v.id AND c.page = v.page AND c.basis = 'comparison')
        AS last_before
    FROM page JOIN pages p ON p.id = page.id JOIN sources s ON s.id = p.source JOIN versions v ON v.page = p.id
    WHERE v.kind IN ('first', 'technical') OR v.id = p.current_version OR EXISTS (
        SELECT 1 FROM changes c WHERE c.after_version = v.id AND c.found IN ('confirmed', 'corrected'))
    ORDER BY page.document_id, v.first_seen, v.id
"""

_PASSAGES = "SELECT anchor, text FROM passages WHERE version = ? ORDER BY seq"


@dataclass(frozen=True, slots=True)
class Span:
    """The words stood from ``since`` (the first look that showed them) to ``until`` (the last one). ``before`` is the last
    look that did not show them yet, ``None`` where the first text that is held has them; ``gone`` the first that showed
    them no more, ``None`` while they stand. ``version`` is the last text that has them, ``anchor`` and ``text`` the
    passage of it."""

    since: str
    until: str
    before: str | None
    gone: str | None
    version: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Stood:
    """``publish``: how the source of the page whose texts these are may be published."""

    document: str
    title: str
    publish: Publish
    spans: tuple[Span, ...]


def formerly(connection: sqlite3.Connection, query: str, most: int, among: Among = EVERY) -> tuple[str, ...]:
    """Documents of which a text that stands no more has the words, where the text that followed it has not, the latest
    first."""
    statement = _FORMERLY.format(among=among.narrowing)
    rows = connection.execute(statement, (match_query(query), LOOKED, *among.values, most))
    return tuple(row[0] for row in rows)


def stood(connection: sqlite3.Connection, query: str, documents: Sequence[str]) -> tuple[Stood, ...]:
    """Of each of these documents the times in which a passage of its page had the words, oldest first; documents without
    any are left out."""
    texts = connection.execute(_TEXTS, (json.dumps(documents),)).fetchall()
    found = {
        document: Stood(document, versions[-1]["title"], Publish(versions[-1]["publish"]), spans)
        for document, group in groupby(texts, key=lambda row: row["document_id"])
        if (spans := _spans(connection, query, versions := list(group)))
    }
    return tuple(found[document] for document in documents if document in found)


def _spans(connection: sqlite3.Connection, query: str, versions: list[sqlite3.Row]) -> tuple[Span, ...]:
    having = [(row, _passage(connection, query, row["id"])) for row in versions]
    spans: list[Span] = []
    place = 0
    for has, run in groupby(having, key=lambda pair: pair[1] is not None):
        rows = list(run)
        first, (last, passage) = rows[0][0], rows[-1]
        previous = versions[place - 1] if place else None
        place += len(rows)
        following = versions[place] if place < len(versions) else None
        if has and passage is not None:
            spans.append(
                Span(
                    since=first["first_seen"],
                    until=_until(last, following)
                    if following
                    else last["last_good_at"] or last["first_seen"],
                    before=_until(previous, first) if previous else None,
                    gone=following["first_seen"] if following else None,
                    version=last["version_id"],
                    anchor=passage[0],
                    text=passage[1],
                )
            )
    return tuple(spans)


def _until(version: sqlite3.Row, following: sqlite3.Row) -> str:
    """The last look known to have shown a version before the one that followed it."""
    return str(following["last_before"] or version["first_seen"])


def _passage(connection: sqlite3.Connection, query: str, version: int) -> tuple[str, str] | None:
    """Anchor and text of the first passage of a version (a rowid) that has the words. A number is had where it stands by
    itself: who asks since when 十个工作日 stand there does not ask for 三十个工作日."""
    rows = connection.execute(_PASSAGES, (version,))
    numbered = starts_numbers(query)
    return next(
        (
            (anchor, text)
            for anchor, text in rows
            if holds(text, query) and (not numbered or stands_alone(text, query))
        ),
        None,
    )
