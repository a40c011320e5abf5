"""What people said beside what the program found: shown under their own name, never in its place."""

from __future__ import annotations

from dataclasses import dataclass

from kb.codes import DecisionKind
from kb.sqlite import sqlite3
from kb.store.decided import VERDICTS


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A decision about a change; ``at`` is ISO 8601 in UTC. Not ``current``: it was made of other words."""

    kind: DecisionKind
    at: str
    current: bool


def verdicts(connection: sqlite3.Connection, change: str) -> tuple[VerdictRow, ...]:
    """What people decided about a change (its id today), newest first: of its own words the first one holds."""
    rows = connection.execute(
        "SELECT d.kind, d.at, d.about IN ('', c.words_key) AS current FROM decisions d JOIN changes c"
        " ON c.change_id = :change WHERE d.subject = :change OR d.subject IN"
        " (SELECT from_id FROM redirects WHERE to_id = :change AND kind = 'change')"
        " ORDER BY d.at DESC, d.decision_id DESC",
        {"change": change},
    )
    found = (VerdictRow(DecisionKind(row["kind"]), row["at"], bool(row["current"])) for row in rows)
    return tuple(row for row in found if row.kind in VERDICTS)


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """The text a person read from an image; ``at`` is ISO 8601 in UTC. Not ``current``: the image is another by now."""

    text: str
    at: str
    current: bool


def readings(connection: sqlite3.Connection, change: str) -> tuple[ReadingRow, ...]:
    """What people read from the image of a change (its id today), newest first."""
    rows = connection.execute(
        "SELECT d.said, d.at, d.about IN ('', c.words_key) AS current FROM decisions d JOIN changes c"
        " ON c.change_id = :change WHERE d.kind = :kind AND (d.subject = :change OR d.subject IN"
        " (SELECT from_id FROM redirects WHERE to_id = :change AND kind = 'change'))"
        " ORDER BY d.at DESC, d.decision_id",
        {"change": change, "kind": DecisionKind.IMAGE_READ},
    )
    return tuple(ReadingRow(row["said"], row["at"], bool(row["current"])) for row in rows)
