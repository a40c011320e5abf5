"""What list pages name, and since when: from this follows whether a document was newly published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kb.archive import ListedItem
from kb.model import instant
from kb.sqlite import sqlite3


class ListBook:
    """The rows of one list page (a rowid)."""

    def __init__(self, connection: sqlite3.Connection, list_page: int) -> None:
        self.connection, self.list_page = connection, list_page

    def name(self, named: Mapping[str, ListedItem], at: datetime, previous: datetime | None) -> set[str]:
        """Record what the list names at a good look; ``previous`` is the good look before, ``None`` at its baseline.

        Gives the page ids that this look adds, drops or dates anew.
        """
        rows = self.connection.execute(
            "SELECT page_id, dropped_at, date FROM listings WHERE list_page = ?", (self.list_page,)
        ).fetchall()
        known = {row[0]: row[1] for row in rows}
        dated = {row[0] for row in rows if row[0] in named and named[row[0]].date != row[2]}
        moment = instant(at)
        added = named.keys() - known.keys()
        dropped = {page for page, since in known.items() if since is None} - named.keys()
        self.connection.executemany(
            "INSERT INTO listings (list_page, page_id, url, title, date, first_seen, last_seen, previous_look)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    self.list_page,
                    page,
                    named[page].url,
                    named[page].title,
                    named[page].date,
                    moment,
                    moment,
                    instant(previous) if previous else None,
                )
                for page in named
                if page in added
            ),
        )
        self.connection.executemany(
            "UPDATE listings SET title = ?, date = ?, last_seen = ?, dropped_at = NULL"
            " WHERE list_page = ? AND page_id = ?",
            (
                (named[page].title, named[page].date, moment, self.list_page, page)
                for page in named
                if page not in added
            ),
        )
        self.connection.executemany(
            "UPDATE listings SET dropped_at = ? WHERE list_page = ? AND page_id = ?",
            ((moment, self.list_page, page) for page in sorted(dropped)),
        )
        return set(added) | dropped | dated
