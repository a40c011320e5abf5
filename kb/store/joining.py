"""Which pages are one document. A pure function of the pages' keys, recomputed around the pages a batch touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.codes import PageRole, SourceLevel
from kb.sqlite import sqlite3
from kb.store.declared import tagging_today
from kb.store.rows import DOCUMENT_COLUMNS, insert
from kb.store.tagged import lend_tags, settle_tags, write_tags
from kb.tagging import tag

_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:年|〔)")

LEVELS = tuple(SourceLevel)
"""Whose text stands for the document: the regulator's own before a gazette's, and so on."""


@dataclass(frozen=True, slots=True)
class Member:
    """One page of a document, with its keys; ``made`` is the day its text was made, ISO 8601 or ""."""

    page: int
    page_id: str
    number_key: str
    text_key: str
    baseline_at: str
    level: SourceLevel
    title_key: str = ""
    made: str = ""
    authority: str = ""

    @property
    def age(self) -> tuple[str, str]:
        return self.baseline_at, self.page_id


_MEMBER = (
    "SELECT p.id, p.page_id, p.number_key, p.text_key, p.baseline_at, s.level, p.title_key, coalesce(v.made, ''), s.authority"
    " FROM pages p JOIN sources s ON s.id = p.source JOIN versions v ON v.id = p.current_version WHERE p.role = 'document' AND "
)


class Joiner:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.tagging = tagging_today()
        self.connection = connection

    def join(self, touched: Iterable[int]) -> set[int]:
        """Recompute the documents around these pages (rowids); gives all pages whose document was recomputed."""
        pages = self._neighbours({page for page in touched if self._is_document(page)})
        members = self._members(pages)
        before = {
            row[0]
            for page in pages
            for row in self.connection.execute(
                "SELECT document FROM pages WHERE id = ? AND document IS NOT NULL", (page,)
            )
        }
        after = {self._write(component) for component in components(members)}
        for page in pages - {member.page for member in members}:
            self._assign(page, None)
        for document in before - after:
            self._delete(document)
        return pages

    def _is_document(self, page: int) -> bool:
        row = self.connection.execute("SELECT role FROM pages WHERE id = ?", (page,)).fetchone()
        return bool(row) and row[0] == PageRole.DOCUMENT

    def _neighbours(self, pages: set[int]) -> set[int]:
        """These pages, all that share a document or a key with them, and so on."""
        found: set[int] = set()
        waiting = set(pages)
        while waiting:
            page = waiting.pop()
            found.add(page)
            rows = self.connection.execute(
                "SELECT q.id FROM pages p JOIN pages q ON"
                " (q.document = p.document AND q.role = 'document')"
                " OR (p.number_key <> '' AND q.number_key = p.number_key AND q.number_key <> '')"
                " OR (p.text_key <> '' AND q.text_key = p.text_key AND q.text_key <> '')"
                " OR (p.title_key <> '' AND q.title_key = p.title_key AND q.title_key <> '')"
                " WHERE p.id = ?",
                (page,),
            )
            waiting |= {row[0] for row in rows} - found
        return found

    def _members(self, pages: set[int]) -> list[Member]:
        rows = (self.connection.execute(_MEMBER + "p.id = ?", (page,)).fetchone() for page in sorted(pages))
        return [
            Member(row[0], row[1], row[2], row[3], row[4], SourceLevel(row[5]), row[6], row[7], row[8])
            for row in rows
            if row
        ]

    def _write(self, component: list[Member]) -> int:
        first = min(component, key=lambda member: member.age)
        best = min(component, key=lambda member: (LEVELS.index(member.level), *member.age))
        document = self._document(first, best, len(component))
        for member in component:
            self.connection.execute(
                "DELETE FROM redirects WHERE kind = 'document' AND page = ?", (member.page,)
            )
            if member is not first:
                insert(
                    self.connection,
                    "redirects",
                    {
                        "from_id": member.page_id,
                        "to_id": first.page_id,
                        "kind": "document",
                        "page": member.page,
                    },
                )
        settle_tags(
            self.connection, "document", first.page_id
        )  # what was said under its other ids counts too
        for member in component:
            self._assign(member.page, document)
        return document

    def _document(self, first: Member, best: Member, pages: int) -> int:
        version = self.connection.execute(
            f"SELECT v.id AS current_version, p.source, p.url, {', '.join('v.' + c for c in DOCUMENT_COLUMNS)}"  # noqa: S608
            " FROM pages p JOIN versions v ON v.id = p.current_version WHERE p.id = ?",
            (best.page,),
        ).fetchone()
        values = {**dict(version), "first_seen": first.baseline_at, "pages": pages}
        row = self.connection.execute(
            "SELECT id, current_version, tagged FROM documents WHERE document_id = ?", (first.page_id,)
        ).fetchone()
        if row is None:
            rowid = insert(self.connection, "documents", {"document_id": first.page_id, **values})
        else:
            rowid = row["id"]
            assignments = ", ".join(f"{name} = ?" for name in values)
            self.connection.execute(
                f"UPDATE documents SET {assignments} WHERE id = ?",  # noqa: S608
                (*values.values(), rowid),
            )
        self._tag(rowid, first.page_id, values["current_version"], best, row)
        return rowid

    def _tag(
        self, rowid: int, document_id: str, version: int, best: Member, before: sqlite3.Row | None
    ) -> None:
        """Tag the document's text, unless these very words were tagged before by the same vocabulary."""
        text = self.connection.execute(
            "SELECT title, text, text_digest FROM versions WHERE id = ?", (version,)
        ).fetchone()
        mark = f"{self.tagging} {best.level} {best.authority} {text['text_digest']} {text['title']}"
        if before is not None and before["tagged"] == mark:
            return
        tags = tag(text["title"], text["text"], source_kind=best.level, authority=best.authority)
        write_tags(self.connection, "document", document_id, tags)
        self.connection.execute("UPDATE documents SET tagged = ? WHERE id = ?", (mark, rowid))

    def _assign(self, page: int, document: int | None) -> None:
        """The page, its attachments and images, and the changes of all of them belong to the document."""
        self.connection.execute("UPDATE pages SET document = ? WHERE id = ?", (document, page))
        self.connection.execute(
            "UPDATE pages SET document = ? WHERE parent <> '' AND parent = (SELECT page_id FROM pages WHERE id = ?)"
            " AND role <> 'document'",
            (document, page),
        )
        self.connection.execute(
            "UPDATE changes SET document = ? WHERE page = ? OR page IN (SELECT q.id FROM pages q JOIN pages p"
            " ON q.parent = p.page_id AND q.parent <> '' AND q.role <> 'document' WHERE p.id = ?)",
            (document, page, page),
        )
        lend_tags(self.connection, page)

    def _delete(self, document: int) -> None:
        row = self.connection.execute(
            "SELECT document_id FROM documents WHERE id = ?", (document,)
        ).fetchone()
        if row is None:
            return
        self.connection.execute("UPDATE pages SET document = NULL WHERE document = ?", (document,))
        self.connection.execute("UPDATE changes SET document = NULL WHERE document = ?", (document,))
        self.connection.execute("DELETE FROM documents WHERE id = ?", (document,))
        write_tags(self.connection, "document", row[0], ())


def components(members: Iterable[Member]) -> list[list[Member]]:
    """Members that share a number, a text or a title, directly or through others; the order leaves no trace.

    Members of two numbers are never joined by their text or title (the same notice of two years), nor those of two
    years by a number that starts anew (第3号令 of 1999 and of 2025).
    """
    members = sorted(members, key=lambda member: member.page_id)
    ways = (
        _groups(members, lambda member: member.number_key, _year),
        _groups(members, lambda member: member.text_key, lambda member: member.number_key),
        _groups(members, lambda member: member.title_key, lambda member: member.number_key),
    )
    owner = {member.page: [member] for member in members}
    for group in (group for way in ways for group in way):
        whole = owner[group[0].page]
        for member in group[1:]:
            other = owner[member.page]
            if other is not whole:
                whole.extend(other)
                owner.update((each.page, whole) for each in other)
    return list({id(group): group for group in owner.values()}.values())


def _groups(
    members: list[Member], key: Callable[[Member], str], mark: Callable[[Member], str]
) -> list[list[Member]]:
    """Members of one key; apart by a mark where several are known, which those without a mark then share with none."""
    by_key: dict[str, list[Member]] = {}
    for member in members:
        if key(member):
            by_key.setdefault(key(member), []).append(member)
    groups: list[list[Member]] = []
    for group in by_key.values():
        marks = {mark(member) for member in group} - {""}
        if len(marks) < 2:
            groups.append(group)
        else:
            groups += [[member for member in group if mark(member) == each] for each in sorted(marks)]
    return groups


def _year(member: Member) -> str:
    """The year that tells apart numbers which name none themselves."""
    return "" if _YEAR.search(member.number_key) else member.made[:4]
