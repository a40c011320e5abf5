# ruff: noqa: S608 -- statements are put together from constants of this file; what a reader sends is only ever bound
"""Documents and changes of a licence type: their places first, all of them, and then what is said of those that are shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from datasette_config.choosing.filters import Filter
from datasette_config.choosing.selecting import COUNTED, where, where_documents
from datasette_config.knowledge.documents import DOCUMENT
from datasette_config.knowledge.rows import Connection, Row, rows
from kb.codes import SourceLevel
from kb.store.queries import statuses_on

NEWEST_FIRST = "ORDER BY coalesce(d.published, d.made, d.first_seen) DESC, d.id DESC"
MOST_LOOKED = 1000  # documents whose status is reckoned where one is asked for


@dataclass(frozen=True, slots=True)
class Governing:
    """One page of documents, each with its ``standing``. ``total`` counts them all; where a status was asked for, those
    among the newest ``MOST_LOOKED``, and ``cut`` says that there are older ones that nobody looked at."""

    rows: list[Row]
    total: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """A change in the order of time."""

    change: str
    observed_to: str
    confirmation: str


def governing(connection: Connection, chosen: Filter, day: date, limit: int, offset: int) -> Governing:
    """The rules that fulfil a filter, the newest first; articles of agencies are none."""
    sql, values = where_documents(chosen, day)
    every = [
        str(row[0])
        for row in connection.execute(
            "SELECT d.document_id FROM documents d JOIN sources s ON s.id = d.source "
            f"WHERE s.level <> ? AND {sql} {NEWEST_FIRST}",
            (SourceLevel.AGENCY, *values),
        )
    ]
    found = every
    if chosen.status:
        stands = statuses_on(connection, every[:MOST_LOOKED], day)
        found = [each for each in every[:MOST_LOOKED] if stands[each] in chosen.status]
    shown = _documents(connection, found[offset : offset + limit], day)
    return Governing(shown, len(found), cut=bool(chosen.status) and len(every) > MOST_LOOKED)


def _documents(connection: Connection, identifiers: list[str], day: date) -> list[Row]:
    """In the order of the ids."""
    stands = statuses_on(connection, identifiers, day)
    found = {
        row["document_id"]: {**row, "standing": stands[row["document_id"]]}
        for row in rows(
            connection,
            f"{DOCUMENT} WHERE d.document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(identifiers),),
        )
    }
    return [found[each] for each in identifiers]


def places(connection: Connection, chosen: Filter, day: date) -> list[Observed]:
    """The changes that fulfil a filter, the newest first, without those that were retracted."""
    sql, values = where(chosen, day)
    return [
        Observed(*row)
        for row in connection.execute(
            f"SELECT c.change_id, c.observed_to, c.confirmation FROM changes c WHERE {sql} "
            "AND c.confirmation <> 'retracted' ORDER BY c.observed_to DESC, c.change_id DESC",
            values,
        )
    ]


def changed_lately(connection: Connection, since: str) -> dict[str, set[str]]:
    """Licence type -> ids of the changes since an instant that carry its tag; a type without any is absent."""
    found: dict[str, set[str]] = {}
    for row in rows(
        connection,
        "SELECT DISTINCT c.change_id, t.licence FROM changes c JOIN licence_tags t ON t.target_kind = 'change' "
        f"AND t.target_id = c.change_id WHERE c.observed_to >= ? AND {COUNTED}",
        (since,),
    ):
        found.setdefault(row["licence"], set()).add(row["change_id"])
    return found
