"""Facts that hold between pages, recomputed after a batch for what it touched. The order of arrival leaves no trace."""

from __future__ import annotations

from kb.sqlite import sqlite3
from kb.store.absences import note_absences
from kb.store.beside import tell_beside
from kb.store.diverging import note_divergences
from kb.store.joining import Joiner
from kb.store.pagework import Touched
from kb.store.publications import Publisher
from kb.store.relations import Relater
from kb.store.report import IngestReport


def settle(connection: sqlite3.Connection, touched: Touched, report: IngestReport) -> None:
    """Join pages into documents, then say what was newly published, what it repeals, which copies differ and what is gone. Inside the caller's transaction."""
    parents = {
        row[0]
        for page in touched.pages
        for row in connection.execute(
            "SELECT q.id FROM pages p JOIN pages q ON q.page_id = p.parent WHERE p.id = ? AND p.parent <> ''",
            (page,),
        )
    }
    listed = {
        row[0]
        for page_id in touched.listed
        for row in connection.execute("SELECT id FROM pages WHERE page_id = ?", (page_id,))
    }
    joined = Joiner(connection).join(touched.pages | parents)
    published = Publisher(connection, report).publish(joined | touched.confirmed | listed, touched.cores)
    Relater(connection, report).relate(joined | published, touched.cores)
    tell_beside(connection, touched.pages | parents)
    note_divergences(connection, joined | touched.confirmed, report)
    note_absences(connection, touched.sources, report)
