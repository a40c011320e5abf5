"""Changes: those a filter finds, newest first, and one whole."""

from __future__ import annotations

from datasette_config import knowledge
from datasette_config.api.asked import Asked, Listed
from datasette_config.api.cut import cut_passages
from datasette_config.api.problems import Moved
from datasette_config.knowledge import Connection
from kb.lines import change_detail_line, change_line
from kb.output import ChangeDetailOut, ChangeOut
from kb.sources import Publish
from kb.store import queries


def changes(connection: Connection, asked: Asked) -> Listed[ChangeOut]:
    """Where a status is asked for, a list may give fewer than ``limit`` and yet go on: it is reckoned, no column."""
    after = asked.after(str, str)
    before = (str(after[0]), str(after[1])) if after else None
    listed = knowledge.changes_listed(connection, asked.filter(), asked.today, asked.limit, before)
    identifiers = [row["change_id"] for row in listed.rows]
    rows = {row.id: row for row in queries.changes_named(connection, identifiers)}
    return asked.listed([change_line(rows[identifier]) for identifier in identifiers], listed.rest)


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
