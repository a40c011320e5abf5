"""Writes the changes of one page into kb.db. Runs inside the transaction of its caller."""

from __future__ import annotations

from dataclasses import replace

from kb.archive import Seen
from kb.changing.filings import flags_of
from kb.changing.headline import headline
from kb.changing.sister import replaced_images
from kb.codes import ChangeKind, Confirmation, HeldFor, PageRole, Significance
from kb.model import Comparison, Document, instant
from kb.sqlite import sqlite3
from kb.store.decided import decide
from kb.store.judging import UNREAD
from kb.store.removal import removes_much
from kb.store.rows import delete_changes, insert, rules_of, write_change
from kb.store.serial import dumps
from kb.store.sightings import ChangeConfirmed, ChangeDoubted, ChangeHeld, ChangeObserved, ChangeSwallowed
from kb.store.tagged import settle_tags
from kb.store.tail import Entry
from kb.tagging import tag_change

REPLACED = {
    PageRole.ATTACHMENT: ChangeKind.ATTACHMENT_REPLACED,
    PageRole.IMAGE: ChangeKind.IMAGE_REPLACED,
}

REMOVAL = "删去大半正文，隔一日再次查看一致才予确认"


class ChangeBook:
    """The changes of one page. ``page`` and ``source`` are rowids."""

    def __init__(self, connection: sqlite3.Connection, *, page: int, source: int, role: PageRole) -> None:
        self.connection, self.page, self.source, self.role = connection, page, source, role

    def observe(self, event: ChangeObserved, after: Document, entry: Entry) -> None:
        comparison = event.comparison
        if removes_much(comparison):
            comparison = replace(comparison, reason="；".join(filter(None, (comparison.reason, REMOVAL))))
        title = after.title or (entry.event.title if isinstance(entry.event, Seen) else "")
        write_change(
            self.connection,
            {
                "change_id": event.change,
                "page": self.page,
                "source": self.source,
                "basis": "comparison",
                "title": title,
                "kind": self._kind(event),
                "confirmation": Confirmation.PROVISIONAL,
                "headline": _headline(comparison, after, title),
                "flags": dumps(flags_of(comparison, after, UNREAD.values())),
                "before_version": self._version(event.before),
                "after_version": self._version(event.after),
                "reverts": event.reverts or None,
                "observed_from": instant(event.observed_from) if event.observed_from else None,
                "observed_to": instant(event.good.at),
                "confirm_from": instant(event.confirm_from),
                "origin": event.good.origin,
                "rules": rules_of(entry.run),
            },
            comparison,
            tag_change(title, comparison, after),
        )

    def _kind(self, event: ChangeObserved) -> ChangeKind:
        if event.reverts:
            return ChangeKind.REVERTED
        if event.comparison.kind is ChangeKind.LIST_BATCH:
            return ChangeKind.LIST_BATCH
        return REPLACED.get(self.role, event.comparison.kind)

    def confirm(self, event: ChangeConfirmed) -> None:
        self._found(event.change, Confirmation.CONFIRMED, at=instant(event.at))
        if event.corrects:
            self._found(event.corrects, Confirmation.CORRECTED)

    def hold(self, event: ChangeHeld | ChangeDoubted) -> None:
        doubted = isinstance(event, ChangeDoubted)
        self._found(event.change, Confirmation.HELD, held_for=HeldFor.COLLAPSE if doubted else HeldFor.FLIP)
        if doubted:
            self.connection.execute(
                "UPDATE changes SET reason = ? WHERE change_id = ?",
                ("正文骤减，三日内三次查看均如此，待人工核对", event.change),
            )
        else:
            self.connection.execute("UPDATE pages SET flip_count = flip_count + 1 WHERE id = ?", (self.page,))

    def _found(self, change: str, found: Confirmation, *, at: str | None = None, held_for: str = "") -> None:
        """What the looks make of a change; what people decided about it has the last word."""
        self.connection.execute(
            "UPDATE changes SET found = ?, found_at = coalesce(?, found_at), held_for = ? WHERE change_id = ?",
            (found, at, held_for, change),
        )
        decide(self.connection, change)

    def swallow(self, event: ChangeSwallowed) -> None:
        delete_changes(self.connection, (event.change,))
        self.connection.execute("UPDATE redirects SET to_id = ? WHERE to_id = ?", (event.by, event.change))
        insert(
            self.connection,
            "redirects",
            {"from_id": event.change, "to_id": event.by, "kind": "change", "page": self.page},
        )
        decide(self.connection, event.by)  # what was said of the one swallowed leads on to this one
        settle_tags(self.connection, "change", event.by)

    def _version(self, version_id: str) -> int:
        row = self.connection.execute(
            "SELECT id FROM versions WHERE version_id = ?", (version_id,)
        ).fetchone()
        return int(row[0])


def _headline(comparison: Comparison, after: Document, title: str) -> str:
    told = [p for p in comparison.differing if p.significance is not Significance.NOISE]
    if told and all(passage.reason in UNREAD.values() for passage in told):
        said = headline(comparison, after) if replaced_images(comparison) else told[0].reason
        return f"{title}：{said}".lstrip("：")
    return headline(comparison, after)
