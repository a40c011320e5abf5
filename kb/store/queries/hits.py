"""Passages that were found, as they are shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from kb.search import snippet
from kb.sources import Publish
from kb.sqlite import sqlite3


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage that holds the words. ``passage`` is its rowid; ``highlights`` are spans of ``snippet``. ``publish`` says
    how the source of its page may be published: that page may be a copy of the document on another site."""

    passage: int
    document: str
    title: str
    doc_number: str
    url: str
    anchor: str
    snippet: str
    highlights: tuple[tuple[int, int], ...]
    publish: Publish


_HITS = """
    SELECT q.id, coalesce(d.document_id, p.page_id) AS document, v.title, v.doc_number, p.url, q.anchor, q.ordinal, q.text,
           s.publish
    FROM json_each(?) wanted JOIN passages q ON q.id = wanted.value
    JOIN versions v ON v.id = q.version JOIN pages p ON p.id = v.page JOIN sources s ON s.id = p.source
    LEFT JOIN documents d ON d.id = p.document
    ORDER BY wanted.key
"""


def hits(connection: sqlite3.Connection, query: str, passages: Sequence[int]) -> tuple[Hit, ...]:
    """The passages with these rowids in this order, each with the piece of it that answers the query."""
    return tuple(_hit(row, query) for row in connection.execute(_HITS, (json.dumps(passages),)))


def _hit(row: sqlite3.Row, query: str) -> Hit:
    printed = (
        f"{row['ordinal']}　{row['text']}"
        if row["ordinal"] and row["text"]
        else row["ordinal"] or row["text"]
    )
    shown = snippet(printed, query)
    return Hit(
        passage=row["id"],
        document=row["document"],
        title=row["title"],
        doc_number=row["doc_number"],
        url=row["url"],
        anchor=row["anchor"],
        snippet=shown.text,
        highlights=shown.highlights,
        publish=Publish(row["publish"]),
    )
