"""Copies of one document that say different things: since when, until when, and in which clauses. Pure in the set: told
from the confirmed texts of both pages in the order in which the sites showed them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.changing.copies import differing_clauses
from kb.changing.labels import label
from kb.codes import ChangeKind, Confirmation, Origin, Significance, SourceLevel, VersionKind
from kb.model import Comparison, Document, PassageChange, change_id, instant, stable_id
from kb.sqlite import sqlite3
from kb.store.report import IngestReport
from kb.store.rows import delete_changes, insert, write_change
from kb.store.serial import document_from_json, dumps
from kb.tagging import tag

LAG = timedelta(days=1)
"""Sites are looked at in turn: of a rule that was amended everywhere on one day they differ for hours in our eyes. It is a
divergence once the other copy was seen as it was a day later."""


@dataclass(frozen=True, slots=True)
class Told:
    """One confirmed text of a page. ``moved``: the site itself moved to it, live or in an import; a first text and a
    new reading of ours are no movement."""

    version: int
    first_capture: str
    first_seen: str
    document: Document
    kind: VersionKind
    origin: Origin
    rules: str
    observed_from: str | None
    confirmed_at: str | None

    @property
    def moved(self) -> bool:
        return self.kind is VersionKind.CHANGE


@dataclass(frozen=True, slots=True)
class Copy:
    """``last_shown``: the last look that showed the last of its texts, not one that still waits to be confirmed."""

    page: int
    page_id: str
    source: int
    source_title: str
    level: SourceLevel
    authority: str
    last_shown: str
    told: tuple[Told, ...]


@dataclass(slots=True)
class Interval:
    """A time in which two copies differ. ``began`` is the text with which it began, and whether the copy moved to it;
    ``own`` and ``other`` the last texts of the standing page and of the copy in it; ``ended`` likewise the text that
    made both alike."""

    began: Told
    copy_began: bool
    own: Told
    other: Told
    clauses: tuple[PassageChange, ...]
    ended: Told | None = None
    copy_ended: bool = False

    @property
    def until(self) -> str | None:
        return self.ended.first_seen if self.ended else None

    @property
    def sure_from(self) -> str:
        return instant(datetime.fromisoformat(self.began.first_seen) + LAG)

    def outlasts_the_lag(self, standing: Copy, copy: Copy) -> bool:
        """Whether the page that did not move was seen to differ still, a day on."""
        if self.ended is None:
            return (standing if self.copy_began else copy).last_shown >= self.sure_from
        if self.copy_ended is self.copy_began:
            return self.ended.first_seen >= self.sure_from
        return (self.ended.observed_from or "") >= self.sure_from


_COPIES = """
    SELECT p.id, p.page_id, p.source, s.title, s.level, s.authority, coalesce((SELECT min(c.observed_from) FROM changes c
             WHERE c.page = p.id AND c.basis = 'comparison' AND c.found = 'provisional'), p.last_good_at) AS last_shown
    FROM pages p JOIN sources s ON s.id = p.source
    JOIN documents d ON d.id = p.document WHERE p.document = ? AND p.role = 'document'
    ORDER BY p.current_version = d.current_version DESC, p.baseline_at, p.page_id
"""

_TOLD = """
    SELECT v.id, v.first_capture, v.first_seen, v.document, v.kind, k.origin, k.rules, c.observed_from,
           CASE v.kind WHEN 'change' THEN c.found_at ELSE p.baseline_confirmed_at END AS confirmed_at
    FROM versions v JOIN pages p ON p.id = v.page
    LEFT JOIN captures k ON k.capture_id = substr(v.first_capture, 1, instr(v.first_capture || '@', '@') - 1)
    LEFT JOIN changes c ON c.after_version = v.id AND c.page = v.page AND c.basis = 'comparison'
    WHERE v.page = ? AND (v.kind <> 'change' OR c.found IN ('confirmed', 'corrected'))
    ORDER BY v.first_seen, v.version_id
"""

_STALE = """
    SELECT c.change_id, c.confirmation FROM changes c
    WHERE c.basis = 'copies' AND (c.document IS NULL OR c.before_version IS NULL OR c.after_version IS NULL
      OR c.document IN (SELECT value FROM json_each(:documents)) OR c.page IN (SELECT value FROM json_each(:pages)))
"""


def note_divergences(connection: sqlite3.Connection, pages: set[int], report: IngestReport) -> None:
    """Recompute where the copies of these pages' documents differ. ``pages`` are rowids."""
    wanted = json.dumps(sorted(pages))
    documents = {
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT document FROM pages WHERE document NOT NULL AND id IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
    }
    stale = connection.execute(
        _STALE, {"documents": json.dumps(sorted(documents)), "pages": wanted}
    ).fetchall()
    before = {row[0]: row[1] for row in stale}
    delete_changes(connection, before)
    for document in sorted(documents):
        connection.execute("DELETE FROM divergences WHERE document = ?", (document,))
        for identifier in _document(connection, document):
            (found,) = connection.execute(
                "SELECT confirmation FROM changes WHERE change_id = ?", (identifier,)
            ).fetchone()
            if before.get(identifier) != found:
                report.changed(identifier)


def look_again_at_divergences(
    connection: sqlite3.Connection, pages: Iterable[int], report: IngestReport
) -> None:
    """These pages (rowids) showed again what they showed before: what waits for just that may be sure by now."""
    waiting = connection.execute(
        "SELECT p.id FROM pages p WHERE p.id IN (SELECT value FROM json_each(?)) AND p.document IN"
        " (SELECT document FROM changes WHERE basis = 'copies' AND found = 'provisional')",
        (json.dumps(sorted(pages)),),
    ).fetchall()
    if waiting:
        note_divergences(connection, {row[0] for row in waiting}, report)


def _document(connection: sqlite3.Connection, document: int) -> Iterator[str]:
    """Write the divergences of one document; gives the ids of its changes."""
    rows = connection.execute(_COPIES, (document,)).fetchall()
    if len(rows) < 2:
        return
    standing, *others = (_copy(connection, row) for row in rows)
    for other in others:
        for interval in intervals(standing.told, other.told):
            sure = interval.outlasts_the_lag(standing, other)
            change = None
            if interval.began.moved and (sure or interval.ended is None):
                change = _change(connection, document, standing, other, interval, sure=sure)
            insert(connection, "divergences", _values(document, standing, other, interval, change))
            if change:
                yield change


def intervals(own: Iterable[Told], other: Iterable[Told]) -> list[Interval]:
    """When two pages differed. Both are in the order of time; a text lasts until the next of its page."""
    found: list[Interval] = []
    now: dict[bool, Told] = {}
    steps = [(told.first_seen, False, told) for told in own] + [
        (told.first_seen, True, told) for told in other
    ]
    running: Interval | None = None
    for _, is_other, told in sorted(steps, key=lambda step: step[:2]):
        now[is_other] = told
        if len(now) < 2:
            continue
        clauses = differing_clauses(now[False].document, now[True].document)
        if clauses and running is None:
            running = Interval(told, is_other, now[False], now[True], clauses)
            found.append(running)
        elif clauses and running is not None:
            running.own, running.other, running.clauses = now[False], now[True], clauses
        elif running is not None:
            running.ended, running.copy_ended, running = told, is_other, None
    return found


def _copy(connection: sqlite3.Connection, row: sqlite3.Row) -> Copy:
    told = tuple(
        Told(
            version=each["id"],
            first_capture=each["first_capture"],
            first_seen=each["first_seen"],
            document=document_from_json(each["document"]),
            kind=VersionKind(each["kind"]),
            origin=Origin(each["origin"] or Origin.IMPORT),
            rules=each["rules"] or "",
            observed_from=each["observed_from"],
            confirmed_at=each["confirmed_at"],
        )
        for each in connection.execute(_TOLD, (row["id"],))
    )
    return Copy(
        page=row["id"],
        page_id=row["page_id"],
        source=row["source"],
        source_title=row["title"],
        level=SourceLevel(row["level"]),
        authority=row["authority"],
        last_shown=row["last_shown"] or "",
        told=told,
    )


def _values(
    document: int, standing: Copy, other: Copy, interval: Interval, change: str | None
) -> dict[str, object]:
    return {
        "divergence_id": stable_id("dv", standing.page_id, other.page_id, interval.began.first_capture),
        "document": document,
        "page": standing.page,
        "copy": other.page,
        "since": interval.began.first_seen,
        "until": interval.until,
        "clauses": dumps(
            [
                {"anchor": each.anchor or each.anchor_before, "page": each.before, "copy": each.after}
                for each in interval.clauses
            ]
        ),
        "change": change,
    }


def _change(
    connection: sqlite3.Connection,
    document: int,
    standing: Copy,
    other: Copy,
    interval: Interval,
    *,
    sure: bool,
) -> str:
    """A change on the page of the copy: its text beside the standing one's. ``sure``: it outlasted the lag."""
    identifier = change_id(
        other.page_id, f"differs from {standing.page_id} since {interval.began.first_capture}"
    )
    confirmed = [each.confirmed_at for each in (interval.own, interval.other)]
    sure = sure and all(confirmed)
    until = f"；自 {interval.until[:10]} 起已一致" if interval.until else ""
    reason = f"{standing.source_title}与{other.source_title}所载文本有 {len(interval.clauses)} 处不同{until}"
    title = interval.own.document.title
    write_change(
        connection,
        {
            "change_id": identifier,
            "page": other.page,
            "document": document,
            "source": other.source,
            "basis": "copies",
            "title": title,
            "kind": ChangeKind.COPIES_DIVERGE,
            "confirmation": Confirmation.CONFIRMED if sure else Confirmation.PROVISIONAL,
            "headline": f"各处文本不一致：{_first(interval.clauses)}（{standing.source_title}／{other.source_title}）",
            "flags": "[]",
            "before_version": interval.own.version,
            "after_version": interval.other.version,
            "observed_from": interval.began.observed_from,
            "observed_to": interval.began.first_seen,
            "confirm_from": interval.sure_from,
            "confirmed_at": max(interval.sure_from, *(each for each in confirmed if each)) if sure else None,
            "origin": interval.began.origin,
            "rules": interval.began.rules,
        },
        Comparison(
            ChangeKind.COPIES_DIVERGE,
            Significance.SUBSTANTIVE,
            interval.clauses,
            interval.own.document.effective,
            reason=reason,
        ),
        tag(title, interval.own.document.text, source_kind=standing.level, authority=standing.authority),
    )
    return identifier


def _first(clauses: tuple[PassageChange, ...]) -> str:
    clause = clauses[0]
    name = label(clause.anchor or clause.anchor_before)
    words = next((span for span in clause.spans if span.before and span.after), None)
    said = f" “{words.before}”／“{words.after}”" if words else ""
    return f"{name}{said}" + (f"等 {len(clauses)} 处" if len(clauses) > 1 else "")
