"""One page, look after look: archive -> reading -> timeline -> rows. Runs inside the transaction of its caller."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime

from kb.archive import Failed, ListedItem, RecordRef, Seen
from kb.codes import Health, Origin, PageRole
from kb.errors import TornRecord
from kb.model import instant, page_id
from kb.sqlite import sqlite3
from kb.store.changebook import ChangeBook
from kb.store.judging import Judgement
from kb.store.keys import number_key, text_key, title_core, title_key
from kb.store.listings import ListBook
from kb.store.looking import Archive, Look
from kb.store.pagebook import PageBook
from kb.store.report import IngestReport, SourceCounts
from kb.store.rows import insert
from kb.store.serial import dumps, page_state_from_json, page_state_to_json
from kb.store.sightings import (
    AbsenceReached,
    Bad,
    BaselineConfirmed,
    ChangeConfirmed,
    ChangeDoubted,
    ChangeHeld,
    ChangeObserved,
    ChangeSwallowed,
    CurrentVersion,
    Event,
    Good,
    IncidentChanged,
    IncidentClosed,
    PageState,
    Sighting,
    VersionAdvanced,
    VersionStarted,
)
from kb.store.tail import Entry
from kb.store.timeline import observe


@dataclass(slots=True)
class Touched:
    """What a batch moved, so that only this is settled again: rowids of pages whose text, changes or parent moved, of
    pages whose baseline was confirmed, of sources, page ids that lists began or ceased to name, and the cores of titles
    that pages had before."""

    pages: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    cores: set[str] = field(default_factory=set)

    def page(self, connection: sqlite3.Connection, page: int) -> None:
        """Note a page whose text moves, with the title it has had so far."""
        self.pages.add(page)
        (core,) = connection.execute("SELECT title_core FROM pages WHERE id = ?", (page,)).fetchone()
        self.cores.add(core)


class PageWork:
    """Applies the looks at one page in the order of their time, then saves what is remembered of it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        archive: Archive,
        *,
        source: int,
        first: Entry,
        report: IngestReport,
        touched: Touched,
    ) -> None:
        self.connection, self.archive, self.report, self.touched = connection, archive, report, touched
        self.page, self.role = _page_row(connection, source, first)
        self.book = PageBook(connection, page=self.page, source=source, role=self.role)
        self.changes = ChangeBook(connection, page=self.page, source=source, role=self.role)
        self.judgement = Judgement(connection, archive, self.role)
        self.state, self.last_capture, self.high_water = self._remembered(first.event.page)
        self.entry = first
        self.keyed = self.state.confirmed

    @property
    def counts(self) -> SourceCounts:
        return self.report.of(self.archive.source.id)

    def _remembered(self, page: str) -> tuple[PageState, str, str]:
        row = self.connection.execute(
            "SELECT s.state, s.last_capture, s.high_water, p.last_good_at FROM page_states s"
            " JOIN pages p ON p.id = s.page WHERE s.page = ?",
            (self.page,),
        ).fetchone()
        if row is None:
            return PageState(page), "", ""
        return page_state_from_json(row[0], row[3]), row[1], row[2]

    def apply(self, entry: Entry) -> None:
        """One look. Entries must come in the order of their keys."""
        self.entry, self.high_water = entry, entry.key
        sighting = self._sighting(entry)
        if sighting is None:
            return
        previous = self.state.last_good_at
        try:
            self.state, events = observe(self.state, sighting, self.judgement)
        except TornRecord as error:
            sighting = self._torn(error, entry)
            self.state, events = observe(self.state, sighting, self.judgement)
        for event in events:
            self._write(event)
            if isinstance(event, BaselineConfirmed):
                self.touched.confirmed.add(self.page)
            elif not isinstance(event, IncidentChanged | IncidentClosed | AbsenceReached):
                self.touched.page(self.connection, self.page)
        self.connection.execute(
            "UPDATE pages SET last_seen = ?, last_good_at = ?, health = ? WHERE id = ?",
            (
                instant(entry.at),
                _instant(self.state.last_good_at),
                self.state.trouble.health if self.state.trouble else Health.OK,
                self.page,
            ),
        )
        self._names(entry.event)
        if isinstance(sighting, Good) and isinstance(entry.event, Seen) and entry.event.items is not None:
            self._list(entry.event.items, sighting.at, previous)

    def save(self, applied: str) -> None:
        """Keep the state for the next batch; ``applied`` says which offsets beyond the cursors are in it (JSON)."""
        self.connection.execute(
            "INSERT OR REPLACE INTO page_states (page, state, attention, last_capture, high_water, applied)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                self.page,
                page_state_to_json(self.state),
                int(self.state.needs_attention),
                self.last_capture,
                self.high_water,
                applied,
            ),
        )
        if self.role is PageRole.DOCUMENT and self.state.confirmed and self.state.confirmed != self.keyed:
            document = self.judgement.of(self.state.confirmed)
            self.connection.execute(
                "UPDATE pages SET number_key = ?, text_key = ?, title_key = ?, title_core = ? WHERE id = ?",
                (
                    number_key(document),
                    text_key(document),
                    title_key(document),
                    title_core(document.title),
                    self.page,
                ),
            )

    # ------------------------------------------------------------------ what was seen

    def _sighting(self, entry: Entry) -> Sighting | None:
        event, origin = entry.event, entry.run.origin
        if isinstance(event, Failed):
            self.counts.failed += 1
            return Bad(event.at, event.health, (event.reason,), key=instant(event.at), origin=origin)
        self.counts.seen += 1
        if event.record is None:
            self.counts.unchanged += 1
            return self._same_as_before(event, origin)
        known = self.connection.execute("SELECT 1 FROM captures WHERE capture_id = ?", (event.capture,))
        if known.fetchone():
            self.counts.skipped += 1
            return None
        self.counts.kept += 1
        return self._kept(event, event.record, entry)

    def _kept(self, event: Seen, record: RecordRef, entry: Entry) -> Sighting:
        try:
            capture = self.archive.capture(record, self.role, entry.run.origin)
        except TornRecord as error:
            return self._torn(error, entry)
        if event.final_url and event.final_url != event.url:
            answered_by = ("Content-Location", event.final_url)
            capture = replace(capture, headers=(*capture.headers, answered_by))
        history = self.judgement.history(self.state.confirmed)
        look = self._counted(event, self.archive.look(capture, history=history))
        self.book.capture(capture, event, record, entry, look)
        self.last_capture = event.capture
        if look.document is not None:
            self.judgement.remember(event.capture, look.document)
        if look.health is not Health.OK:
            return Bad(
                event.fetched_at,
                look.health,
                look.reasons,
                event.capture,
                event.capture,
                capture.origin,
                look.digest,
            )
        return Good(event.fetched_at, event.capture, event.capture, look.digest, capture.origin)

    def _torn(self, error: TornRecord, entry: Entry) -> Bad:
        self.report.problems.append(str(error))
        return Bad(entry.at, Health.TRUNCATED, (error.what,), key=instant(entry.at), origin=entry.run.origin)

    def _counted(self, event: Seen, look: Look) -> Look:
        """A list that names fewer or more documents than its declaration expects has drifted."""
        rules = self.archive.source.list
        if look.health is not Health.OK or rules is None or event.items is None:
            return look
        count = len(event.items)
        if rules.min_items <= count <= rules.max_items:
            return look
        reason = f"名单取到 {count} 条，应为 {rules.min_items} 至 {rules.max_items} 条"
        return Look(Health.BODY_GONE, (reason,), look.encoding)

    def _same_as_before(self, event: Seen, origin: Origin) -> Sighting | None:
        row = self.connection.execute(
            "SELECT health, document_digest FROM captures WHERE capture_id = ? AND page = ?",
            (event.capture, self.page),
        ).fetchone()
        if row is None:
            self.counts.skipped += 1
            self.report.problems.append(f"{event.url}：所指的留存 {event.capture} 尚未读到，这次查看未计入")
            return None
        self.last_capture = event.capture
        key = f"{event.capture}@{instant(event.fetched_at)}"
        if row[0] == Health.OK:
            return Good(event.fetched_at, event.capture, key, row[1], origin)
        return Bad(event.fetched_at, Health(row[0]), (), event.capture, key, origin, row[1])

    def _names(self, event: Seen | Failed) -> None:
        row = tuple(
            self.connection.execute(
                "SELECT title, parent, aliases FROM pages WHERE id = ?", (self.page,)
            ).fetchone()
        )
        named = event.aliases if isinstance(event, Seen) else ()
        aliases = dumps(sorted({*json.loads(row[2]), *named})) if named else row[2]
        values = (event.title or row[0], event.parent or row[1], aliases)
        if values != row:
            self.connection.execute(
                "UPDATE pages SET title = ?, parent = ?, aliases = ? WHERE id = ?", (*values, self.page)
            )
            self.touched.pages.add(self.page)

    def _list(self, items: tuple[ListedItem, ...], at: datetime, previous: datetime | None) -> None:
        named = {page_id(self.archive.source.id, item.url): item for item in items}
        self.touched.listed |= ListBook(self.connection, self.page).name(named, at, previous)

    # ------------------------------------------------------------------ what happened

    def _write(self, event: Event) -> None:  # one line for each kind of event
        match event:
            case VersionStarted() | VersionAdvanced() | CurrentVersion() if self.role is PageRole.LIST:
                pass
            case VersionStarted():
                self.counts.versions += 1
                self.book.start_version(event, self.judgement.shown(event.good))
            case VersionAdvanced():
                self.counts.noise += 1
                self.book.advance_version(event, self.judgement.shown(event.good))
            case CurrentVersion():
                self.book.set_current(event.version)
            case BaselineConfirmed():
                self.book.confirm_baseline(event)
            case ChangeObserved():
                self.counts.changes += 1
                self.report.changed(event.change)
                self.changes.observe(event, self.judgement.shown(event.good), self.entry)
            case ChangeConfirmed():
                self.report.changed(event.change)
                self.changes.confirm(event)
            case ChangeHeld() | ChangeDoubted():
                self.changes.hold(event)
            case ChangeSwallowed():
                self.changes.swallow(event)
            case IncidentChanged():
                self.counts.incidents_opened += event.trouble.occurrences == 1
                self.book.incident(event)
            case IncidentClosed():
                self.counts.incidents_closed += 1
                self.book.close_incident(event)
            case AbsenceReached():
                self.book.absence(event, self.state.last_good_at, self.entry)


def _page_row(connection: sqlite3.Connection, source: int, first: Entry) -> tuple[int, PageRole]:
    """The page's row and role, begun at its first look; an erased one begins anew. A later look changes no role."""
    event, at = first.event, instant(first.at)
    row = connection.execute(
        "SELECT id, first_seen, role FROM pages WHERE page_id = ?", (event.page,)
    ).fetchone()
    values = {"url": event.url, "role": event.role, "first_seen": at, "last_seen": at}
    if row is None:
        return insert(connection, "pages", {"page_id": event.page, "source": source, **values}), event.role
    if row[1]:
        return int(row[0]), PageRole(row[2])
    connection.execute(
        "UPDATE pages SET url = ?, role = ?, first_seen = ?, last_seen = ? WHERE id = ?",
        (*values.values(), row[0]),
    )
    return int(row[0]), event.role


def _instant(moment: datetime | None) -> str | None:
    return instant(moment) if moment else None
