# ruff: noqa: S608 -- statements are put together from constants; what a client sends is only ever bound
"""Changes: those a filter finds, newest first, and one whole."""

from __future__ import annotations

from datasette_config import knowledge
from datasette_config.api.asked import Asked, Listed
from datasette_config.api.cut import cut_passages
from datasette_config.api.problems import Moved
from datasette_config.filters import Filter
from datasette_config.knowledge import Connection, Row
from datasette_config.selecting import where
from kb.lines import change_detail_line, change_line
from kb.output import ChangeDetailOut, ChangeOut
from kb.sources import Publish
from kb.store import queries

BATCHES = 5
"""A status is reckoned and no column: of so many batches those that have it are given, and the cursor goes on from there."""


def changes(connection: Connection, asked: Asked) -> Listed[ChangeOut]:
    chosen = asked.filter()
    after = asked.after(str, str)
    kept: list[Row] = []
    for _ in range(BATCHES):
        found = _batch(connection, asked, chosen, after)
        more, found = len(found) > asked.limit, found[: asked.limit]
        after = (found[-1]["observed_to"], found[-1]["change_id"]) if more else None
        kept += _standing(connection, asked, chosen, found)
        if not more or len(kept) >= asked.limit:
            break
    if len(kept) > asked.limit:
        kept = kept[: asked.limit]
        after = (kept[-1]["observed_to"], kept[-1]["change_id"])
    rows = {row.id: row for row in queries.changes_named(connection, [each["change_id"] for each in kept])}
    return asked.listed([change_line(rows[each["change_id"]]) for each in kept], after)


def _batch(
    connection: Connection, asked: Asked, chosen: Filter, after: tuple[str | int, ...] | None
) -> list[Row]:
    condition, values = where(chosen, asked.today)
    if after is not None:
        condition = f"{condition} AND c.observed_to <= ? AND (c.observed_to < ? OR c.change_id > ?)"
        values = (*values, after[0], after[0], after[1])
    return knowledge.rows(
        connection,
        "SELECT c.change_id, c.observed_to, d.document_id FROM changes c LEFT JOIN documents d ON d.id = c.document "
        f"WHERE {condition} ORDER BY c.observed_to DESC, c.change_id LIMIT ?",
        (*values, asked.limit + 1),
    )


def _standing(connection: Connection, asked: Asked, chosen: Filter, found: list[Row]) -> list[Row]:
    if not chosen.status:
        return found
    standing = knowledge.with_standing(connection, found, asked.today)
    return [row for row in standing if row["standing"] in chosen.status]


def change(connection: Connection, asked: Asked) -> ChangeDetailOut:
    identifier = asked.values["id"]
    found = queries.change(connection, identifier)
    if found.row.id != identifier:
        raise Moved(found.row.id)
    row = knowledge.change(connection, identifier)
    cut = asked.cut and row is not None and row["publish"] == Publish.EXCERPT
    readings = () if cut else queries.readings(connection, identifier)
    passages = cut_passages(found.passages) if cut else found.passages
    return change_detail_line(found, passages, [each.text for each in readings if each.current])
