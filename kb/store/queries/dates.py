# ruff: noqa: S608 -- statements are put together from constants of this file
"""The days to come in documents, as facts for the calendar."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from kb.calendar.events import DocumentDates
from kb.codes import DocumentStatus, Origin, SourceLevel
from kb.regions import region_of
from kb.sqlite import sqlite3
from kb.store.keys import speaks_of_another
from kb.store.queries.standing import Life, lives

_NO_LAW = frozenset({SourceLevel.PLATFORM, SourceLevel.OFFICIAL_REPLY})
_OVER = frozenset({DocumentStatus.REPEALED, DocumentStatus.SUPERSEDED, DocumentStatus.EXPIRED})

_EXTENDS = " OR ".join(f"d.title LIKE '%{word}%'" for word in ("延长", "延期", "顺延", "推迟"))
_DOCUMENTS = f"""
    SELECT d.document_id, d.title, d.is_draft, d.effective, d.comments_until, d.transition_until, d.url,
           d.issuers, s.source_id, s.province, s.authority, s.level,
           EXISTS (SELECT 1 FROM versions v JOIN captures c ON c.capture_id IN (v.capture, v.first_capture)
                   WHERE v.id = d.current_version AND c.origin = :live) AS live,
           (SELECT json_group_array(from_id) FROM redirects
            WHERE kind = 'document' AND to_id = d.document_id ORDER BY from_id) AS former,
           (SELECT json_group_array(licence) FROM (SELECT DISTINCT licence FROM licence_tags
            WHERE target_kind = 'document' AND target_id = d.document_id ORDER BY licence)) AS licences
    FROM documents d JOIN sources s ON s.id = d.source
    WHERE s.level <> :agency
      AND d.id IN (SELECT id FROM documents WHERE effective BETWEEN :since AND :until
                   UNION SELECT id FROM documents WHERE comments_until BETWEEN :since AND :until
                   UNION SELECT id FROM documents WHERE transition_until BETWEEN :since AND :until
                   UNION SELECT id FROM documents d WHERE comments_until >= :since AND ({_EXTENDS}))
      AND (:licences = '[]' OR {_EXTENDS} OR EXISTS (
             SELECT 1 FROM licence_tags t WHERE t.target_kind = 'document' AND t.target_id = d.document_id
             AND t.licence IN (SELECT value FROM json_each(:licences))))
      AND (CASE WHEN d.is_draft THEN d.comments_until >= :since
                ELSE d.effective >= :since OR d.transition_until >= :since END)
      AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.document = d.id AND c.basis = 'publication'
                      AND c.confirmation NOT IN ('confirmed', 'corrected'))
    ORDER BY d.first_seen, d.document_id
"""


def document_dates(
    connection: sqlite3.Connection, since: date, *, until: date = date.max, licences: Iterable[str] = ()
) -> tuple[DocumentDates, ...]:
    """Documents that name a day from ``since`` on, those known longest first.

    The text that stands now counts, so that a later one supersedes the days of an earlier. Left out: articles of
    agencies, words about a rule (解读, 答记者问), publications that are not confirmed, and days on which the rule will have ended.
    ``until`` and ``licences`` (tags, as ``reached_by`` gives them) leave out what names no day up to then and what has none
    of the tags; a notice that gives more time for comments is never left out, for it moves the day of another document.
    """
    asked = {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "licences": json.dumps(sorted(licences)),
        "live": Origin.LIVE,
        "agency": SourceLevel.AGENCY,
    }
    rows = connection.execute(_DOCUMENTS, asked).fetchall()
    found = [_dates(row) for row in rows if not speaks_of_another(row["title"])]
    known = lives(connection, (each.document for each in found))
    standing = (_of_its_life(known[each.document], each) for each in found)
    return tuple(each for each in standing if any(day >= since for day in _days(each)))


def _of_its_life(life: Life, dates: DocumentDates) -> DocumentDates:
    """Without the days on which the document will have ended."""

    def kept(day: date | None) -> date | None:
        return None if day is None or life.on(day) in _OVER else day

    return replace(
        dates,
        effective=kept(dates.effective),
        comments_until=kept(dates.comments_until),
        transition_until=kept(dates.transition_until),
    )


def _days(dates: DocumentDates) -> list[date]:
    said = [dates.comments_until] if dates.is_draft else [dates.effective, dates.transition_until]
    return [day for day in said if day]


def _dates(row: sqlite3.Row) -> DocumentDates:
    return DocumentDates(
        document=row["document_id"],
        title=row["title"],
        is_draft=bool(row["is_draft"]),
        effective=_day(row["effective"]),
        comments_until=_day(row["comments_until"]),
        transition_until=_day(row["transition_until"]),
        licences=_list(row["licences"]),
        source=row["source_id"],
        province=region_of(row["province"], _list(row["issuers"]), row["authority"]),
        url=row["url"],
        live=bool(row["live"]),
        is_law=SourceLevel(row["level"]) not in _NO_LAW,
        former=_list(row["former"]),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
