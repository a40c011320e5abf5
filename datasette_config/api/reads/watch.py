# ruff: noqa: S608 -- statements are put together from constants; what a client sends is only ever bound
"""What is watched: sources and their faults."""

from __future__ import annotations

import json
from typing import Any

from datasette_config import coverage, knowledge
from datasette_config.api.asked import Asked, Listed
from datasette_config.api.problems import Refused
from datasette_config.knowledge import Connection, Row
from kb.output import IncidentOut, WatchedSourceOut

_INCIDENTS = """
    SELECT i.incident_id, i.health, i.state, i.opened_at, i.last_seen, i.closed_at, i.occurrences, i.reasons,
           s.source_id, s.title AS source_title, p.page_id, p.url
    FROM incidents i JOIN sources s ON s.id = i.source LEFT JOIN pages p ON p.id = i.page
"""


def sources(connection: Connection, asked: Asked) -> Listed[WatchedSourceOut]:
    after = asked.after(str)
    rows = sorted(coverage.states(connection, asked.moment), key=lambda row: row["source_id"])
    rows = [row for row in rows if after is None or row["source_id"] > after[0]]
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    return asked.listed(
        [_line(row) for row in _declared(connection, rows)], (rows[-1]["source_id"],) if more else None
    )


def source(connection: Connection, asked: Asked) -> WatchedSourceOut:
    rows = [
        row for row in coverage.states(connection, asked.moment) if row["source_id"] == asked.values["id"]
    ]
    if not rows:
        raise Refused("not-found")
    return _line(_declared(connection, rows)[0])


def _declared(connection: Connection, rows: list[Row]) -> list[Row]:
    wanted = json.dumps([row["source_id"] for row in rows])
    more = {
        row["source_id"]: row
        for row in knowledge.rows(
            connection,
            "SELECT source_id, authority, province, mechanism FROM sources "
            "WHERE source_id IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
    }
    return [{**row, **more[row["source_id"]]} for row in rows]


def _line(row: Row) -> WatchedSourceOut:
    standing = row["standing"]
    return WatchedSourceOut(
        id=row["source_id"],
        title=standing.title,
        authority=row["authority"],
        province=row["province"],
        homepage=row["homepage"],
        mechanism=row["mechanism"],
        level=row["level"],
        coverage=row["coverage"],
        publish=row["publish"],
        enabled=bool(row["enabled"]),
        period_hours=row["period_hours"],
        licences=row["licences"],
        state=row["state"],
        pages=standing.pages,
        documents=standing.documents,
        troubled=standing.troubled,
        incidents=row["faults"],
        last_run=standing.last_run,
        last_good=standing.last_good,
    )


def incidents(connection: Connection, asked: Asked) -> Listed[IncidentOut]:
    """The one that began last comes first."""
    after = asked.after(str, str)
    conditions, values = ["1"], list[Any]()
    for column, name in (("s.source_id", "source"), ("i.state", "state")):
        if given := asked.values.get(name):
            conditions.append(f"{column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(given))
    if after is not None:
        conditions.append("(i.opened_at, i.incident_id) < (?, ?)")
        values += after
    rows = knowledge.rows(
        connection,
        f"{_INCIDENTS} WHERE {' AND '.join(conditions)} ORDER BY i.opened_at DESC, i.incident_id DESC LIMIT ?",
        (*values, asked.limit + 1),
    )
    more, rows = len(rows) > asked.limit, rows[: asked.limit]
    last = (rows[-1]["opened_at"], rows[-1]["incident_id"]) if more else None
    return asked.listed([_incident(row) for row in rows], last)


def _incident(row: Row) -> IncidentOut:
    return IncidentOut(
        id=row["incident_id"],
        source=row["source_id"],
        source_title=row["source_title"],
        page=row["page_id"],
        url=row["url"],
        health=row["health"],
        state=row["state"],
        opened_at=row["opened_at"],
        last_seen=row["last_seen"],
        closed_at=row["closed_at"],
        occurrences=row["occurrences"],
        reasons=row["reasons"],
    )
