"""Everything that waits for a person before anybody is told, in one list, with the words it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from kb import words
from kb.codes import ChangeKind, Confirmation, DecisionKind, Flag, HeldFor, Significance
from kb.config import BEIJING, DataDirectory
from kb.decisions import Decision, append_decisions
from kb.errors import DataDirectoryBusy, NotFound, UsageError
from kb.model import PassageChange
from kb.store.deciding import take_decisions_of
from kb.store.queries.decisions import VerdictRow, verdicts
from scheduler.alerts.kept import read_words
from scheduler.alerts.retagging import waiting_tags
from scheduler.names import short_name
from scheduler.observed import Observed
from scheduler.ops import Ops
from scheduler.reviewing import say_of_tag


@dataclass(frozen=True, slots=True)
class Held:
    """``kind`` and ``seen`` are unknown of a change that today's reading does not find. ``told``: alerts sent of it."""

    id: str
    held_for: HeldFor
    reason: str
    source: str
    title: str
    headline: str
    url: str
    significance: Significance
    passages: tuple[PassageChange, ...]
    kind: ChangeKind | None = None
    seen: datetime | None = None
    told: int = 0


def waiting(data: DataDirectory) -> list[Held]:
    """Changes held by what was seen, then those that a re-reading revealed, then those that it withdrew."""
    if not data.kb.exists():
        return []
    with Observed(data.kb) as observed:
        held = list(_held(observed, observed.held(), {}))
        if data.ops.exists():
            with Ops(data.ops) as ops:
                revealed = ops.waiting(HeldFor.REVEALED)
                held += _held(observed, dict.fromkeys(revealed, HeldFor.REVEALED), revealed)
                held += _withdrawn(ops)
                held += _newly_tagged(observed, ops, {each.id for each in held})
    return held


def _held(observed: Observed, ids: Mapping[str, HeldFor], reasons: Mapping[str, str]) -> Iterator[Held]:
    for change in observed.changes(ids):
        yield Held(
            id=change.id,
            held_for=ids[change.id],
            reason=reasons.get(change.id) or change.reason,
            source=change.source,
            title=change.title,
            headline=change.headline,
            url=change.url,
            significance=change.significance,
            passages=change.differing,
            kind=change.kind,
            seen=change.new_seen,
        )


def _newly_tagged(observed: Observed, ops: Ops, listed: set[str]) -> Iterator[Held]:
    """A change that waits for another reason too is listed for that one first."""
    tags = {change: found for change, found in waiting_tags(ops).items() if change not in listed}
    reasons = {change: f"新标出：{'、'.join(map(short_name, found))}" for change, found in tags.items()}
    yield from _held(observed, dict.fromkeys(tags, HeldFor.RETAGGED), reasons)


def _withdrawn(ops: Ops) -> Iterator[Held]:
    for change, reason in ops.waiting(HeldFor.WITHDRAWN).items():
        rows = ops.rows("SELECT words FROM considered WHERE change = ?", (change,))
        kept = read_words(rows[0]["words"] if rows else "{}")
        told = ops.rows(
            "SELECT count(*) AS n FROM alerts WHERE about = ? AND kind IN ('change', 'late_notice')",
            (change,),
        )
        yield Held(
            id=change,
            held_for=HeldFor.WITHDRAWN,
            reason=reason,
            source=kept.source,
            title=kept.title,
            headline=kept.headline,
            url=kept.url,
            significance=kept.significance,
            passages=kept.passages,
            told=told[0]["n"],
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says: one of the words of ``zhengce decide``, with the text read from an image."""

    word: str
    text: str = ""
    who: str = ""
    note: str = ""


WORDS = ("release", "reject", "withdrawn", "read", "accept")


def decide(data: DataDirectory, identifier: str, verdict: Verdict, *, now: datetime) -> list[Decision]:
    """Write down what a person says of a change, or of all that was withdrawn of a source, and let it take effect:
    at once, or at the next step of a round that is under way. Raises ``NotFound``, ``UsageError``."""
    held = {each.id: each for each in waiting(data)}
    if verdict.word == "accept":
        wanted = [
            each
            for each in held.values()
            if each.held_for is HeldFor.WITHDRAWN and identifier in {each.id, each.source}
        ]
        if not wanted:
            raise NotFound(f"没有等待认可的重读结果：{identifier}", do="zhengce held 可列出")
        decisions = [Decision(DecisionKind.DERIVATION_ACCEPTED, each.id, now) for each in wanted]
    elif _is_retagged(held, identifier) and verdict.word in {"release", "reject"}:
        return _say_of_tags(data, identifier, verdict, now)
    else:
        decisions = (
            []
            if _stays_told(held, identifier, verdict)
            else [_decision(data, held, identifier, verdict, now)]
        )
    append_decisions(data.decisions, decisions)
    _note(data, decisions or [Decision(DecisionKind.CHANGE_REJECTED, identifier, now)], verdict, now)
    with suppress(DataDirectoryBusy), data.writer():
        take_decisions_of(data)
    return decisions


def _is_retagged(held: Mapping[str, Held], identifier: str) -> bool:
    return identifier in held and held[identifier].held_for is HeldFor.RETAGGED


def _say_of_tags(data: DataDirectory, identifier: str, verdict: Verdict, now: datetime) -> list[Decision]:
    """Of tags that a new vocabulary found: they are right and go out, or wrong and are taken off."""
    with Ops(data.ops) as ops:
        tags = waiting_tags(ops)[identifier]
    word = "accept" if verdict.word == "release" else "reject"
    return [
        say_of_tag(data, identifier, word, licence, who=verdict.who, note=verdict.note, now=now).decision
        for licence in tags
    ]


def _stays_told(held: Mapping[str, Held], identifier: str, verdict: Verdict) -> bool:
    """Of a withdrawn change "reject" says that the new reading is wrong: what was told stays told, nothing is derived."""
    return verdict.word == "reject" and identifier in held and held[identifier].held_for is HeldFor.WITHDRAWN


def _decision(
    data: DataDirectory, held: Mapping[str, Held], identifier: str, verdict: Verdict, now: datetime
) -> Decision:
    with Observed(data.kb) as observed:
        change = observed.successor(identifier)
        found = observed.changes([change])
        if not found:
            raise NotFound(f"没有这处变动：{identifier}", do="zhengce held 可列出等待复核的变动")
        (facts,) = found
        key = observed.words_key(change)
        stands = _stands(observed, change)
    if change not in held and stands is not None and stands.kind in _SAYING.get(verdict.word, ()):
        raise UsageError(f"这处变动已经决定：{_said(stands)}", where=change, do=f"zhengce show {change}")
    match verdict.word:
        case "release" | "withdrawn":
            if change not in held:
                before = f"，此前的决定：{_said(stands)}" if stands is not None else ""
                raise UsageError(
                    f"这处变动没有在等待放行{before}", where=change, do="zhengce held 可列出等待复核的变动"
                )
            kind = _releasing(held[change], verdict.word)
        case "reject":
            if facts.confirmation is Confirmation.CORRECTED:
                raise UsageError("原站已自行改回，不必再撤回", where=change, do=f"zhengce show {change}")
            kind = DecisionKind.CHANGE_REJECTED
        case "read":
            if Flag.NEEDS_READING not in facts.flags:
                raise UsageError(
                    "这处变动不是图片，文字由程序读出", where=change, do=f"zhengce show {change}"
                )
            if not verdict.text.strip():
                raise UsageError("没有写读到的文字", do=f"zhengce decide {change} read --text 文字")
            return Decision(DecisionKind.IMAGE_READ, change, now, said=verdict.text.strip(), about=key)
        case _:
            raise UsageError(f"没有这种决定：{verdict.word}", do=f"可用：{'、'.join(WORDS)}")
    return Decision(kind, change, now, about=key)


_SAYING = {
    "release": frozenset({DecisionKind.CHANGE_RELEASED}),
    "reject": frozenset({DecisionKind.CHANGE_REJECTED}),
    "withdrawn": frozenset({DecisionKind.PAGE_WITHDRAWN, DecisionKind.ABSENCE_CONFIRMED}),
}


def standing(data: DataDirectory, identifier: str) -> str:
    """The decision about the words of a change that holds now, for a person; "" where there is none. Raises ``NotFound``
    without a knowledge base."""
    with Observed(data.kb) as observed:
        stands = _stands(observed, observed.successor(identifier))
    return _said(stands) if stands is not None else ""


def _stands(observed: Observed, change: str) -> VerdictRow | None:
    return next((each for each in verdicts(observed.connection, change) if each.current), None)


def _said(stands: VerdictRow) -> str:
    at = datetime.fromisoformat(stands.at).astimezone(BEIJING)
    return f"{words.zh(stands.kind)}（{at:%Y-%m-%d %H:%M}）"


def _releasing(held: Held, word: str) -> DecisionKind:
    if word == "release":
        return DecisionKind.CHANGE_RELEASED
    if held.held_for is HeldFor.GONE:
        return DecisionKind.PAGE_WITHDRAWN
    if held.held_for is HeldFor.COLLAPSE:
        return DecisionKind.ABSENCE_CONFIRMED
    raise UsageError(
        "这处变动不是原页面撤下或正文删去", where=held.id, do=f"zhengce decide {held.id} release"
    )


def _note(data: DataDirectory, decisions: list[Decision], verdict: Verdict, now: datetime) -> None:
    """The name beside a decision, and the end of our own hold, in ops.db."""
    if not (data.ops.exists() or verdict.who or verdict.note):
        return
    data.create()
    with Ops(data.ops) as ops, ops.transaction():
        for decision in decisions:
            ops.note_decision(decision, who=verdict.who, note=verdict.note)
            if decision.subject in ops.waiting(HeldFor.REVEALED) and verdict.word == "release":
                ops.release(decision.subject, by=verdict.who, now=now)
            elif verdict.word in {"reject", "accept"}:
                ops.settle_hold(decision.subject, by=verdict.who, now=now)
