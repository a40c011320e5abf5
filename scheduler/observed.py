"""What kb.db says, read as the facts that the pure modules decide from. Read-only; the store alone writes there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from kb.calendar import DocumentDates
from kb.codes import (
    ChangeKind,
    Confirmation,
    DecisionKind,
    Flag,
    Health,
    HeldFor,
    Origin,
    Significance,
    SourceLevel,
)
from kb.model import instant
from kb.regions import region_of
from kb.sources import Source
from kb.store.connection import open_reader
from kb.store.decided import RELEASING
from kb.store.queries import document_dates, passages_of, tags_of
from kb.store.queries.filings import rows_of_change
from scheduler.facts import ChangeFacts, IncidentFacts, LookFacts, ProvisionalFacts, SourceFacts

Noted = Mapping[str, tuple[datetime, bool]]

_CHANGES = """
SELECT c.*, p.page_id, p.url, s.source_id, s.title AS source_title, s.authority, s.level, s.province,
  after.doc_number, after.effective AS after_effective, after.comments_until, after.is_draft, coalesce(whole.issuers, after.issuers, before.issuers, '[]') AS issuers,
  coalesce(whole.title, parent.title) AS parent_title, after.capture AS capture_after, before.capture AS capture_before, shown.body_digest
FROM changes AS c JOIN pages AS p ON p.id = c.page JOIN sources AS s ON s.id = c.source
LEFT JOIN versions AS after ON after.id = c.after_version LEFT JOIN versions AS before ON before.id = c.before_version
LEFT JOIN captures AS shown ON shown.capture_id = after.capture
LEFT JOIN pages AS parent ON p.parent <> '' AND parent.page_id = p.parent
LEFT JOIN versions AS whole ON whole.id = parent.current_version
"""
_INCIDENTS = """
SELECT i.*, s.source_id, s.title AS source_title, s.homepage, s.licences, s.province, p.url, p.title AS page_title, p.role,
  p.last_good_at, (SELECT capture FROM versions WHERE id = p.current_version) AS last_good_capture,
  (SELECT max(last_good_at) FROM pages WHERE source = s.id) AS source_good_at,
  (i.page IS NULL OR p.role = 'list') AND (i.closed_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM pages AS q WHERE q.source = s.id AND q.id IS NOT i.page AND (q.role = 'list' OR i.page IS NULL)
    AND NOT EXISTS (SELECT 1 FROM incidents AS j WHERE j.page = q.id AND j.closed_at IS NULL)
    AND q.last_good_at >= coalesce(
      (SELECT max(started_at) FROM runs WHERE source = s.id AND started_at <= i.opened_at), i.opened_at))) AS whole
FROM incidents AS i JOIN sources AS s ON s.id = i.source LEFT JOIN pages AS p ON p.id = i.page
"""

_LOOKED = """
SELECT s.source_id, max(p.last_good_at) AS good, min((SELECT min(fetched_at) FROM captures
  WHERE page = p.id AND health = 'ok')) AS first_good,
  EXISTS (SELECT 1 FROM runs AS r WHERE r.source = s.id AND r.origin <> 'import' AND r.started_at >= :since
    AND r.status IN ('ok', 'partial')
    AND coalesce(r.counts ->> 'requested', 0) >= coalesce(:starts ->> ('$."' || s.source_id || '"'), 1)) AS ran
FROM sources AS s JOIN pages AS p ON p.source = s.id
WHERE p.role = 'list' OR (p.parent = '' AND NOT EXISTS (SELECT 1 FROM pages AS l WHERE l.source = s.id AND l.role = 'list'))
GROUP BY s.source_id
"""

_DECIDED = """
SELECT c.change_id FROM changes AS c WHERE c.confirmation = ? AND EXISTS (
  SELECT 1 FROM decisions AS d WHERE d.kind IN (SELECT value FROM json_each(?)) AND d.about IN ('', c.words_key)
  AND (d.subject = c.change_id
    OR d.subject IN (SELECT from_id FROM redirects WHERE to_id = c.change_id AND kind = 'change')))
"""


class Observed:
    """A reader of one kb.db; close it, or use it as a context manager. Raises ``NotFound`` without a kb.db."""

    def __init__(self, kb: Path) -> None:
        self.connection = open_reader(kb)

    def __enter__(self) -> Observed:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def _rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[Any]:
        return self.connection.execute(sql, tuple(parameters)).fetchall()

    def source_facts(self, sources: Mapping[str, Source], tried: Noted, now: datetime) -> list[SourceFacts]:
        """For the planner, enabled sources only. ``tried``: our own notes, which know of runs that left no trace.

        What lies after ``now`` was noted by a clock that was wrong, and does not count.
        """
        rows = self._rows(
            "SELECT s.source_id, max(r.started_at) AS last FROM runs AS r JOIN sources AS s ON s.id = r.source"
            " WHERE r.origin <> 'import' AND r.started_at <= ? GROUP BY s.source_id",
            (instant(now),),
        )
        last = {row["source_id"]: datetime.fromisoformat(row["last"]) for row in rows}
        blind = {i.source for i in self.incidents("i.closed_at IS NULL") if i.whole_source}
        facts = []
        for source in (source for source in sources.values() if source.enabled):
            noted, failed = tried.get(source.id, (None, False))
            attempts = [moment for moment in (last.get(source.id), noted) if moment and moment <= now]
            facts.append(
                SourceFacts(
                    source.id,
                    source.period_hours,
                    max(attempts, default=None),
                    failed or source.id in blind,
                )
            )
        return facts

    def provisional(self) -> list[ProvisionalFacts]:
        """Live changes that wait for their second look; what we noted about looks is not in kb.db. Copies that differ
        wait for the regular look at both."""
        rows = self._rows(
            _CHANGES
            + "WHERE c.confirmation = ? AND c.origin = ? AND c.basis <> 'copies' ORDER BY c.observed_to, c.change_id",
            (Confirmation.PROVISIONAL, Origin.LIVE),
        )
        return [
            ProvisionalFacts(
                row["change_id"],
                row["source_id"],
                row["url"],
                datetime.fromisoformat(row["observed_to"]),
                confirm_from=_moment(row["confirm_from"]),
            )
            for row in rows
        ]

    def alertable(self) -> dict[str, str]:
        """Ids of all confirmed changes observed live, oldest first, each with its page."""
        rows = self._rows(
            "SELECT c.change_id, p.page_id FROM changes AS c JOIN pages AS p ON p.id = c.page"
            " WHERE c.confirmation = ? AND c.origin = ? ORDER BY c.observed_to, c.change_id",
            (Confirmation.CONFIRMED, Origin.LIVE),
        )
        return {row["change_id"]: row["page_id"] for row in rows}

    def revealed(self, before: datetime) -> frozenset[str]:
        """Confirmed live changes of long ago that today's rules find on pages fetched under other rules."""
        rows = self._rows(
            "SELECT c.change_id FROM changes AS c JOIN sources AS s ON s.id = c.source WHERE c.confirmation = ?"
            " AND c.found = c.confirmation AND c.origin = ? AND c.rules <> '' AND c.rules <> s.rules"
            " AND c.confirmed_at < ?",
            (Confirmation.CONFIRMED, Origin.LIVE, instant(before)),
        )
        return frozenset(row["change_id"] for row in rows)

    def held(self) -> dict[str, HeldFor]:
        """Changes that wait for a person, oldest first, and why. A change that went away and came again in the same
        words waits no more: the later one is told, or waits itself."""
        rows = self._rows(
            "SELECT change_id, held_for FROM changes AS c WHERE confirmation = ? AND NOT (held_for = ? AND EXISTS ("
            "  SELECT 1 FROM changes AS d WHERE d.page = c.page AND d.basis = c.basis AND d.words_key = c.words_key"
            "  AND d.observed_to > c.observed_to)) ORDER BY observed_to, change_id",
            (Confirmation.HELD, HeldFor.FLIP),
        )
        return {row["change_id"]: HeldFor(row["held_for"]) for row in rows}

    def tagged(self) -> dict[str, dict[str, str]]:
        """Of all confirmed changes observed live: their licence types, each with the rule that gave it."""
        found: dict[str, dict[str, str]] = {change: {} for change in self.alertable()}
        for row in self._rows(
            "SELECT target_id, licence, rule FROM licence_tags WHERE target_kind = 'change' ORDER BY id"
        ):
            if row["target_id"] in found:
                found[row["target_id"]].setdefault(row["licence"], row["rule"])
        return found

    def words_key(self, change: str) -> str:
        """Names the words of a change; empty where it has none, or is not there."""
        rows = self._rows("SELECT words_key FROM changes WHERE change_id = ?", (change,))
        return rows[0]["words_key"] if rows else ""

    def released(self) -> frozenset[str]:
        """Ids of confirmed changes that a person let out."""
        rows = self._rows(_DECIDED, (Confirmation.CONFIRMED, json.dumps(sorted(RELEASING))))
        return frozenset(row["change_id"] for row in rows)

    def accepted(self) -> frozenset[str]:
        """What a person accepted of today's reading: ids of changes that it no longer finds."""
        rows = self._rows("SELECT subject FROM decisions WHERE kind = ?", (DecisionKind.DERIVATION_ACCEPTED,))
        return frozenset(row["subject"] for row in rows)

    def changes(self, ids: Iterable[str]) -> list[ChangeFacts]:
        """In the order of the ids; an id that was swallowed since is left out."""
        found = []
        for change in ids:
            found += [self._change(row) for row in self._rows(_CHANGES + "WHERE c.change_id = ?", (change,))]
        return found

    def changes_of(
        self, source: str, *, first_seen_from: datetime, last_old_until: datetime
    ) -> list[ChangeFacts]:
        """Changes of a source whose observed window reaches from before one instant to after another."""
        rows = self._rows(
            _CHANGES + "WHERE s.source_id = ? AND c.observed_to >= ? AND (c.observed_from IS NULL OR"
            " c.observed_from <= ?) AND c.kind NOT IN ('baseline', 'technical') ORDER BY c.observed_to",
            (source, instant(first_seen_from), instant(last_old_until)),
        )
        return [self._change(row) for row in rows]

    def incidents(self, where: str = "1", parameters: Iterable[Any] = ()) -> list[IncidentFacts]:
        rows = self._rows(f"{_INCIDENTS} WHERE {where} ORDER BY i.opened_at, i.incident_id", parameters)
        return [_incident(row) for row in rows]

    def last_good(self) -> dict[str, datetime]:
        """When the way into each source (its lists, or its pages where it has no list) was last seen well."""
        return {
            row["source_id"]: datetime.fromisoformat(row["good"]) for row in self._ways_in(()) if row["good"]
        }

    def looked(self, sources: Mapping[str, Source], since: datetime, now: datetime) -> LookFacts:
        """What of ``sources`` was looked at since an instant.

        A source was seen when a regular live run saw a way into it and nothing blinds it; it was due when it was seen
        or when its period has passed without. A second look at a page and an import are no look at the source.
        """
        ways = {row["source_id"]: row for row in self._ways_in(sources.values(), since)}
        blind = {i.source for i in self.incidents("i.closed_at IS NULL") if i.whole_source}
        begin = instant(since)
        seen, late, first = set(), set(), 0
        for source in (source for source in sources.values() if source.enabled):
            way = ways.get(source.id)
            if way and way["ran"] and source.id not in blind and (way["good"] or "") >= begin:
                seen.add(source.id)
                first += (way["first_good"] or begin) >= begin
            elif not way or (way["good"] or "") < instant(now - timedelta(hours=source.period_hours)):
                late.add(source.id)
        late |= blind & {source.id for source in sources.values() if source.enabled}
        ((pages,),) = self._rows(
            "SELECT count(*) FROM pages AS p JOIN sources AS s ON s.id = p.source WHERE p.last_good_at >= ?"
            " AND p.health = 'ok' AND s.source_id IN (SELECT value FROM json_each(?))",
            (begin, json.dumps(list(sources))),
        )
        not_seen = tuple(source.title for source in sources.values() if source.id in late)
        return LookFacts(len(seen | late), len(seen), pages, not_seen, first)

    def _ways_in(self, sources: Iterable[Source], since: datetime | None = None) -> list[Any]:
        starts = json.dumps({source.id: len(source.start) for source in sources})
        return self.connection.execute(
            _LOOKED, {"since": instant(since) if since else "", "starts": starts}
        ).fetchall()

    def unsettled(self) -> list[ChangeFacts]:
        """Live changes that are not told: those that wait for a second look, and those held back for a person."""
        rows = self._rows(
            _CHANGES
            + "WHERE c.origin = ? AND c.confirmation IN (?, ?) AND c.kind NOT IN ('baseline', 'technical')"
            " ORDER BY c.observed_to, c.change_id",
            (Origin.LIVE, Confirmation.PROVISIONAL, Confirmation.HELD),
        )
        return [self._change(row) for row in rows]

    def undone(self) -> frozenset[str]:
        """Ids of the changes that a confirmed later change of the site took back."""
        rows = self._rows(
            "SELECT reverts FROM changes WHERE reverts IS NOT NULL AND confirmation = ?",
            (Confirmation.CONFIRMED,),
        )
        return frozenset(row["reverts"] for row in rows)

    def looked_again(self, page: str, after: datetime) -> bool:
        """Whether this knowledge base holds a good look at a page after an instant."""
        return bool(
            self._rows("SELECT 1 FROM pages WHERE page_id = ? AND last_good_at > ?", (page, instant(after)))
        )

    def successor(self, change: str) -> str:
        """The id that an id was redirected to, or the id itself."""
        rows = self._rows("SELECT to_id FROM redirects WHERE from_id = ? AND kind = 'change'", (change,))
        return rows[0]["to_id"] if rows else change

    def document_dates(self, since: date) -> tuple[DocumentDates, ...]:
        """Documents that name a day from ``since`` on."""
        return document_dates(self.connection, since)

    def _change(self, row: Any) -> ChangeFacts:
        kind = ChangeKind(row["kind"])
        return ChangeFacts(
            id=row["change_id"],
            page=row["page_id"],
            url=row["url"],
            source=row["source_id"],
            source_title=row["source_title"],
            authority=row["authority"],
            level=SourceLevel(row["level"]),
            title=row["parent_title"] or row["title"],
            kind=kind,
            significance=Significance(row["significance"]),
            confirmation=Confirmation(row["confirmation"]),
            origin=Origin(row["origin"]),
            headline=row["headline"],
            new_seen=datetime.fromisoformat(row["observed_to"]),
            old_seen=_moment(row["observed_from"]),
            confirmed_at=_moment(row["confirmed_at"]),
            flags=frozenset(Flag(flag) for flag in json.loads(row["flags"])),
            doc_number=row["doc_number"] or "",
            passages=passages_of(self.connection, row["id"]),
            tags=tags_of(self.connection, "change", row["change_id"]),
            effective=_day(
                row["effective"] or (row["after_effective"] if kind is not ChangeKind.REPEALED else None)
            ),
            comments_until=_day(row["comments_until"]),
            is_draft=bool(row["is_draft"]) or kind in {ChangeKind.DRAFT_PUBLISHED, ChangeKind.DRAFT_REOPENED},
            capture_before=row["capture_before"] or "",
            capture_after=row["capture_after"] or "",
            digest_after=row["body_digest"] or "",
            undoes=row["reverts"] or "",
            reason=row["reason"],
            held_for=HeldFor(row["held_for"]) if row["held_for"] else None,
            rows=rows_of_change(self.connection, row["change_id"], kind),
            part=row["title"] if row["parent_title"] else "",
            region=region_of(row["province"], json.loads(row["issuers"]), row["authority"]),
        )


def _incident(row: Any) -> IncidentFacts:
    whole = bool(row["whole"])
    return IncidentFacts(
        id=row["incident_id"],
        source=row["source_id"],
        source_title=row["source_title"],
        url=row["url"] or row["homepage"],
        health=Health(row["health"]),
        reason="；".join(json.loads(row["reasons"])),
        opened_at=datetime.fromisoformat(row["opened_at"]),
        last_at=datetime.fromisoformat(row["last_seen"]),
        times=row["occurrences"],
        closed_at=_moment(row["closed_at"]),
        last_good_at=_moment(row["last_good_at"] or (row["source_good_at"] if whole else None)),
        last_good_capture=row["last_good_capture"] or "",
        licences=tuple(json.loads(row["licences"])),
        whole_source=whole,
        page_title=row["page_title"] or "",
        region=region_of(row["province"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
