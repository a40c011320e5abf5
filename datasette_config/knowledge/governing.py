# ruff: noqa: S608 -- statements are put together from constants of this file; what a reader sends is only ever bound
"""Documents of a filter, and how often each licence type changed lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from datasette_config.filters import Filter
from datasette_config.knowledge.changes import with_standing
from datasette_config.knowledge.documents import DOCUMENT
from datasette_config.knowledge.rows import Connection, Row, rows
from datasette_config.selecting import TOLD, where_documents
from kb.codes import SourceLevel

NEWEST_FIRST = "ORDER BY coalesce(d.published, d.made, d.first_seen) DESC, d.id DESC"
MOST_LOOKED = 300  # documents whose status is reckoned where one is asked for
_RULES = "FROM documents d JOIN sources s ON s.id = d.source WHERE s.level <> ?"


@dataclass(frozen=True, slots=True)
class Governing:
    """One page of documents, each with its ``standing``. ``total`` counts them all; where a status was asked for, those
    among the newest ``MOST_LOOKED``, and ``cut`` says that there are older ones that nobody looked at."""

    rows: list[Row]
    total: int
    cut: bool = False


def governing(connection: Connection, chosen: Filter, day: date, limit: int, offset: int) -> Governing:
    """The rules that fulfil a filter, the newest first; articles of agencies are none."""
    sql, values = where_documents(chosen, day)
    given = (SourceLevel.AGENCY, *values)
    if chosen.status:
        found = _some(connection, f"{sql}", given, MOST_LOOKED + 1, 0)
        looked = with_standing(connection, found[:MOST_LOOKED], day)
        stands = [row for row in looked if row["standing"] in chosen.status]
        return Governing(stands[offset : offset + limit], len(stands), len(found) > MOST_LOOKED)
    (total,) = connection.execute(f"SELECT count(*) {_RULES} AND {sql}", given).fetchone()
    shown = _some(connection, sql, given, limit, offset)
    return Governing(with_standing(connection, shown, day), total)


def _some(
    connection: Connection, sql: str, given: tuple[object, ...], limit: int, offset: int
) -> list[Row]:
    """The ids first; what is said of a document is read of those that are shown."""
    ids = f"SELECT d.id {_RULES} AND {sql} {NEWEST_FIRST} LIMIT ? OFFSET ?"
    return rows(connection, f"{DOCUMENT} WHERE d.id IN ({ids}) {NEWEST_FIRST}", (*given, limit, offset))


def changed_lately(connection: Connection, since: str) -> dict[str, set[str]]:
    """Licence type -> ids of the changes since an instant that carry its tag; a type without any is absent."""
    found: dict[str, set[str]] = {}
    for row in rows(
        connection,
        "SELECT DISTINCT c.change_id, t.licence FROM changes c JOIN licence_tags t ON t.target_kind = 'change' "
        f"AND t.target_id = c.change_id WHERE c.observed_to >= ? AND {TOLD}",
        (since,),
    ):
        found.setdefault(row["licence"], set()).add(row["change_id"])
    return found
