"""What the demonstration found, read back from kb.db, ops.db and the mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from kb.codes import ChangeKind
from kb.config import DataDirectory
from scheduler.alerts.text import today
from scheduler.demo.mailbox import Mailbox
from scheduler.facts import ChangeFacts, IncidentFacts, gather
from scheduler.observed import Observed
from scheduler.ops import Ops

QUIET = frozenset({ChangeKind.BASELINE, ChangeKind.TECHNICAL})
PURPOSES = {"change": "immediate", "late_notice": "immediate"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that really arrived. ``about``: a document's title, a source's id, or empty for a digest."""

    day: date
    subscription: str
    purpose: str
    about: str
    channel: str


@dataclass(frozen=True, slots=True)
class Found:
    documents: int
    changes: tuple[ChangeFacts, ...]
    incidents: tuple[IncidentFacts, ...]
    arrived: tuple[Arrived, ...]
    unknown: tuple[str, ...] = ()  # ids of messages that arrived and that the ledger does not know
    troubles: tuple[IncidentFacts, ...] = ()  # page by page, where ``incidents`` are gathered

    def still(self, incident: IncidentFacts) -> int:
        """How many pages of its source could not be seen when this problem ended, as the mail about its end says."""
        closed = incident.closed_at
        return sum(
            closed is not None
            and each.source == incident.source
            and each.opened_at <= closed
            and (each.closed_at is None or each.closed_at > closed)
            for each in self.troubles
        )


def path_of(url: str) -> str:
    return urlsplit(url).path


def read_found(data: DataDirectory, ops: Ops, mailbox: Mailbox) -> Found:
    with Observed(data.kb) as observed:
        ids = [
            row[0]
            for row in observed.connection.execute("SELECT change_id FROM changes ORDER BY observed_to, id")
        ]
        changes = tuple(change for change in observed.changes(ids) if change.kind not in QUIET)
        (documents,) = observed.connection.execute("SELECT count(*) FROM documents").fetchone()
        troubles = tuple(observed.incidents())
        return Found(
            documents,
            changes,
            tuple(gather(troubles)),
            _arrived(ops, mailbox, observed),
            tuple(alert for alert in mailbox.received if not _in_ledger(ops, alert)),
            troubles,
        )


def _in_ledger(ops: Ops, alert: str) -> bool:
    return bool(ops.rows("SELECT 1 FROM alerts WHERE id = ?", (alert,)))


def _arrived(ops: Ops, mailbox: Mailbox, observed: Observed) -> tuple[Arrived, ...]:
    """Every message in the mailbox, by the ledger's knowledge of its id; twice arrived counts twice."""
    names = {s.id: s.name for s in ops.subscriptions()}
    suffixes = {"email": ".eml", "webhook": ".json"}
    found = []
    for alert in mailbox.received:
        rows = ops.rows("SELECT * FROM alerts WHERE id = ?", (alert,))
        if not rows:
            continue
        row = rows[0]
        about = ""
        if row["kind"] in {"change", "late_notice", "correction"}:
            about = next((change.title for change in observed.changes([row["about"]])), row["about"])
        elif row["kind"] in {"incident", "recovery"}:
            about = next(
                (i.source for i in observed.incidents("i.incident_id = ?", (row["about"],))), row["about"]
            )
        channel = next(c for c, suffix in suffixes.items() if list(mailbox.folder.glob(f"*-{alert}{suffix}")))
        found.append(
            Arrived(
                today(datetime.fromisoformat(row["created_at"])),
                names.get(row["subscription"], row["subscription"]),
                PURPOSES.get(row["kind"], row["kind"]),
                about,
                channel,
            )
        )
    return tuple(found)
