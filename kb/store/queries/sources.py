"""How the watch stands: sources, incidents, pages, licences, counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kb.codes import Coverage, Health, IncidentState, PageRole, SourceState
from kb.config import BEIJING
from kb.licences import licences
from kb.model import instant
from kb.sqlite import sqlite3
from kb.store.queries.families import reached_by


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source and how its watch stands. ``troubled`` counts pages with an open incident; times are ISO 8601 in UTC."""

    source: str
    title: str
    authority: str
    state: SourceState
    pages: int
    documents: int
    troubled: int
    last_run: str | None
    last_good: str | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    id: str
    source: str
    source_title: str
    page: str | None
    url: str | None
    health: Health
    state: IncidentState
    opened_at: str
    last_seen: str
    closed_at: str | None
    occurrences: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageRow:
    id: str
    url: str
    role: PageRole
    title: str
    health: Health
    first_seen: str
    last_seen: str
    last_good: str | None
    noise: int
    flips: int


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """One licence type with the changes that reach it, as a type below it or the one above does. ``changes`` are settled;
    ``provisional`` wait for a second look, ``held`` for a person. Page furniture and technical versions count nowhere."""

    licence: str
    changes: int
    provisional: int
    held: int


@dataclass(frozen=True, slots=True)
class Overview:
    """``sources`` counts sources by state; ``incidents`` are the open ones. Of the ``provisional`` changes ``removals``
    take most of a text away and wait a day; ``flips`` counts all that went back before they were confirmed."""

    sources: dict[str, int]
    documents: int
    changes: int
    provisional: int
    removals: int
    flips: int
    incidents: tuple[IncidentRow, ...]


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What one Beijing day brought. ``looks`` are requests answered or not; ``failed`` those without an answer."""

    day: date
    runs: int
    looks: int
    failed: int
    changes: int
    incidents: int


_SOURCES = """
    SELECT s.*,
      (SELECT count(*) FROM pages p WHERE p.source = s.id) AS pages,
      (SELECT count(*) FROM documents d WHERE d.source = s.id) AS documents,
      (SELECT count(DISTINCT i.page) FROM incidents i WHERE i.source = s.id AND i.page IS NOT NULL
         AND i.state <> 'closed') AS troubled,
      (SELECT max(started_at) FROM runs r WHERE r.source = s.id) AS last_run,
      (SELECT max(last_good_at) FROM pages p WHERE p.source = s.id) AS last_good,
      (SELECT count(*) FROM pages p WHERE p.source = s.id AND p.last_good_at IS NULL) AS never
    FROM sources s ORDER BY s.source_id
"""


def source_states(connection: sqlite3.Connection) -> tuple[SourceRow, ...]:
    """Every source: pages that were only imported are watched by nobody, not enabled is unverified; otherwise by how
    many of its pages could be looked at last time."""
    return tuple(
        SourceRow(
            source=row["source_id"],
            title=row["title"],
            authority=row["authority"],
            state=_state(row),
            pages=row["pages"],
            documents=row["documents"],
            troubled=row["troubled"],
            last_run=row["last_run"],
            last_good=row["last_good"],
        )
        for row in connection.execute(_SOURCES)
    )


def source_province(connection: sqlite3.Connection, source: str) -> str:
    """The province whose authority publishes the source; empty for a national one."""
    row = connection.execute("SELECT province FROM sources WHERE source_id = ?", (source,)).fetchone()
    return str(row["province"]) if row else ""


def _state(row: sqlite3.Row) -> SourceState:
    if row["coverage"] == Coverage.MANUAL:
        return SourceState.MANUAL
    if row["last_run"] is None and row["pages"]:
        return SourceState.IMPORTED  # an import makes no run
    if not row["enabled"]:
        return SourceState.UNVERIFIED
    if row["last_run"] is None:
        return SourceState.UNTRIED
    if not row["pages"] or row["troubled"] >= row["pages"]:
        return SourceState.NOT_WATCHED
    return SourceState.PARTLY_WATCHED if row["troubled"] else SourceState.WATCHED


def incidents(
    connection: sqlite3.Connection, *, source: str | None = None, states: tuple[IncidentState, ...] = ()
) -> tuple[IncidentRow, ...]:
    """Incidents, open ones first, then the newest; only those in the given states when there are any."""
    rows = connection.execute(
        "SELECT i.*, s.source_id, s.title AS source_title, p.page_id, p.url FROM incidents i"
        " JOIN sources s ON s.id = i.source LEFT JOIN pages p ON p.id = i.page"
        " WHERE (?1 IS NULL OR s.source_id = ?1) AND (?2 = '[]' OR i.state IN (SELECT value FROM json_each(?2)))"
        " ORDER BY i.state = 'closed', i.last_seen DESC, i.incident_id",
        (source, json.dumps([str(state) for state in states])),
    )
    return tuple(
        IncidentRow(
            id=row["incident_id"],
            source=row["source_id"],
            source_title=row["source_title"],
            page=row["page_id"],
            url=row["url"],
            health=Health(row["health"]),
            state=IncidentState(row["state"]),
            opened_at=row["opened_at"],
            last_seen=row["last_seen"],
            closed_at=row["closed_at"],
            occurrences=row["occurrences"],
            reasons=tuple(json.loads(row["reasons"])),
        )
        for row in rows
    )


def capture_health(connection: sqlite3.Connection, capture: str) -> tuple[Health, tuple[str, ...]]:
    """What was wrong with a capture, by itself or as a state of its page, and the reasons; a torn one is truncated."""
    row = connection.execute(
        "SELECT page, fetched_at, health, reasons FROM captures WHERE capture_id = ?", (capture,)
    ).fetchone()
    if row is None:
        return Health.TRUNCATED, ()
    if row["health"] == Health.OK:
        row = connection.execute(
            "SELECT health, reasons FROM incidents WHERE page = ?1 AND opened_at <= ?2 AND last_seen >= ?2"
            " AND (closed_at IS NULL OR closed_at > ?2)",
            (row["page"], row["fetched_at"]),
        ).fetchone()
        if row is None:
            return Health.OK, ()
    return Health(row["health"]), tuple(json.loads(row["reasons"]))


def open_incidents(connection: sqlite3.Connection) -> tuple[IncidentRow, ...]:
    return incidents(connection, states=(IncidentState.OPEN, IncidentState.ACKNOWLEDGED))


def pages(connection: sqlite3.Connection, source: str) -> tuple[PageRow, ...]:
    """The pages of a source by address."""
    rows = connection.execute(
        "SELECT p.* FROM pages p JOIN sources s ON s.id = p.source WHERE s.source_id = ? ORDER BY p.url, p.page_id",
        (source,),
    )
    return tuple(
        PageRow(
            id=row["page_id"],
            url=row["url"],
            role=PageRole(row["role"]),
            title=row["title"],
            health=Health(row["health"]),
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            last_good=row["last_good_at"],
            noise=row["noise_count"],
            flips=row["flip_count"],
        )
        for row in rows
    )


def licence_overview(connection: sqlite3.Connection) -> tuple[LicenceRow, ...]:
    """Every licence type of the vocabulary, in its order. One pass over the tags: a type is reached through many."""
    tagged: dict[str, dict[str, set[int]]] = {}
    for licence, change, confirmation in connection.execute(
        "SELECT t.licence, c.id, c.confirmation FROM licence_tags t JOIN changes c ON c.change_id = t.target_id"
        " WHERE t.target_kind = 'change' AND c.significance <> 'noise' AND c.kind NOT IN ('technical', 'baseline')"
    ):
        standing = "settled" if confirmation in {"confirmed", "corrected"} else confirmation
        tagged.setdefault(licence, {}).setdefault(standing, set()).add(change)

    def count(licence: str, standing: str) -> int:
        of_tags = (tagged.get(tag, {}).get(standing, set()) for tag in reached_by(licence))
        return len(set().union(*of_tags))

    return tuple(
        LicenceRow(each, *(count(each, standing) for standing in ("settled", "provisional", "held")))
        for each in licences()
    )


def overview(connection: sqlite3.Connection) -> Overview:
    by_state: dict[str, int] = {}
    for row in source_states(connection):
        by_state[str(row.state)] = by_state.get(str(row.state), 0) + 1
    documents, changes, provisional, removals, flips = connection.execute(
        "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM changes),"
        " (SELECT count(*) FROM changes WHERE confirmation = 'provisional'),"
        " (SELECT count(*) FROM changes WHERE confirmation = 'provisional'"
        "  AND julianday(confirm_from) - julianday(observed_to) >= 0.5),"
        " (SELECT coalesce(sum(flip_count), 0) FROM pages)"
    ).fetchone()
    return Overview(by_state, documents, changes, provisional, removals, flips, open_incidents(connection))


def day_counts(connection: sqlite3.Connection, day: date) -> DayCounts:
    """Counts of one Beijing day, from the run logs and what was derived from them."""
    begin = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
    span = (instant(begin), instant(begin + timedelta(days=1)))
    runs = connection.execute(
        "SELECT count(*), coalesce(sum(counts ->> 'requested'), 0), coalesce(sum(counts ->> 'failed'), 0)"
        " FROM runs WHERE started_at >= ? AND started_at < ?",
        span,
    ).fetchone()
    changes = connection.execute(
        "SELECT count(*) FROM changes WHERE observed_to >= ? AND observed_to < ?", span
    ).fetchone()
    opened = connection.execute(
        "SELECT count(*) FROM incidents WHERE opened_at >= ? AND opened_at < ?", span
    ).fetchone()
    return DayCounts(day, runs[0], runs[1], runs[2], changes[0], opened[0])
