"""What ``read``, ``search`` and ``history`` print: pages, passages and versions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kb.codes import DocumentStatus, Health, SourceLevel, VersionKind
from kb.model import Document, Passage, Reading
from kb.output.asof import RelationOut
from kb.output.line import Line
from kb.output.tags import TagOut


class PassageOut(Line):
    anchor: str
    kind: str
    ordinal: str
    text: str

    @classmethod
    def of(cls, passage: Passage) -> PassageOut:
        return cls(anchor=passage.anchor, kind=passage.kind, ordinal=passage.ordinal, text=passage.text)


class TableOut(Line):
    caption: str
    header: list[str]
    rows: list[list[str]]


class LinkOut(Line):
    url: str
    name: str


class ReadOut(Line):
    """``zhengce read --json``: what one page says. Dates are ISO 8601; ``issuer`` joins several issuers with 、."""

    schema_: Literal["zhengce.read/1"] = Field(default="zhengce.read/1", alias="schema")
    url: str
    health: Health
    reasons: list[str]
    encoding: str
    title: str = ""
    issuer: str = ""
    issuers: list[str] = Field(default_factory=list)
    doc_number: str = ""
    made: str | None = None
    published: str | None = None
    effective: str | None = None
    comments_until: str | None = None
    transition_until: str | None = None
    is_draft: bool = False
    text: str = ""
    passages: list[PassageOut] = Field(default_factory=list)
    tables: list[TableOut] = Field(default_factory=list)
    attachments: list[LinkOut] = Field(default_factory=list)
    images: list[LinkOut] = Field(default_factory=list)

    @classmethod
    def of(cls, url: str, reading: Reading, passages: tuple[Passage, ...]) -> ReadOut:
        verdict = cls(
            url=url, health=reading.health, reasons=list(reading.reasons), encoding=reading.encoding
        )
        document = reading.document
        if document is None:
            return verdict
        return verdict.model_copy(update=_document_fields(document, passages))


def _document_fields(document: Document, passages: tuple[Passage, ...]) -> dict[str, object]:
    def iso(day: object) -> str | None:
        return str(day) if day else None

    return {
        "title": document.title,
        "issuer": "、".join(document.issuers),
        "issuers": list(document.issuers),
        "doc_number": document.doc_number,
        "made": iso(document.made),
        "published": iso(document.published),
        "effective": iso(document.effective),
        "comments_until": iso(document.comments_until),
        "transition_until": iso(document.transition_until),
        "is_draft": document.is_draft,
        "text": document.text,
        "passages": [PassageOut.of(passage) for passage in passages],
        "tables": [
            TableOut(caption=table.caption, header=list(table.header), rows=[list(row) for row in table.rows])
            for table in document.tables
        ],
        "attachments": [LinkOut(url=link.url, name=link.name) for link in document.attachments],
        "images": [LinkOut(url=link.url, name=link.name) for link in document.images],
    }


class SearchOut(Line):
    """``zhengce search --json``: one passage that holds the words; ``highlights`` are spans of ``snippet``."""

    schema_: Literal["zhengce.search/1"] = Field(default="zhengce.search/1", alias="schema")
    document: str
    title: str
    anchor: str
    snippet: str
    highlights: list[tuple[int, int]]
    doc_number: str
    url: str


class VersionOut(Line):
    """``zhengce history --json``: one text version of a document, oldest first."""

    schema_: Literal["zhengce.history/1"] = Field(default="zhengce.history/1", alias="schema")
    id: str
    document: str
    kind: VersionKind
    title: str
    first_seen: str
    capture: str
    change: str | None
    characters: int


class DocumentOut(Line):
    """One rule document as it stands now. Dates are ISO 8601; ``first_seen`` is an instant in UTC. ``version`` is the text
    that stands, null where none could be read; ``draft`` the draft that it follows. ``status`` is that of today."""

    schema_: Literal["zhengce.document/1"] = Field(default="zhengce.document/1", alias="schema")
    id: str
    title: str
    number: str
    issuers: list[str]
    url: str
    source: str
    source_title: str
    level: SourceLevel
    status: DocumentStatus
    is_draft: bool
    made: str | None
    published: str | None
    effective: str | None
    comments_until: str | None
    transition_until: str | None
    first_seen: str
    version: str | None
    draft: str | None
    licences: list[str]


class DocumentDetailOut(DocumentOut):
    """One rule document with its addresses, tags, relations and changes (ids, newest first)."""

    schema_: Literal["zhengce.document-detail/1"] = Field(default="zhengce.document-detail/1", alias="schema")  # type: ignore[assignment]
    pages: list[str]
    tags: list[TagOut]
    does: list[RelationOut]
    suffers: list[RelationOut]
    changes: list[str]
