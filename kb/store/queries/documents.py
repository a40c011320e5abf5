"""Documents, their versions and passages."""

from __future__ import annotations

from dataclasses import dataclass

from kb.codes import VersionKind
from kb.errors import NotFound
from kb.model import Document, LicenceTag, Passage, canonical_url
from kb.sqlite import sqlite3
from kb.store.queries.changes import resolve, tags_of
from kb.store.serial import document_from_json


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document with the text that stands now. ``pages`` are its addresses, the one it is known by first; ``draft`` is
    the id of the draft it follows."""

    id: str
    source: str
    url: str
    first_seen: str
    version: str
    capture: str
    draft: str | None
    pages: tuple[str, ...]
    document: Document
    tags: tuple[LicenceTag, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One text version of a page. ``change`` is the id of the change that led to it."""

    id: str
    document: str
    page: str
    url: str
    kind: VersionKind
    title: str
    first_seen: str
    capture: str
    change: str | None
    characters: int


@dataclass(frozen=True, slots=True)
class CurrentPassage:
    """A passage of a text that stands now; ``passage`` is its rowid."""

    passage: int
    document: str
    version: str
    anchor: str
    text: str


def document(connection: sqlite3.Connection, identifier: str) -> DocumentRow:
    """A document by its id, a page id of any of its pages, or an address. Raises ``NotFound``."""
    record = connection.execute(
        "SELECT d.*, s.source_id, v.version_id, v.capture, v.document AS content FROM documents d"
        " JOIN sources s ON s.id = d.source JOIN versions v ON v.id = d.current_version WHERE d.document_id = ?",
        (document_id(connection, identifier),),
    ).fetchone()
    if record is None:
        raise _no_document(identifier)
    pages = connection.execute(
        "SELECT url FROM pages WHERE document = ? AND role = 'document' ORDER BY page_id <> ?, baseline_at, page_id",
        (record["id"], record["document_id"]),
    )
    return DocumentRow(
        id=record["document_id"],
        source=record["source_id"],
        url=record["url"],
        first_seen=record["first_seen"],
        version=record["version_id"],
        capture=record["capture"],
        draft=record["draft"],
        pages=tuple(row[0] for row in pages),
        document=document_from_json(record["content"]),
        tags=tags_of(connection, "document", record["document_id"]),
    )


def document_id(connection: sqlite3.Connection, identifier: str) -> str:
    """The document id behind a document id, page id or address. Raises ``NotFound``."""
    wanted = resolve(connection, "document", identifier)
    row = connection.execute(
        "SELECT d.document_id FROM documents d WHERE d.document_id = ?"
        " UNION ALL SELECT d.document_id FROM pages p JOIN documents d ON d.id = p.document WHERE p.page_id = ? LIMIT 1",
        (wanted, wanted),
    ).fetchone()
    row = row or _by_address(connection, identifier)
    if row is None:
        raise _no_document(identifier)
    return str(row[0])


def page_ids(connection: sqlite3.Connection, document: str) -> tuple[str, ...]:
    """The ids of all pages of a document, copies and attachments included."""
    rows = connection.execute(
        "SELECT p.page_id FROM pages p JOIN documents d ON d.id = p.document WHERE d.document_id = ? ORDER BY p.page_id",
        (document,),
    )
    return tuple(row[0] for row in rows)


def _by_address(connection: sqlite3.Connection, address: str) -> sqlite3.Row | None:
    if "://" not in address:
        return None
    url = canonical_url(address)
    found: sqlite3.Row | None = connection.execute(
        "SELECT d.document_id FROM pages p JOIN documents d ON d.id = p.document WHERE p.url IN (?1, ?2)"
        " OR EXISTS (SELECT 1 FROM json_each(p.aliases) WHERE value IN (?1, ?2))"
        " ORDER BY p.url IN (?1, ?2) DESC, p.page_id LIMIT 1",
        (url, address),
    ).fetchone()
    return found


def history(connection: sqlite3.Connection, identifier: str) -> tuple[VersionRow, ...]:
    """The versions of all pages of a document, oldest first. Raises ``NotFound``."""
    wanted = document_id(connection, identifier)
    rows = connection.execute(
        "SELECT v.version_id, p.page_id, p.url, v.kind, v.title, v.first_seen, v.capture, length(v.text) AS characters,"
        " (SELECT c.change_id FROM changes c WHERE c.after_version = v.id AND c.basis IN ('comparison', 'publication') ORDER BY c.change_id LIMIT 1) AS change_id"
        " FROM versions v JOIN pages p ON p.id = v.page JOIN documents d ON d.id = p.document"
        " WHERE d.document_id = ? ORDER BY v.first_seen, v.version_id",
        (wanted,),
    )
    return tuple(
        VersionRow(
            id=row["version_id"],
            document=wanted,
            page=row["page_id"],
            url=row["url"],
            kind=VersionKind(row["kind"]),
            title=row["title"],
            first_seen=row["first_seen"],
            capture=row["capture"],
            change=row["change_id"],
            characters=row["characters"],
        )
        for row in rows
    )


def passages(connection: sqlite3.Connection, version: str) -> tuple[Passage, ...]:
    """The passages of a version in order; empty when there is no such version."""
    rows = connection.execute(
        "SELECT q.anchor, q.text, q.kind, q.ordinal FROM passages q JOIN versions v ON v.id = q.version"
        " WHERE v.version_id = ? ORDER BY q.seq",
        (version,),
    )
    return tuple(
        Passage(row["anchor"], row["text"], row["kind"], row["ordinal"], row["anchor"].rpartition("/")[0])
        for row in rows
    )


def version_document(connection: sqlite3.Connection, version: str) -> Document:
    """What a version said, as it was read. Raises ``NotFound``."""
    row = connection.execute("SELECT document FROM versions WHERE version_id = ?", (version,)).fetchone()
    if row is None:
        raise NotFound(f"没有这个文本版本：{version}")
    return document_from_json(row[0])


def current_passages(connection: sqlite3.Connection) -> tuple[CurrentPassage, ...]:
    """Every passage that search can find."""
    rows = connection.execute(
        "SELECT q.id, coalesce(d.document_id, p.page_id), v.version_id, q.anchor, q.text FROM pages p"
        " JOIN versions v ON v.id = p.current_version JOIN passages q ON q.version = v.id"
        " LEFT JOIN documents d ON d.id = p.document ORDER BY q.id"
    )
    return tuple(CurrentPassage(*tuple(row)) for row in rows)


def _no_document(identifier: str) -> NotFound:
    other = identifier.startswith("ch-")
    do = f"这是变动编号，请用 zhengce show {identifier}" if other else "zhengce search 可按文字查找"
    return NotFound(f"没有这份规则文件：{identifier}", do=do)
