# ruff: noqa: S608 -- statements are put together from constants; what a reader sends is only ever bound
"""What a first page counts: changes of the last days in one read, changes of a year by week and family, days to come."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta

from datasette_config.choosing.selecting import COUNTED, begins
from datasette_config.knowledge.changes import CHANGE, NEWEST_FIRST, with_tags
from datasette_config.knowledge.rows import Connection, Row, rows
from kb.codes import Confidence
from kb.licences import licences

MOST = 1000
WEEK = 7 * 24 * 60 * 60  # seconds: where days are counted in Beijing, each has as many


def lately(connection: Connection, since: date) -> list[Row]:
    """Changes first seen on a Beijing day or later, the newest first and no more than ``MOST``, with what ranks and groups
    them: ``kind``, ``significance``, ``confirmation``, ``flags``, ``origin``, ``observed_to``, ``change_id`` and
    ``licences``, the surest first."""
    newest = f"SELECT c.id FROM changes c WHERE {COUNTED} AND c.observed_to >= ? {NEWEST_FIRST} LIMIT ?"
    found = rows(
        connection,
        "SELECT c.change_id, c.kind, c.significance, c.confirmation, c.flags, c.origin, c.observed_to, "
        "(SELECT json_group_array(json_array(t.licence, t.confidence)) FROM licence_tags t "
        " WHERE t.target_kind = 'change' AND t.target_id = c.change_id) AS tagged "
        f"FROM changes c WHERE c.id IN ({newest}) {NEWEST_FIRST}",
        (begins(since), MOST),
    )
    for row in found:
        tags = sorted(json.loads(row.pop("tagged")), key=lambda tag: _ORDER[tag[1]])
        row["licences"] = tuple(dict.fromkeys(licence for licence, _confidence in tags))
    return found


def changes_by_id(connection: Connection, identifiers: Iterable[str]) -> dict[str, Row]:
    """Changes with what a list says of them and their ``tags``."""
    found = rows(
        connection,
        f"{CHANGE} WHERE c.change_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(identifiers)),),
    )
    return {row["change_id"]: row for row in with_tags(connection, found)}


def nearest_day(connection: Connection, day: date, number: int, tags: Iterable[str] = ()) -> date | None:
    """The day from ``day`` on that the document of that number, counted by nearness, names: how far to look for that many
    dates. Of documents with one of the tags, or of all where none is given; ``None`` where there are fewer."""
    asked = json.dumps(sorted(tags))
    tagged = (
        "(:tags = '[]' OR EXISTS (SELECT 1 FROM licence_tags t WHERE t.target_kind = 'document' "
        "AND t.target_id = d.document_id AND t.licence IN (SELECT value FROM json_each(:tags))))"
    )
    found = connection.execute(
        "SELECT day FROM ("
        f" SELECT comments_until AS day FROM documents d WHERE comments_until >= :day AND is_draft = 1 AND {tagged}"
        f" UNION ALL SELECT effective FROM documents d WHERE effective >= :day AND is_draft = 0 AND {tagged}"
        f" UNION ALL SELECT transition_until FROM documents d WHERE transition_until >= :day AND is_draft = 0 AND {tagged}"
        ") ORDER BY day LIMIT 1 OFFSET :past",
        {"day": str(day), "tags": asked, "past": number - 1},
    ).fetchone()
    return date.fromisoformat(found[0]) if found else None


def weekly_changes(connection: Connection, first: date, weeks: int) -> dict[str, list[int]]:
    """Family of licence types -> changes in each week from ``first`` on, ``""`` for those without a tag. A change counts
    once in each family it concerns."""
    family = {each.id: str(each.group) for each in licences().values()}
    counts: dict[str, list[int]] = {}
    for name, week, number in connection.execute(
        "WITH family AS MATERIALIZED (SELECT key AS licence, value AS name FROM json_each(:families)) "
        "SELECT coalesce(f.name, ''), (unixepoch(c.observed_to) - unixepoch(:begins)) / :week, count(DISTINCT c.id) "
        "FROM changes c LEFT JOIN licence_tags t ON t.target_kind = 'change' AND t.target_id = c.change_id "
        "LEFT JOIN family f ON f.licence = t.licence "
        f"WHERE {COUNTED} AND c.observed_to >= :begins AND c.observed_to < :ends GROUP BY 1, 2",
        {
            "families": json.dumps(family),
            "begins": begins(first),
            "ends": begins(first + timedelta(weeks=weeks)),
            "week": WEEK,
        },
    ):
        counts.setdefault(name, [0] * weeks)[week] = number
    return counts


def weeks_looked(connection: Connection, first: date, weeks: int) -> frozenset[int]:
    """Which of the weeks from ``first`` on (0, 1, 2 …) have a round of looks that came to its end; an import is none."""
    return frozenset(
        week
        for (week,) in connection.execute(
            "SELECT DISTINCT (unixepoch(finished_at) - unixepoch(:begins)) / :week FROM runs "
            "WHERE origin <> 'import' AND finished_at IS NOT NULL "
            "AND coalesce(finished_at, started_at) >= :begins AND coalesce(finished_at, started_at) < :ends",
            {"begins": begins(first), "ends": begins(first + timedelta(weeks=weeks)), "week": WEEK},
        )
    )


def looked_between(connection: Connection, since: date, until: date) -> bool:
    """Whether a program looked at anything on these Beijing days, both included; an import is no look."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM runs WHERE coalesce(finished_at, started_at) >= ? AND started_at < ? "
        "AND origin <> 'import')",
        (begins(since), begins(until + timedelta(days=1))),
    )
    return bool(found.fetchone()[0])


_ORDER = {str(confidence): position for position, confidence in enumerate(Confidence)}
