"""What the top floor needs to know of the knowledge base, as plain values: the pure modules decide from these alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from kb import words
from kb.codes import ChangeKind, Confirmation, Flag, Health, HeldFor, Op, Origin, Significance, SourceLevel
from kb.model import LicenceTag, PassageChange


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """``last_attempt`` is when the newest run started; ``failing``: that run saw nothing it could use."""

    id: str
    period_hours: int = 24
    last_attempt: datetime | None = None
    failing: bool = False


@dataclass(frozen=True, slots=True)
class ProvisionalFacts:
    """A live change that waits for its second look. ``last_look`` is our newest second look at its page, and ``looks``
    counts them since the page was last settled. Only a look from ``confirm_from`` on confirms it."""

    change: str
    source: str
    url: str
    first_seen: datetime
    last_look: datetime | None = None
    looks: int = 0
    confirm_from: datetime | None = None

    @property
    def page(self) -> str:
        """Under which our notes about second looks are kept."""
        return look_key(self.source, self.url)


def look_key(source: str, url: str) -> str:
    return f"{source} {url}"


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One change with all that a message says about it. Digests are SHA-256 in hex; times are aware."""

    id: str
    page: str
    url: str
    source: str
    source_title: str
    authority: str
    level: SourceLevel
    title: str
    kind: ChangeKind
    significance: Significance
    confirmation: Confirmation
    origin: Origin
    headline: str
    new_seen: datetime
    old_seen: datetime | None = None
    confirmed_at: datetime | None = None
    flags: frozenset[Flag] = frozenset()
    doc_number: str = ""
    passages: tuple[PassageChange, ...] = ()
    tags: tuple[LicenceTag, ...] = ()
    effective: date | None = None
    comments_until: date | None = None
    is_draft: bool = False
    capture_before: str = ""
    capture_after: str = ""
    digest_after: str = ""
    undoes: str = ""
    reason: str = ""
    held_for: HeldFor | None = None
    rows: tuple[str, ...] = ()  # what a change of a filing list tells of, row by row
    part: str = ""  # the name of the attachment or image that changed; ``title`` is then its document's
    region: str = ""  # the province whose local rule it is; empty for the whole country

    @property
    def differing(self) -> tuple[PassageChange, ...]:
        return tuple(p for p in self.passages if p.op is not Op.SAME)

    @property
    def substantive(self) -> tuple[PassageChange, ...]:
        return tuple(p for p in self.differing if p.significance is Significance.SUBSTANTIVE)


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """A source problem. ``times`` counts the looks that failed in a row; ``licences`` are those of its source.

    ``health`` is ``None`` when no page said why: the source was not looked at for long (a dead crawl, a stopped machine).
    """

    id: str
    source: str
    source_title: str
    url: str
    health: Health | None
    reason: str
    opened_at: datetime
    last_at: datetime
    times: int = 1
    closed_at: datetime | None = None
    last_good_at: datetime | None = None
    last_good_capture: str = ""
    licences: tuple[str, ...] = ()
    whole_source: bool = True
    page_title: str = ""
    region: str = ""

    @property
    def trouble(self) -> str:
        """What a reader is told it is."""
        return words.zh(self.health) if self.health else "长时间没有一次成功的查看"


def gather(incidents: Iterable[IncidentFacts]) -> list[IncidentFacts]:
    """One a source and spell: when the list cannot be seen, what its pages show is the same problem.

    The gathered problem keeps the id and address of the list's and says what most of its pages show. Problems of single
    pages, while the list is well, stay single.
    """
    spells: dict[tuple[str, datetime, datetime | None], list[IncidentFacts]] = {}
    for incident in incidents:
        spells.setdefault((incident.source, incident.opened_at, incident.closed_at), []).append(incident)
    found = []
    for spell in spells.values():
        whole = [incident for incident in spell if incident.whole_source]
        if not whole:
            found += spell
            continue
        usual = Counter(incident.health for incident in spell).most_common(1)[0][0]
        told = next(incident for incident in spell if incident.health is usual)
        first = min(whole, key=lambda incident: incident.id)
        found.append(replace(first, health=usual, reason=told.reason))
    return found


@dataclass(frozen=True, slots=True)
class LookFacts:
    """What was looked at between two digests: sources due and seen, pages seen, titles of sources that were not.

    ``first`` of the seen sources were seen for the first time: there was nothing to compare with.
    """

    sources_due: int
    sources_seen: int
    pages: int
    not_seen: tuple[str, ...] = ()
    first: int = 0
