"""Licence types: all of them, and one whole."""

from __future__ import annotations

from datasette_config.api.asked import Asked, Listed
from datasette_config.knowledge import Connection
from kb.licences import licences as vocabulary
from kb.lines import licence_detail_line, licence_lines
from kb.output import LicenceDetailOut, LicenceOut
from kb.store import queries


def licences(connection: Connection, asked: Asked) -> Listed[LicenceOut]:
    """In the order of the vocabulary."""
    after = asked.after(str)
    covered = queries.coverage(connection, asked.moment) if asked.looked_at else ()
    lines = licence_lines(queries.licence_overview(connection), covered)
    if after is not None:
        known = [line.id for line in lines]
        lines = lines[known.index(str(after[0])) + 1 :] if after[0] in known else []
    more, lines = len(lines) > asked.limit, lines[: asked.limit]
    return asked.listed(lines, (lines[-1].id,) if more else None)


def licence(connection: Connection, asked: Asked) -> LicenceDetailOut:
    identifier = asked.values["id"]
    view = queries.licence_view(connection, identifier, asked.moment) if asked.looked_at else None
    return licence_detail_line(vocabulary()[identifier], view)
