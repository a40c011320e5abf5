"""The words of the timeline: what was seen of a page, what is remembered of it, what happens to it. PURE."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kb.codes import Health, Origin, VersionKind
from kb.model import Comparison

# --------------------------------------------------------------------------- what is seen


@dataclass(frozen=True, slots=True)
class Good:
    """The page showed a document. ``capture`` is the full record that shows it, ``key`` names this very look."""

    at: datetime
    capture: str
    key: str
    digest: str
    origin: Origin = Origin.LIVE


@dataclass(frozen=True, slots=True)
class Bad:
    """No document was to be seen. ``key`` names this look; ``capture`` is empty when the server gave no answer.
    ``digest`` names the text of a page whose text collapsed."""

    at: datetime
    health: Health
    reasons: tuple[str, ...] = ()
    capture: str = ""
    key: str = ""
    origin: Origin = Origin.LIVE
    digest: str = ""


Sighting = Good | Bad


@dataclass(frozen=True, slots=True)
class Noise:
    """The documents differ in nothing that matters."""


@dataclass(frozen=True, slots=True)
class Technical:
    """They differ because our rules of reading do: the old bytes read by the new rules give the new document."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """The new document cannot be a state of this page (the text collapsed, say)."""

    health: Health
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differs:
    comparison: Comparison


Verdict = Noise | Technical | Unfit | Differs


# --------------------------------------------------------------------------- what is remembered


@dataclass(frozen=True, slots=True)
class State:
    """A state of the page: its version, the digest of its document and the capture that shows exactly that."""

    version: str
    digest: str
    capture: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A change seen but not yet confirmed. ``observed_from`` is the last look that showed the state before; a look
    confirms from ``confirm_from`` on."""

    change: str
    state: State
    since: datetime
    observed_from: datetime | None
    confirm_from: datetime
    reverts: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    incident: str
    health: Health
    opened_at: datetime
    occurrences: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """A run of 404 or 410 without a good capture between."""

    started_at: datetime
    captures: int
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Collapse:
    """A collapsed text, since when it is shown, and how often it was seen."""

    digest: str
    since: datetime
    looks: int


@dataclass(frozen=True, slots=True)
class PageState:
    """``before`` is the state the page showed before its last confirmed change, and ``last_change`` that change."""

    page: str
    confirmed: State | None = None
    before: State | None = None
    last_change: str = ""
    pending: Pending | None = None
    baseline_at: datetime | None = None
    baseline_confirmed: bool = False
    last_good_at: datetime | None = None
    trouble: Trouble | None = None
    absence: Absence | None = None
    collapse: Collapse | None = None

    @property
    def needs_attention(self) -> bool:
        """Whether another look at the same state could still change something besides the time of the last look."""
        return bool(
            self.confirmed is None
            or self.pending
            or self.trouble
            or self.absence
            or not self.baseline_confirmed
        )


Judge = Callable[[State, Good], Verdict]


# --------------------------------------------------------------------------- what happens


@dataclass(frozen=True, slots=True)
class VersionStarted:
    version: str
    kind: VersionKind
    good: Good


@dataclass(frozen=True, slots=True)
class VersionAdvanced:
    """The version now shows a document that differs from the one before in noise only."""

    version: str
    good: Good


@dataclass(frozen=True, slots=True)
class CurrentVersion:
    """This version is the page's confirmed state from now on."""

    version: str


@dataclass(frozen=True, slots=True)
class BaselineConfirmed:
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeObserved:
    change: str
    before: str
    after: str
    comparison: Comparison
    observed_from: datetime | None
    confirm_from: datetime
    good: Good
    reverts: str = ""


@dataclass(frozen=True, slots=True)
class ChangeConfirmed:
    change: str
    at: datetime
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class ChangeHeld:
    """The next good look showed the old state again."""

    change: str


@dataclass(frozen=True, slots=True)
class ChangeDoubted:
    """A collapsed text that stays: perhaps a short notice in place of the rule, perhaps a page half shown. Held."""

    change: str


@dataclass(frozen=True, slots=True)
class ChangeSwallowed:
    change: str
    by: str


@dataclass(frozen=True, slots=True)
class IncidentChanged:
    """An incident opened or was seen again."""

    trouble: Trouble
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentClosed:
    incident: str
    at: datetime
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsenceReached:
    """404 or 410 on three captures over three days; whether the page is gone depends on its list and its source."""

    started_at: datetime
    bad: Bad


Event = (
    VersionStarted
    | VersionAdvanced
    | CurrentVersion
    | BaselineConfirmed
    | ChangeObserved
    | ChangeConfirmed
    | ChangeHeld
    | ChangeDoubted
    | ChangeSwallowed
    | IncidentChanged
    | IncidentClosed
    | AbsenceReached
)
Step = tuple[PageState, tuple[Event, ...]]
