"""What people decided, beside what the timeline found: the confirmation that readers see is a function of the two.

``changes.found`` is what captures, declarations and code make of a change; ``confirmation`` is that after the decisions
about it. Both are always written together, so that no reader ever sees a rejected change as a confirmed one. Runs inside
the transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.codes import Confirmation, DecisionKind, HeldFor, Significance
from kb.decisions import Decision
from kb.model import Comparison, instant
from kb.sqlite import sqlite3
from kb.store.serial import digest, dumps
from kb.store.tagged import TAG_KINDS, settle_said
from kb.store.transaction import transaction

RELEASING = frozenset(
    {DecisionKind.CHANGE_RELEASED, DecisionKind.PAGE_WITHDRAWN, DecisionKind.ABSENCE_CONFIRMED}
)
VERDICTS = RELEASING | {DecisionKind.CHANGE_REJECTED}
"""The decisions of which the last one said holds."""

_ABOUT = """
    SELECT kind, at, about FROM decisions
    WHERE subject = :change OR subject IN (SELECT from_id FROM redirects WHERE to_id = :change AND kind = 'change')
    ORDER BY at, decision_id
"""


def words_key(comparison: Comparison) -> str:
    """Names the words of a change: a decision holds until they differ. What is noise has no say in it."""
    return key_of_words(
        (p.before, p.after) for p in comparison.differing if p.significance is not Significance.NOISE
    )


def key_of_words(passages: Iterable[tuple[str, str]]) -> str:
    words = [list(pair) for pair in passages]
    return digest(dumps(words)) if words else ""


def take_decisions(connection: sqlite3.Connection, decisions: Iterable[Decision]) -> list[str]:
    """Make the table say what the files say, and every change what follows from it. Gives the ids of the changes whose
    confirmation moved. In a transaction of its own."""
    wanted = {decision.id: decision for decision in decisions}
    held = {
        row[0]: (row[1], DecisionKind(row[2]))
        for row in connection.execute("SELECT decision_id, subject, kind FROM decisions")
    }
    fresh = [wanted[identifier] for identifier in sorted(wanted.keys() - held.keys())]
    lost = sorted(held.keys() - wanted.keys())
    if not fresh and not lost:
        return []
    with transaction(connection):
        connection.executemany("DELETE FROM decisions WHERE decision_id = ?", [(each,) for each in lost])
        connection.executemany(
            "INSERT INTO decisions (decision_id, kind, subject, said, at, about) VALUES (?, ?, ?, ?, ?, ?)",
            [(d.id, d.kind, d.subject, d.said, instant(d.at), d.about) for d in fresh],
        )
        moved = {held[identifier] for identifier in lost} | {(each.subject, each.kind) for each in fresh}
        for subject in sorted({subject for subject, kind in moved if kind in TAG_KINDS}):
            settle_said(connection, subject)
        subjects = {subject for subject, kind in moved if kind not in TAG_KINDS}
        return [change for subject in sorted(subjects) if (change := _moved(connection, subject))]


def _moved(connection: sqlite3.Connection, subject: str) -> str:
    """The change that a subject leads to, if deciding about it moved its confirmation."""
    row = connection.execute(
        "SELECT to_id FROM redirects WHERE from_id = ? AND kind = 'change'", (subject,)
    ).fetchone()
    change = str(row[0]) if row else subject
    before = _confirmation(connection, change)
    decide(connection, change)
    return change if _confirmation(connection, change) != before else ""


def _confirmation(connection: sqlite3.Connection, change: str) -> str | None:
    row = connection.execute("SELECT confirmation FROM changes WHERE change_id = ?", (change,)).fetchone()
    return row[0] if row else None


def decide(connection: sqlite3.Connection, change: str) -> None:
    """Write the confirmation of a change (a public id) anew, from what was found and what was decided about it."""
    row = connection.execute(
        "SELECT found, found_at, words_key, held_for FROM changes WHERE change_id = ?", (change,)
    ).fetchone()
    if row is None:
        return
    found, at, key, held_for = Confirmation(row[0]), row[1], row[2], row[3]
    said = [
        (DecisionKind(each[0]), each[1], each[2])
        for each in connection.execute(_ABOUT, {"change": change})
        if DecisionKind(each[0]) in VERDICTS
    ]
    confirmation, at = effective(found, at, key, said)
    if found is not Confirmation.HELD:
        held_for = HeldFor.REWORDED if _reworded(found, confirmation, key, said) else ""
    connection.execute(
        "UPDATE changes SET confirmation = ?, confirmed_at = ?, held_for = ? WHERE change_id = ?",
        (confirmation, at, held_for, change),
    )


def _reworded(
    found: Confirmation, confirmation: Confirmation, key: str, said: list[tuple[DecisionKind, str, str]]
) -> bool:
    """Whether a confirmed change waits, or waited until it was let out, because it was rejected in other words."""
    return (
        found is Confirmation.CONFIRMED
        and confirmation is not Confirmation.RETRACTED
        and any(kind is DecisionKind.CHANGE_REJECTED and about not in {"", key} for kind, _, about in said)
    )


def effective(
    found: Confirmation, found_at: str | None, key: str, said: list[tuple[DecisionKind, str, str]]
) -> tuple[Confirmation, str | None]:
    """What holds, and since when it is confirmed; ``said`` are the verdicts in order of time: kind, at, words.

    A verdict holds for the words it was said of. Of other words a release says nothing; a rejection does not silence
    them, but they are not told unseen either: they wait.
    """
    of_these = [each for each in said if each[2] in {"", key}]
    if of_these:
        kind, at, _ = of_these[-1]
        if kind is DecisionKind.CHANGE_REJECTED:
            return Confirmation.RETRACTED, None
        return (Confirmation.CONFIRMED, at) if found is Confirmation.HELD else (found, found_at)
    rejected = bool(said) and said[-1][0] is DecisionKind.CHANGE_REJECTED
    if rejected and found is Confirmation.CONFIRMED:
        return Confirmation.HELD, None
    return found, found_at
