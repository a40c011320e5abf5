"""Facts that hold between pages, recomputed after a batch for what it touched. The order of arrival leaves no trace."""

from __future__ import annotations

from kb.store.absences import note_absences
from kb.store.driver import sqlite3
from kb.store.joining import Joiner
from kb.store.pagework import Touched
from kb.store.publications import Publisher
from kb.store.report import IngestReport


def settle(connection: sqlite3.Connection, touched: Touched, report: IngestReport) -> None:
    """Join pages into documents, then say what was newly published and what is gone. Inside the caller's transaction."""
    pages = set(touched.pages)
    for listed in touched.listed:
        pages |= {row[0] for row in connection.execute("SELECT id FROM pages WHERE page_id = ?", (listed,))}
    parents = {
        row[0]
        for page in pages
        for row in connection.execute(
            "SELECT q.id FROM pages p JOIN pages q ON q.page_id = p.parent WHERE p.id = ? AND p.parent <> ''",
            (page,),
        )
    }
    joined = Joiner(connection).join(pages | parents)
    Publisher(connection, report).publish(joined)
    sources = {
        row[0]
        for page in pages
        for row in connection.execute("SELECT source FROM pages WHERE id = ?", (page,))
    }
    note_absences(connection, sources, report)
