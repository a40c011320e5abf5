"""Taking back what was derived of a page, so that it can be derived again from its captures."""

from __future__ import annotations

from kb.sqlite import sqlite3
from kb.store.rows import delete_changes


def erase_page(connection: sqlite3.Connection, page: int) -> set[str]:
    """Delete all derived rows of a page (a rowid) but its own, which starts anew. Gives the page ids it listed."""
    one = (page,)
    listed = {row[0] for row in connection.execute("SELECT page_id FROM listings WHERE list_page = ?", one)}
    changes = [row[0] for row in connection.execute("SELECT change_id FROM changes WHERE page = ?", one)]
    delete_changes(connection, changes)
    for index in ("passages_fts", "passages_past_fts", "beginnings_fts"):
        connection.execute(
            f"DELETE FROM {index} WHERE rowid IN"  # noqa: S608
            " (SELECT q.id FROM passages q JOIN versions v ON v.id = q.version WHERE v.page = ?)",
            one,
        )
    connection.execute(
        "UPDATE documents SET current_version = NULL, tagged = '' WHERE current_version IN"
        " (SELECT id FROM versions WHERE page = ?)",
        one,
    )
    for column in ("before_version", "after_version"):
        connection.execute(
            f"UPDATE changes SET {column} = NULL WHERE {column} IN (SELECT id FROM versions WHERE page = ?)",  # noqa: S608
            one,
        )
    connection.execute(
        "UPDATE pages SET title = '', parent = '', aliases = '[]', first_seen = '', last_seen = '', health = 'ok',"
        " last_good_at = NULL, baseline_at = NULL, baseline_confirmed_at = NULL, current_version = NULL,"
        " number_key = '', text_key = '', title_key = '', title_core = '', noise_count = 0, flip_count = 0 WHERE id = ?",
        one,
    )
    for table in ("versions", "captures", "incidents", "absences", "page_states", "redirects"):
        connection.execute(f"DELETE FROM {table} WHERE page = ?", one)  # noqa: S608
    connection.execute("DELETE FROM listings WHERE list_page = ?", one)
    return listed
