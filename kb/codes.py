"""The closed vocabularies: every code that the house knows, and nothing else.

Values of every ``StrEnum`` are the JSON values; the words people read are in ``kb.words``.
"""

from __future__ import annotations

from enum import StrEnum


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


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ROW = "row"
    IMAGE = "image"
    REPLY = "reply"
