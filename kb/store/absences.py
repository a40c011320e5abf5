"""Pages that are gone: absent long enough and still, named by no list any more, their source otherwise healthy. Pure in the set."""

from __future__ import annotations

from collections.abc import Iterable

from kb.codes import ChangeKind, Confirmation, Significance
from kb.model import Comparison, change_id
from kb.sqlite import sqlite3
from kb.store.report import IngestReport
from kb.store.rows import delete_changes, write_change
from kb.tagging import tag

ILL_SHARE = 0.25
"""When more of a source's other pages than this are in trouble, an absence says nothing about the page."""

_ABSENT = """
    SELECT a.*, p.page_id, p.document, v.title, v.text, v.id AS version, s.level, s.authority
    FROM absences a JOIN pages p ON p.id = a.page JOIN versions v ON v.id = p.current_version
    JOIN sources s ON s.id = p.source
    WHERE p.source = ? AND p.role = 'document' AND p.last_good_at = a.last_good_at
      AND NOT EXISTS (SELECT 1 FROM listings l WHERE l.page_id = p.page_id AND l.dropped_at IS NULL)
"""

_OTHERS = """
    SELECT count(DISTINCT p.id) AS pages, count(DISTINCT i.page) AS ill
    FROM pages p LEFT JOIN incidents i
      ON i.page = p.id AND i.opened_at <= :at AND (i.closed_at IS NULL OR i.closed_at > :at)
    WHERE p.source = :source AND p.id <> :page AND p.baseline_at <= :at
"""


def note_absences(connection: sqlite3.Connection, sources: Iterable[int], report: IngestReport) -> None:
    """Recompute the changes of kind ``gone`` of these sources (rowids). They are held: a person decides."""
    for source in sorted(sources):
        before = [
            row[0]
            for row in connection.execute(
                "SELECT change_id FROM changes WHERE source = ? AND basis = 'absence'", (source,)
            )
        ]
        delete_changes(connection, before)
        for absent in connection.execute(_ABSENT, (source,)).fetchall():
            others = connection.execute(
                _OTHERS, {"at": absent["reached_at"], "source": source, "page": absent["page"]}
            ).fetchone()
            if others["ill"] > others["pages"] * ILL_SHARE:
                continue
            identifier = _gone(connection, source, absent)
            if identifier not in before:
                report.changed(identifier)


def _gone(connection: sqlite3.Connection, source: int, absent: sqlite3.Row) -> str:
    identifier = change_id(absent["page_id"], absent["key"])
    reason = "三日内三次访问均返回不存在，栏目也不再列出，来源其余页面正常；效力待核，不等于废止"
    comparison = Comparison(ChangeKind.GONE, Significance.SUBSTANTIVE, (), reason=reason)
    write_change(
        connection,
        {
            "change_id": identifier,
            "page": absent["page"],
            "document": absent["document"],
            "source": source,
            "basis": "absence",
            "title": absent["title"],
            "kind": ChangeKind.GONE,
            "confirmation": Confirmation.HELD,
            "headline": f"原页面撤下：《{absent['title'].strip('《》')}》",
            "flags": "[]",
            "before_version": absent["version"],
            "observed_from": absent["last_good_at"],
            "observed_to": absent["started_at"],
            "origin": absent["origin"],
            "rules": absent["rules"],
        },
        comparison,
        tag(absent["title"], absent["text"], source_kind=absent["level"], authority=absent["authority"]),
    )
    return identifier
