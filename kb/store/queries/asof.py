"""A document as of a day, and how it stands on one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kb.changing.status import status
from kb.codes import DocumentStatus, RelationKind
from kb.config import beijing_day
from kb.sqlite import sqlite3
from kb.store.asof import InForce, OnSite, Outage, PageHistory, Seen, Text, in_force, on_site, undatable
from kb.store.queries.documents import document_id
from kb.store.queries.newest import newest_look
from kb.store.queries.relations import RelationRow, relations_of
from kb.store.queries.standing import amendments, standing_of, sufferings


@dataclass(frozen=True, slots=True)
class AsOf:
    """``document`` on ``day``. ``held_since`` is the Beijing day of the first capture. ``site`` is what the page
    ``url`` showed; ``force`` the text in force by its dates, ``None`` when none was or none can be told: ``undatable``
    where one did apply, and nobody saw when the text on the site became another. ``ended_by`` is the rule that ended this one by then; ``instead`` what applied while this one did not yet."""

    document: str
    title: str
    url: str
    day: date
    held_since: date
    status: DocumentStatus
    site: OnSite
    force: InForce | None
    undatable: bool
    ended_by: RelationRow | None
    instead: tuple[RelationRow, ...]


_PAGES = """
    SELECT p.id, p.url, p.last_good_at, p.source FROM pages p JOIN documents d ON d.id = p.document
    WHERE d.document_id = ? AND p.role = 'document'
    ORDER BY p.current_version = d.current_version DESC, p.baseline_at, p.page_id
"""

_TEXTS = """
    SELECT v.version_id, v.text_digest, v.first_seen, v.effective, c.observed_from FROM versions v
    JOIN pages p ON p.id = v.page
    LEFT JOIN changes c ON c.after_version = v.id AND c.page = v.page AND c.basis = 'comparison'
    WHERE v.page = ?1 AND (v.kind IN ('first', 'technical') OR v.id = p.current_version
      OR c.found IN ('confirmed', 'corrected') OR c.held_for = 'collapse')
    ORDER BY v.first_seen, v.id
"""

_LOOKS = """
    SELECT fetched_at FROM captures WHERE page = :page AND health = 'ok'
    UNION
    SELECT r.started_at FROM runs r JOIN pages p ON p.source = r.source
    WHERE p.id = :page AND r.origin <> 'import' AND NOT EXISTS (
      SELECT 1 FROM incidents i WHERE i.page = p.id AND i.opened_at <= coalesce(r.finished_at, r.started_at)
      AND (i.closed_at IS NULL OR i.closed_at > r.started_at))
"""
"""Captures that show a document, and the rounds of its source in which the page did not fail: a look that finds nothing
new keeps no record. An import is no look; what it brings are looks."""

_ENDING = frozenset({RelationKind.REPEALS, RelationKind.REPLACES})


_APPLYING = frozenset(
    {
        DocumentStatus.IN_FORCE,
        DocumentStatus.IN_FORCE_AMENDED,
        DocumentStatus.PARTLY_REPEALED,
        DocumentStatus.PLATFORM_CURRENT,
    }
)


def as_of(
    connection: sqlite3.Connection, identifier: str, day: date, *, clock: datetime | None = None
) -> AsOf:
    """What a document's site showed on a day, and what was in force. Raises ``NotFound``.

    The page is the one whose text stands for the document; where that was not held yet, a copy that was. A day has not
    come when it is later than the newest record and than the ``clock`` of who asks: an import that was made today records
    older days.
    """
    now = max(filter(None, (newest_look(connection), clock)), default=None)
    wanted = document_id(connection, identifier)
    answers = [
        (row["url"], history, on_site(history, day))
        for row in connection.execute(_PAGES, (wanted,)).fetchall()
        if (history := _history(connection, row, now)).texts
    ]
    url, history, site = next((each for each in answers if each[2].seen is not Seen.BEFORE), answers[0])
    relations = relations_of(connection, wanted)
    suffered = sufferings(relations.suffers)
    amended = amendments(suffered)
    force = in_force(history.texts, amended, day)
    standing = standing_of(connection, (force.text if force else site.text or history.texts[0]).version)
    stands = status(standing, suffered, day)
    unknown = stands in _APPLYING and undatable(history.texts, amended, site)
    if site.seen is Seen.BEFORE or stands not in _APPLYING or unknown:
        force = None
    return AsOf(
        document=wanted,
        title=standing.title,
        url=url,
        day=day,
        held_since=min(beijing_day(each[1].texts[0].first_seen) for each in answers),
        status=stands,
        site=site,
        force=force,
        undatable=unknown,
        ended_by=next((each for each in relations.suffers if not each.draft and _ended(each, day)), None),
        instead=tuple(each for each in relations.does if each.kind in _ENDING and each.other)
        if stands is DocumentStatus.NOT_YET_IN_FORCE
        else (),
    )


def _history(connection: sqlite3.Connection, page: sqlite3.Row, now: datetime | None) -> PageHistory:
    texts = tuple(
        Text(
            row["version_id"],
            row["text_digest"],
            datetime.fromisoformat(row["first_seen"]),
            datetime.fromisoformat(row["observed_from"]) if row["observed_from"] else None,
            _date(row["effective"]),
        )
        for row in connection.execute(_TEXTS, (page["id"],))
    )
    outages = tuple(
        Outage(datetime.fromisoformat(row[0]), datetime.fromisoformat(row[1]) if row[1] else None)
        for row in connection.execute(
            "SELECT opened_at, closed_at FROM incidents WHERE page = ? ORDER BY opened_at", (page["id"],)
        )
    )
    looks = tuple(datetime.fromisoformat(row[0]) for row in connection.execute(_LOOKS, {"page": page["id"]}))
    return PageHistory(texts, outages, datetime.fromisoformat(page["last_good_at"]), looks, now)


def _ended(relation: RelationRow, day: date) -> bool:
    since = _date(relation.effective)
    return relation.kind in _ENDING and since is not None and since <= day


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
