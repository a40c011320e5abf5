"""The nouns of the house, and the ids that name them. Their closed vocabularies are in ``kb.codes``.

All timestamps are timezone-aware; dates are calendar dates in Beijing time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit, urlunsplit

from kb.codes import BlockKind, ChangeKind, Confidence, DeltaKind, Health, Op, Origin, PageRole, Significance

# --------------------------------------------------------------------------- what reading yields


@dataclass(frozen=True, slots=True)
class Cell:
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document in reading order, its text normalised (no leading or doubled white space).

    ``row_key`` names a table row by its key cells, e.g. ``("深度合成", "AI绘画")``; ``cells`` are its cells with
    spans expanded. ``address`` is the absolute URL of an image.
    """

    kind: BlockKind
    text: str
    level: int = 0
    row_key: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An attachment or image named by a document: absolute URL and the words it is linked with."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """What one page says, read from its bytes. ``text`` is the blocks' text joined by newlines."""

    title: str
    blocks: tuple[Block, ...]
    issuers: tuple[str, ...] = ()
    doc_number: str = ""
    made: date | None = None
    published: date | None = None
    effective: date | None = None
    comments_until: date | None = None
    transition_until: date | None = None
    is_draft: bool = False
    tables: tuple[Table, ...] = ()
    attachments: tuple[Link, ...] = ()
    images: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks if block.text)


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict on one page and, when ``health`` is ok, its document."""

    health: Health
    reasons: tuple[str, ...] = ()
    encoding: str = ""
    document: Document | None = None


# --------------------------------------------------------------------------- what comparing yields


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest citable unit. ``anchor`` is its path, e.g. ``第三章/第十二条/第二款`` or ``深度合成/AI绘画``.

    ``ordinal`` is the numbering as printed (``第十二条``, ``（三）``), which ``text`` leaves out, so that a passage that
    was only renumbered has the same text. ``kind`` is ``heading``, ``article``, ``clause``, ``item``, ``paragraph``,
    ``row``, ``image`` or ``reply``.
    """

    anchor: str
    text: str
    kind: str = "paragraph"
    ordinal: str = ""
    parent: str = ""

    @property
    def printed(self) -> str:
        return f"{self.ordinal}　{self.text}" if self.ordinal and self.text else self.ordinal or self.text


@dataclass(frozen=True, slots=True)
class Span:
    """Words that changed inside an amended passage; offsets are code points into the printed before and after texts."""

    op: str  # "delete", "insert" or "replace"
    before_start: int
    before_end: int
    after_start: int
    after_end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ObligationDelta:
    """A point of a duty before and after; an empty string where it does not stand. The offsets are code points into the
    passage change's ``before`` and ``after``, -1 where there is none; two deltas that say the same are the same."""

    kind: DeltaKind
    before: str
    after: str
    before_start: int = field(default=-1, compare=False)
    after_start: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class PassageChange:
    op: Op
    significance: Significance
    anchor_before: str
    anchor: str
    before: str
    after: str
    spans: tuple[Span, ...] = ()
    deltas: tuple[ObligationDelta, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two texts, clause by clause, in the order of the new text."""

    kind: ChangeKind
    significance: Significance
    passages: tuple[PassageChange, ...]
    effective: date | None = None
    health: Health = Health.OK
    reason: str = ""

    @property
    def differing(self) -> tuple[PassageChange, ...]:
        return tuple(p for p in self.passages if p.op is not Op.SAME)


# --------------------------------------------------------------------------- what tagging yields


@dataclass(frozen=True, slots=True)
class LicenceTag:
    """``text[start:end] == evidence``, where text is the named field (``title``, ``text`` or an anchor of a passage)."""

    licence: str
    rule: str
    evidence: str
    field: str
    start: int
    end: int
    reason: str
    confidence: Confidence = Confidence.HIGH


# --------------------------------------------------------------------------- what is captured


@dataclass(frozen=True, slots=True)
class Capture:
    """One immutable HTTP exchange: the evidence. ``body`` is as it came over the wire (content-encoding included)."""

    source: str
    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    role: PageRole = PageRole.DOCUMENT
    origin: Origin = Origin.LIVE

    @property
    def page_id(self) -> str:
        return page_id(self.source, self.url)

    @property
    def body_digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def capture_id(self) -> str:
        return capture_id(self.page_id, self.fetched_at, self.body_digest)


# --------------------------------------------------------------------------- ids


def stable_id(prefix: str, *parts: str) -> str:
    """``prefix-`` and 12 hex digits of the SHA-256 of the parts joined by newlines."""
    return f"{prefix}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:12]}"


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, the one form in which an instant is stored or hashed."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


TRACKING_PARAMETERS = frozenset({"random", "spm", "utm_source", "utm_medium", "utm_campaign"})


def canonical_url(url: str) -> str:
    """The address under which a page is known: no fragment, no tracking parameter, host in lower case, the rest as given.

    Nothing is decoded: escapes in a site's own encoding (GBK on many) would all become the same replacement character.
    """
    parts = urlsplit(url.strip())
    query = "&".join(p for p in parts.query.split("&") if p.partition("=")[0] not in TRACKING_PARAMETERS)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", query, ""))


def page_id(source: str, url: str) -> str:
    return stable_id("pg", source, canonical_url(url))


def capture_id(page: str, fetched_at: datetime, body_digest: str) -> str:
    return stable_id("ca", page, instant(fetched_at), body_digest)


def version_id(page: str, first_capture: str) -> str:
    return stable_id("ve", page, first_capture)


def change_id(page: str, first_capture: str) -> str:
    return stable_id("ch", page, first_capture)
