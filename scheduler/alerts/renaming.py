"""A change that was told keeps its name: an id is made of the first capture that shows the new text, and a run log that
arrives late may hold an earlier one. What was told of the old id then counts for the new one, and is not told again."""

from __future__ import annotations

from scheduler.alerts.kept import kept_words
from scheduler.observed import Observed
from scheduler.ops import Ops

NO_WORDS = "{}"


def follow_renamed(ops: Ops, observed: Observed) -> frozenset[str]:
    """Let our ledger follow changes of the same page and words that kb.db knows by another id only; gives the ids that
    they had."""
    known = {row["change"]: row for row in ops.rows("SELECT change, page, words FROM considered")}
    fresh = {change: page for change, page in observed.alertable().items() if change not in known}
    pages = set(fresh.values())
    told = {
        (row["page"], row["words"]): change
        for change, row in known.items()
        if row["page"] in pages and row["words"] != NO_WORDS and not observed.changes([change])
    }
    renamed = set()
    for change in observed.changes(fresh) if told else ():
        before = told.pop((change.page, kept_words(change)), None)
        if before is not None:
            _rename(ops, before, change.id)
            renamed.add(before)
    return frozenset(renamed)


def _rename(ops: Ops, before: str, change: str) -> None:
    with ops.transaction() as db:
        for statement in (
            "UPDATE considered SET change = ? WHERE change = ?",
            "UPDATE digest_items SET change = ? WHERE change = ?",
            "UPDATE alerts SET about = ? WHERE about = ?",
            "UPDATE OR REPLACE newly_tagged SET change = ? WHERE change = ?",
        ):
            db.execute(statement, (change, before))
        db.execute("DELETE FROM holds WHERE change = ? AND released_at IS NULL", (before,))
