"""What a person says of a tag: that it is right, wrong or missing. Kept as a decision about the very words."""

from __future__ import annotations

import json
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.codes import DecisionKind
from kb.config import DataDirectory
from kb.decisions import Decision, append_decisions, read_decisions
from kb.errors import DataDirectoryBusy, NotFound, UsageError
from kb.licences import licences
from kb.store import open_reader
from kb.store.deciding import take_decisions_of
from kb.store.queries.doubtful import changes_without
from kb.store.tagged import read_tags, tagged
from scheduler.alerts.retagging import drop_tag, release_tag
from scheduler.ops import Ops

WORDS = {
    "accept": DecisionKind.TAG_ACCEPTED,
    "reject": DecisionKind.TAG_REJECTED,
    "add": DecisionKind.TAG_ADDED,
}


@dataclass(frozen=True, slots=True)
class Said:
    """``told``: subscribers whom a rejected tag alone had reached; they hear nothing more of this change. ``changes``: those
    of a document that do not carry the tag it was given: a tag of a document tells nobody by itself."""

    decision: Decision
    told: int = 0
    changes: tuple[str, ...] = ()


def say_of_tag(
    data: DataDirectory,
    identifier: str,
    word: str,
    licence: str,
    *,
    who: str = "",
    note: str = "",
    now: datetime,
) -> Said:
    """Write down what a person says of a tag of a change or document, and let it take effect: at once, or at the next
    step of a round that is under way. Raises ``NotFound``, ``UsageError``."""
    if licence not in licences():
        raise NotFound(f"没有名为 {licence} 的资质事项", do="zhengce licence 可列出全部事项")
    with closing(open_reader(data.kb)) as reader:
        target = tagged(reader, identifier)
        tags = {tag.licence for tag in read_tags(reader, "licence_tags", target.kind, target.id)}
        found = tags | {tag.licence for tag in read_tags(reader, "tags_found", target.kind, target.id)}
    if word != "add" and licence not in found:
        raise UsageError(
            f"没有标注 {licence}", where=target.id, do=f"要补充标注：zhengce review {target.id} add {licence}"
        )
    at = _after_what_was_said(data, target.id, licence, now)
    decision = Decision(WORDS[word], target.id, at, said=licence, about=target.key)
    append_decisions(data.decisions, [decision])
    told = _note(data, decision, tags - {licence}, who, note)
    with suppress(DataDirectoryBusy), data.writer():
        take_decisions_of(data)
    without: tuple[str, ...] = ()
    if target.kind == "document" and decision.kind is DecisionKind.TAG_ADDED:
        with closing(open_reader(data.kb)) as reader:
            without = changes_without(reader, target.id, licence)
    return Said(decision, told, without)


def _after_what_was_said(data: DataDirectory, subject: str, licence: str, now: datetime) -> datetime:
    """Now, but later than all that was said of this tag: the last word counts, also within one second, or after a clock
    was set back."""
    said = [d.at for d in read_decisions(data.decisions).all if (d.subject, d.said) == (subject, licence)]
    return max([now, *(at + timedelta(seconds=1) for at in said)])


def _note(data: DataDirectory, decision: Decision, others: set[str], who: str, note: str) -> int:
    """The name beside a decision, and the end of a hold of ours; gives how many a rejected tag alone had reached."""
    if not (data.ops.exists() or who or note):
        return 0
    data.create()
    with Ops(data.ops) as ops, ops.transaction():
        ops.note_decision(decision, who=who, note=note)
        if decision.kind is not DecisionKind.TAG_REJECTED:
            release_tag(ops, decision.subject, decision.said)
            return 0
        drop_tag(ops, decision.subject, decision.said)
        return _told_only_by(ops, decision, others)


def _told_only_by(ops: Ops, decision: Decision, others: set[str]) -> int:
    rows = ops.rows(
        "SELECT facts FROM alerts WHERE about = ? AND kind IN ('change', 'late_notice')"
        " AND EXISTS (SELECT 1 FROM json_each(facts, '$.licences') WHERE value = ?)"
        " AND NOT EXISTS (SELECT 1 FROM json_each(facts, '$.licences') AS l"
        "   WHERE l.value IN (SELECT value FROM json_each(?)))",
        (decision.subject, decision.said, json.dumps(sorted(others))),
    )
    return len(rows)
