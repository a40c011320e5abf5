"""What is new in the run logs of one source, divided into pages and applied to kb.db."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from json import loads
from typing import Any

from kb.archive import Seen
from kb.model import instant
from kb.sqlite import sqlite3
from kb.store.declared import rules_today, tagging_today
from kb.store.diverging import look_again_at_divergences
from kb.store.erase import erase_page
from kb.store.looking import Archive
from kb.store.pagework import PageWork, Touched
from kb.store.report import IngestReport
from kb.store.runbook import RunBook
from kb.store.serial import dumps
from kb.store.settle import settle
from kb.store.tail import Entry, read_logs
from kb.store.transaction import transaction
from kb.store.unasked import close_unasked

PAGES = 50
"""Pages derived in one transaction: enough to make commits cheap, few enough to lose little."""

Looks = dict[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What ``page_states`` says of a page; ``applied``, in JSON, is how far beyond the cursors its looks are applied."""

    page: int
    attention: int
    last_capture: str
    high_water: str
    applied: Mapping[str, int]


class SourceBatch:
    """Reads the logs when made; ``run`` applies them. ``looks`` counts the new looks."""

    def __init__(self, connection: sqlite3.Connection, archive: Archive, report: IngestReport) -> None:
        self.connection, self.archive, self.report = connection, archive, report
        self.source = archive.source
        row = connection.execute(
            "SELECT id, derived_under, tagged_under FROM sources WHERE source_id = ?", (self.source.id,)
        ).fetchone()
        self.rowid: int = row[0]
        cursors = connection.execute("SELECT file, position FROM cursors WHERE source = ?", (self.source.id,))
        self.cursors = dict(cursors.fetchall())
        self.parts = list(read_logs(archive.folder, self.cursors))
        self.looks = sum(len(part.entries) for part in self.parts)
        today = (rules_today(self.source), tagging_today())
        self.reread = bool(self.cursors) and (row[1], row[2]) != today

    def run(self, step: Callable[[int], None]) -> None:
        """Raises ``DeclarationError`` or ``ReadingError`` when the declaration cannot be used."""
        if not self.parts and not self.reread:
            return
        held = self._remembered()
        looks, stale = self._looks(held)
        quick, slow = _divide(looks, held, stale)
        pages = sorted(slow)
        while pages:
            group, pages = pages[:PAGES], pages[PAGES:]
            with transaction(self.connection):
                self._derive({page: slow[page] for page in group}, held, stale)
            step(sum(len(slow[page]) for page in group))
        with transaction(self.connection):
            self._look_again(quick, held)
            self._close_books()
        step(sum(len(entries) for entries in quick.values()))

    # ------------------------------------------------------------------ which looks

    def _remembered(self) -> dict[str, Remembered]:
        rows = self.connection.execute(
            "SELECT p.page_id, s.page, s.attention, s.last_capture, s.high_water, s.applied FROM page_states s"
            " JOIN pages p ON p.id = s.page WHERE p.source = ?",
            (self.rowid,),
        )
        return {row[0]: Remembered(row[1], row[2], row[3], row[4], loads(row[5])) for row in rows}

    def _looks(self, held: Mapping[str, Remembered]) -> tuple[Looks, set[str]]:
        """The looks to apply by page, in order, and the pages that must be derived again from all their looks."""
        looks: Looks = {}
        stale = set(held) if self.reread else set()
        for part in self.parts:
            for entry in part.entries:
                page = entry.event.page
                known = held.get(page)
                if known is not None and entry.end <= known.applied.get(entry.file, 0):
                    continue
                looks.setdefault(page, []).append(entry)
                if known is not None and entry.key < known.high_water:
                    stale.add(page)
        if stale:
            looks.update(self._all_looks(stale))
        for entries in looks.values():
            entries.sort(key=lambda entry: entry.key)
        return looks, stale

    def _all_looks(self, pages: set[str]) -> Looks:
        until = self.cursors | {part.file: part.position for part in self.parts}
        looks: Looks = {page: [] for page in pages}
        for part in read_logs(self.archive.folder, {}, until=until):
            for entry in part.entries:
                if entry.event.page in pages:
                    looks[entry.event.page].append(entry)
        return looks

    # ------------------------------------------------------------------ applying them

    def _derive(self, looks: Looks, held: Mapping[str, Remembered], stale: set[str]) -> None:
        touched = Touched(sources={self.rowid})
        for page, entries in looks.items():
            if page in stale:
                touched.page(self.connection, held[page].page)
                touched.listed |= erase_page(self.connection, held[page].page)
            if entries:
                work = PageWork(
                    self.connection,
                    self.archive,
                    source=self.rowid,
                    first=entries[0],
                    report=self.report,
                    touched=touched,
                )
                for entry in entries:
                    work.apply(entry)
                work.save(_applied(entries))
        settle(self.connection, touched, self.report)

    def _look_again(self, looks: Looks, held: Mapping[str, Remembered]) -> None:
        """Pages that showed what they showed before: only the times move."""
        counts = self.report.of(self.source.id)
        counts.seen += (number := sum(len(entries) for entries in looks.values()))
        counts.unchanged += number
        last = [(held[page], entries[-1]) for page, entries in looks.items()]
        self.connection.executemany(
            "UPDATE pages SET last_seen = ?1, last_good_at = ?1 WHERE id = ?2",
            ((instant(entry.at), known.page) for known, entry in last),
        )
        self.connection.executemany(
            "UPDATE page_states SET high_water = ? WHERE page = ?",
            ((entry.key, known.page) for known, entry in last),
        )
        look_again_at_divergences(self.connection, [known.page for known, _ in last], self.report)

    def _close_books(self) -> None:
        book = RunBook(self.connection, self.rowid, self.source.id, self.report)
        for part in self.parts:
            book.write(part)
        book.close_faults()
        close_unasked(self.connection, self.archive, self.rowid)
        self.connection.execute(
            "UPDATE sources SET derived_under = ?, tagged_under = ? WHERE id = ?",
            (rules_today(self.source), tagging_today(), self.rowid),
        )


def _divide(looks: Looks, held: Mapping[str, Remembered], stale: set[str]) -> tuple[Looks, Looks]:
    """Looks that only say "as before", and those that need the timeline."""
    quick = {
        page: entries
        for page, entries in looks.items()
        if page in held and page not in stale and _as_before(entries, held[page])
    }
    return quick, {page: entries for page, entries in looks.items() if page not in quick}


def _as_before(entries: Iterable[Entry], known: Remembered) -> bool:
    return not known.attention and all(
        isinstance(entry.event, Seen)
        and entry.event.record is None
        and not entry.event.aliases
        and entry.event.capture == known.last_capture
        for entry in entries
    )


def _applied(entries: Iterable[Entry]) -> str:
    ends: dict[str, Any] = {}
    for entry in entries:
        ends[entry.file] = max(entry.end, ends.get(entry.file, 0))
    return dumps(ends)
