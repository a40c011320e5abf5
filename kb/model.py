"""The nouns of the house and their closed vocabularies.

Values of every ``StrEnum`` are the JSON values; the words people read are in ``kb.words``.
All timestamps are timezone-aware; dates are calendar dates in Beijing time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

# --------------------------------------------------------------------------- closed vocabularies


class VersionKind(StrEnum):
    FIRST = "first"
    CHANGE = "change"
    TECHNICAL = "technical"
    GONE = "gone"


class ChangeKind(StrEnum):
    BASELINE = "baseline"
    NEW = "new"
    AMENDED = "amended"
    ATTACHMENT_REPLACED = "attachment_replaced"
    IMAGE_REPLACED = "image_replaced"
    OFFICIAL_REPLY = "official_reply"
    DRAFT_PUBLISHED = "draft_published"
    DRAFT_REOPENED = "draft_reopened"
    FINALISED = "finalised"
    CAME_INTO_FORCE = "came_into_force"
    REPEALED = "repealed"
    GONE = "gone"
    ADDRESS_MOVED = "address_moved"
    AUTHORITY_RENAMED = "authority_renamed"
    DUTY_TRANSFERRED = "duty_transferred"
    REPUBLISHED = "republished"
    COPIES_DIVERGE = "copies_diverge"
    LIST_BATCH = "list_batch"
    REVERTED = "reverted"
    TECHNICAL = "technical"


class Significance(StrEnum):
    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    NOISE = "noise"


class Flag(StrEnum):
    NEEDS_READING = "needs_reading"
    ROUTINE = "routine"


class Confirmation(StrEnum):
    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    HELD = "held"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


class HeldFor(StrEnum):
    """Why a change waits for a person before anybody is alerted."""

    FLIP = "flip"  # the next good look showed the old text again
    COLLAPSE = "collapse"  # a collapsed text that stayed
    GONE = "gone"  # the page answers 404 or 410 for days
    OLD_ROW = "old_row"  # a document of long ago that slid into its list
    REWORDED = "reworded"  # a person rejected it when it read otherwise
    REVEALED = "revealed"  # found by a re-reading of old captures only
    RETAGGED = "retagged"  # a new vocabulary finds a licence type that nobody was told of
    WITHDRAWN = "withdrawn"  # told once, and not found by today's reading of the same captures


class DecisionKind(StrEnum):
    """What a person said, as ``decisions/*.jsonl`` keeps it."""

    CHANGE_RELEASED = "change_released"
    CHANGE_REJECTED = "change_rejected"
    IMAGE_READ = "image_read"  # ``said`` is the text a person read
    PAGE_WITHDRAWN = "page_withdrawn"  # the site took the page down
    ABSENCE_CONFIRMED = "absence_confirmed"  # the text that is missing is missing on the site too
    DERIVATION_ACCEPTED = "derivation_accepted"  # today's reading stands where it withdraws what was told
    TAG_ACCEPTED = "tag_accepted"  # ``said`` is a licence type, in the three of tags
    TAG_REJECTED = "tag_rejected"
    TAG_ADDED = "tag_added"


class Op(StrEnum):
    SAME = "same"
    AMENDED = "amended"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    SPLIT = "split"
    MERGED = "merged"


class DeltaKind(StrEnum):
    DEADLINE = "deadline"
    AMOUNT = "amount"
    THRESHOLD = "threshold"
    PERCENTAGE = "percentage"
    MODALITY = "modality"
    PENALTY = "penalty"
    MATERIAL = "material"
    AUTHORITY = "authority"
    SCOPE = "scope"
    SUBJECT = "subject"
    EXCEPTION = "exception"
    FEE = "fee"
    VALIDITY = "validity"
    TRANSITION = "transition"


class DocumentStatus(StrEnum):
    DRAFT_OPEN = "draft_open"
    DRAFT_CLOSED = "draft_closed"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    IN_FORCE = "in_force"
    IN_FORCE_AMENDED = "in_force_amended"
    PARTLY_REPEALED = "partly_repealed"
    REPEALED = "repealed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    PLATFORM_CURRENT = "platform_current"
    UNKNOWN = "unknown"


class RelationKind(StrEnum):
    """What a document does to another rule. ``draft_of`` leads from the final text to the draft it follows."""

    REPEALS = "repeals"
    REPLACES = "replaces"
    REPEALS_PARTLY = "repeals_partly"
    AMENDS = "amends"
    DRAFT_OF = "draft_of"
    INTERPRETS = "interprets"
    CITES = "cites"


class Health(StrEnum):
    OK = "ok"
    CHALLENGE = "challenge"
    REFUSED = "refused"
    ROBOTS_DISALLOWED = "robots_disallowed"
    LOGIN_WALL = "login_wall"
    SOFT_404 = "soft_404"
    NOT_FOUND = "not_found"
    MAINTENANCE = "maintenance"
    REDIRECT_HOME = "redirect_home"
    EMPTY_SHELL = "empty_shell"
    WRONG_TYPE = "wrong_type"
    BODY_GONE = "body_gone"
    COLLAPSE = "collapse"
    TRUNCATED = "truncated"
    UNDECODABLE = "undecodable"
    UNREACHABLE = "unreachable"
    TLS_ERROR = "tls_error"


class SourceState(StrEnum):
    WATCHED = "watched"
    PARTLY_WATCHED = "partly_watched"
    NOT_WATCHED = "not_watched"
    UNTRIED = "untried"  # declared and enabled, never looked at so far
    IMPORTED = "imported"  # all that is held of it was imported; no program ever looked
    MANUAL = "manual"
    UNVERIFIED = "unverified"


class Coverage(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MANUAL = "manual"
    BLIND = "blind"


class SourceLevel(StrEnum):
    REGULATOR = "regulator"
    GAZETTE = "gazette"
    OFFICIAL_REPRINT = "official_reprint"
    PLATFORM = "platform"
    OFFICIAL_REPLY = "official_reply"
    AGENCY = "agency"
    HAND_SAVED = "hand_saved"


class IncidentState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class DeliveryState(StrEnum):
    PENDING = "pending"
    LEASED = "leased"
    DELIVERED = "delivered"
    RETRY = "retry"
    DEAD = "dead"
    BOUNCED = "bounced"
    DISABLED = "disabled"
    HELD = "held"
    IN_DIGEST = "in_digest"
    PAUSED = "paused"
    ACKNOWLEDGED = "acknowledged"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Origin(StrEnum):
    """How a capture came to us. Only ``live`` ones can alert; ``replay`` is never shown as evidence."""

    LIVE = "live"
    REPLAY = "replay"
    IMPORT = "import"


class PageRole(StrEnum):
    LIST = "list"
    DOCUMENT = "document"
    ATTACHMENT = "attachment"
    IMAGE = "image"


class DateKind(StrEnum):
    """Why a day stands in the calendar."""

    COMMENTS = "comments_until"
    EFFECTIVE = "effective"
    TRANSITION = "transition_until"
    DUTY = "yearly_duty"
    RENEWAL = "renewal_begins"
    EXPIRY = "expires"


class HoldingKind(StrEnum):
    """A licence of one's own, or what a model vendor gave: 合作协议, 在用证明."""

    LICENCE = "licence"
    AGREEMENT = "agreement"
    CERTIFICATE = "certificate"


# --------------------------------------------------------------------------- what reading yields


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROW = "row"
    IMAGE = "image"
    REPLY = "reply"


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
