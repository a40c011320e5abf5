"""What files beside a page make of changes: the words beside a replaced picture, and new files that no program reads.

Pages and their files arrive in any order, so both are recomputed for what a batch touched. Runs inside the transaction of
the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from kb.changing.classify import IMAGE_REPLACED
from kb.changing.sister import told_beside
from kb.codes import BlockKind, Flag
from kb.model import Document
from kb.sqlite import sqlite3
from kb.store.judging import UNREAD
from kb.store.serial import document_from_json, dumps

_PICTURES = """
    SELECT c.id, c.title, c.observed_from, c.observed_to, p.url, h.id AS host, h.current_version
    FROM changes c JOIN pages p ON p.id = c.page LEFT JOIN pages h ON h.page_id = p.parent AND p.parent <> ''
    WHERE p.role = 'image' AND c.basis = 'comparison'
      AND EXISTS (SELECT 1 FROM change_passages q WHERE q.change = c.id AND q.reason = ?2)
      AND (p.id IN (SELECT value FROM json_each(?1)) OR h.id IN (SELECT value FROM json_each(?1)))
    ORDER BY c.id
"""

_STOOD = """
    SELECT v.version_id, v.kind, v.document FROM versions v
    LEFT JOIN changes c ON c.after_version = v.id AND c.page = v.page AND c.basis = 'comparison'
    WHERE v.page = ? AND v.first_seen <= ?
      AND (v.kind IN ('first', 'technical') OR v.id = ? OR c.found <> 'held')
    ORDER BY v.first_seen, v.id
"""

_GROWN = """
    SELECT c.id, c.page, c.flags, b.document AS before, a.document AS after,
           EXISTS (SELECT 1 FROM change_passages q JOIN json_each(?2) u ON u.value = q.reason WHERE q.change = c.id) AS unread
    FROM changes c JOIN pages p ON p.id = c.page JOIN versions b ON b.id = c.before_version
    JOIN versions a ON a.id = c.after_version
    WHERE p.role = 'document' AND c.basis = 'comparison' AND p.id IN (SELECT value FROM json_each(?1)) ORDER BY c.id
"""

_FILES = """
    SELECT f.url, v.document FROM pages f JOIN pages p ON f.parent = p.page_id AND f.parent <> ''
    JOIN versions v ON v.page = f.id AND v.kind = 'first'
    WHERE p.id = ? AND f.role = 'attachment' ORDER BY f.page_id
"""


def tell_beside(connection: sqlite3.Connection, pages: Iterable[int]) -> None:
    """Of these pages (rowids) and their files: pictures replaced at their own address are told with the row of words
    beside them, and changes that bring a file without readable text are flagged."""
    around = json.dumps(sorted(pages))
    for change in connection.execute(_PICTURES, (around, IMAGE_REPLACED)).fetchall():
        _tell_picture(connection, change)
    for change in connection.execute(_GROWN, (around, dumps(list(UNREAD.values())))).fetchall():
        _flag_files(connection, change)


def is_unread(document: Document) -> bool:
    """A scan, a picture or a file of an old format: nothing in it that a program reads."""
    return not any(block.kind is not BlockKind.IMAGE and block.text for block in document.blocks)


def unread_files(connection: sqlite3.Connection, page: int) -> frozenset[str]:
    """Addresses of the attachments of a page in whose first version no program reads a word."""
    rows = connection.execute(_FILES, (page,))
    return frozenset(row["url"] for row in rows if is_unread(document_from_json(row["document"])))


def _tell_picture(connection: sqlite3.Connection, change: sqlite3.Row) -> None:
    around = _host_around(connection, change)
    reason = told_beside(*around, change["url"]) if around else IMAGE_REPLACED
    titled = f"{change['title']}：{reason}".lstrip("：")
    headline = (
        reason if "；" in reason else titled
    )  # the row of words says better what it shows than a file's name
    connection.execute(
        "UPDATE changes SET headline = ?, reason = ? WHERE id = ?", (headline, reason, change["id"])
    )


def _host_around(connection: sqlite3.Connection, change: sqlite3.Row) -> tuple[Document, Document] | None:
    """The page that shows the picture, as it stood when the old one was last seen and when the new one first was; what
    our own reading made of it in between is no change."""
    if change["host"] is None or change["observed_from"] is None:
        return None
    before, after = (
        connection.execute(_STOOD, (change["host"], moment, change["current_version"])).fetchall()
        for moment in (change["observed_from"], change["observed_to"])
    )
    if not before:
        return None
    changed = any(row["kind"] == "change" for row in after[len(before) :])
    new = document_from_json(after[-1]["document"])
    return (document_from_json(before[-1]["document"]) if changed else new), new


def _flag_files(connection: sqlite3.Connection, change: sqlite3.Row) -> None:
    before, after = document_from_json(change["before"]), document_from_json(change["after"])
    added = {link.url for link in after.attachments} - {link.url for link in before.attachments}
    unread = bool(change["unread"]) or bool(added and added & unread_files(connection, change["page"]))
    flags = [flag for flag in json.loads(change["flags"]) if flag != Flag.NEEDS_READING]
    found = dumps([Flag.NEEDS_READING, *flags] if unread else flags)
    connection.execute("UPDATE changes SET flags = ? WHERE id = ?", (found, change["id"]))
