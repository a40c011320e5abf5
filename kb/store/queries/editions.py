"""Editions of one rule on pages of their own: the same name and issuer, made or amended at different times."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kb.sqlite import sqlite3


@dataclass(frozen=True, slots=True)
class Edition:
    """``since``: the day from which a later edition stands for an earlier one, by its own words, else when published."""

    document: str
    title: str
    number: str
    later: bool
    since: str


_OTHERS = """
    SELECT DISTINCT d.document_id AS own, s.document_id, s.title, s.doc_number, s.effective, d.effective AS own_effective,
           coalesce(s.published, substr(s.first_seen, 1, 10)) AS shown,
           coalesce(d.published, substr(d.first_seen, 1, 10)) AS own_shown, q.title_key, p.title_key AS own_key
    FROM documents d
    JOIN pages p ON p.document = d.id AND p.title_key <> ''
    JOIN pages q ON q.title_core = p.title_core AND q.title_core <> '' AND q.title_key <> ''
    JOIN documents s ON s.id = q.document AND s.id <> d.id
    WHERE d.document_id IN (SELECT value FROM json_each(?)) ORDER BY s.document_id, q.title_key, p.title_key
"""


def editions_of(connection: sqlite3.Connection, documents: Iterable[str]) -> dict[str, tuple[Edition, ...]]:
    """The other editions of documents (ids), by document; one without any is absent. Rules in articles only: a notice of
    the same title is another one."""
    found: dict[str, dict[str, Edition]] = {}
    for row in connection.execute(_OTHERS, (json.dumps(list(documents)),)):
        issuer, rank = _rank(row["title_key"])
        own_issuer, own_rank = _rank(row["own_key"])
        if issuer != own_issuer or rank == own_rank:
            continue
        later = rank > own_rank
        new, old, shown = (
            (row["effective"], row["own_effective"], row["shown"])
            if later
            else (row["own_effective"], row["effective"], row["own_shown"])
        )
        found.setdefault(row["own"], {})[row["document_id"]] = Edition(
            row["document_id"], row["title"], row["doc_number"], later, new if new and new != old else shown
        )
    return {document: tuple(others.values()) for document, others in found.items()}


def _rank(title_key: str) -> tuple[str, tuple[str, str]]:
    """Issuer, and when made or last amended, of a key as ``kb.store.keys.title_key`` makes it."""
    _, issuer, made, edition, _ = title_key.rsplit("|", 4)
    return issuer, (max(edition, made[:4]), made)
