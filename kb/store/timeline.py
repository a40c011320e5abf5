"""One page through time: a state machine over what was seen of it. PURE: no database, clock or document in here.

A state of the page is known by its digest. What separates two states is asked of a ``Judge``, who alone reads
documents. The same sightings in the same order always give the same state and events.

    nothing seen --good--> settled --another state--> pending --same again, 20 minutes on--> settled
                              ^                          |--the old state again--> settled (held)
                              |                          |--a third state--> pending (the first swallowed)
                              +-- noise and technical differences stay settled

A change that takes most of a text away waits a day instead of twenty minutes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kb.codes import Health, Origin, VersionKind
from kb.model import Comparison, change_id, stable_id, version_id
from kb.store.removal import removes_much
from kb.store.sightings import (
    Absence,
    AbsenceReached,
    Bad,
    BaselineConfirmed,
    ChangeConfirmed,
    ChangeDoubted,
    ChangeHeld,
    ChangeObserved,
    ChangeSwallowed,
    Collapse,
    CurrentVersion,
    Event,
    Good,
    IncidentChanged,
    IncidentClosed,
    Judge,
    Noise,
    PageState,
    Pending,
    Sighting,
    State,
    Step,
    Technical,
    Trouble,
    Unfit,
    VersionAdvanced,
    VersionStarted,
)

CONFIRM_AFTER = timedelta(minutes=20)
"""A later good capture confirms only when it is at least this much later."""

CONFIRM_REMOVAL_AFTER = timedelta(days=1)
"""When most of a text is gone, a page half rendered is likelier than a repeal: see ``kb.store.removal``."""

ABSENT_CAPTURES = 3
ABSENT_FOR = timedelta(days=2)
"""Three captures over three days: the third at least two days after the first."""


COLLAPSED_LOOKS = 3
COLLAPSED_FOR = timedelta(days=2)
"""The same collapsed text on three looks over three days is what the page says now; a person decides what it means."""


def observe(state: PageState, sighting: Sighting, judge: Judge) -> Step:
    """The state after one sighting, and what happened. Sightings must come in the order of their time."""
    if isinstance(sighting, Bad) and sighting.digest and _shows(state.confirmed, sighting):
        sighting = _as_good(sighting)  # a capture that was taken for a collapse before its text was accepted
    if isinstance(sighting, Bad):
        state = replace(state, collapse=_collapse(state.collapse, sighting))
        if state.confirmed is not None and _stays(state.collapse, sighting):
            return _accept(state, state.confirmed, sighting, judge)
        return _bad(state, sighting)
    if state.confirmed is None:
        settled, events = _baseline(state, sighting)
    else:
        outcome = _good(state, state.confirmed, sighting, judge)
        if isinstance(outcome, Unfit):
            refused = Bad(
                sighting.at,
                outcome.health,
                outcome.reasons,
                sighting.capture,
                sighting.key,
                sighting.origin,
            )
            return _bad(state, refused)
        settled, events = outcome
    settled, recovered = _recover(settled, sighting)
    return replace(settled, last_good_at=sighting.at, collapse=None), recovered + events


def _collapse(before: Collapse | None, bad: Bad) -> Collapse | None:
    if not bad.digest:
        return before
    if before is None or before.digest != bad.digest:
        return Collapse(bad.digest, bad.at, 1)
    return replace(before, looks=before.looks + 1)


def _stays(collapse: Collapse | None, bad: Bad) -> bool:
    return bool(
        collapse
        and bad.digest
        and collapse.looks >= COLLAPSED_LOOKS
        and bad.at - collapse.since >= COLLAPSED_FOR
    )


def _shows(state: State | None, bad: Bad) -> bool:
    return state is not None and state.digest == bad.digest


def _as_good(bad: Bad) -> Good:
    return Good(bad.at, bad.capture, bad.key, bad.digest, bad.origin)


def _accept(state: PageState, confirmed: State, bad: Bad, judge: Judge) -> Step:
    """The collapsed text becomes the page's state; the change to it is held."""
    good = _as_good(bad)
    outcome = _good(state, confirmed, good, judge)
    if isinstance(outcome, Unfit):
        return _bad(state, bad)
    settled, events = outcome
    if settled.pending is not None:
        events += (
            ChangeDoubted(settled.pending.change),
            CurrentVersion(settled.pending.state.version),
        )
        settled = replace(
            settled,
            confirmed=settled.pending.state,
            before=confirmed,
            last_change=settled.pending.change,
            pending=None,
        )
    settled, recovered = _recover(settled, good)
    return replace(settled, last_good_at=good.at, collapse=None), recovered + events


def _bad(state: PageState, bad: Bad) -> Step:
    if bad.origin is Origin.IMPORT:
        return (
            state,
            (),
        )  # a file that cannot be read says nothing of what can be seen of the site: the import tells it
    trouble = state.trouble
    if trouble is None:
        trouble = Trouble(
            stable_id("in", state.page, bad.key or bad.at.isoformat()), bad.health, bad.at, 1, bad.reasons
        )
    else:
        news = tuple(reason for reason in bad.reasons if reason not in trouble.reasons)
        trouble = replace(
            trouble,
            health=bad.health,
            occurrences=trouble.occurrences + 1,
            reasons=trouble.reasons + news,
        )
    events: tuple[Event, ...] = (IncidentChanged(trouble, bad.at),)
    absence = state.absence
    if bad.health is Health.NOT_FOUND:
        absence = (
            replace(absence, captures=absence.captures + 1)
            if absence
            else Absence(started_at=bad.at, captures=1)
        )
        if (
            not absence.reached
            and absence.captures >= ABSENT_CAPTURES
            and bad.at - absence.started_at >= ABSENT_FOR
        ):
            absence = replace(absence, reached=True)
            events += (AbsenceReached(absence.started_at, bad),)
    return replace(state, trouble=trouble, absence=absence), events


def _recover(state: PageState, good: Good) -> Step:
    if state.trouble is None:
        return replace(state, absence=None), ()
    closed = IncidentClosed(state.trouble.incident, good.at, state.trouble.reasons)
    return replace(state, trouble=None, absence=None), (closed,)


def _baseline(state: PageState, good: Good) -> Step:
    first = _new_state(state, good)
    events: tuple[Event, ...] = (
        VersionStarted(first.version, VersionKind.FIRST, good),
        CurrentVersion(first.version),
    )
    at_once = good.origin is Origin.IMPORT
    if at_once:
        events += (BaselineConfirmed(good.at),)
    return replace(state, confirmed=first, baseline_at=good.at, baseline_confirmed=at_once), events


def _good(state: PageState, confirmed: State, good: Good, judge: Judge) -> Step | Unfit:
    seen_again: tuple[Event, ...] = ()
    if (
        not state.baseline_confirmed
        and state.baseline_at
        and _confirms(state.baseline_at + CONFIRM_AFTER, good)
    ):
        state = replace(state, baseline_confirmed=True)
        seen_again = (BaselineConfirmed(good.at),)
    if state.pending is None:
        outcome = _settled(state, confirmed, good, judge)
    else:
        outcome = _pending(state, confirmed, state.pending, good, judge)
    if isinstance(outcome, Unfit):
        return outcome
    after, events = outcome
    return after, seen_again + events


def _settled(state: PageState, confirmed: State, good: Good, judge: Judge) -> Step | Unfit:
    if good.digest == confirmed.digest:
        return state, ()
    verdict = judge(confirmed, good)
    if isinstance(verdict, Unfit):
        return verdict
    if isinstance(verdict, Noise | Technical):
        return _same_rule(state, confirmed, good, verdict)
    return _change(state, confirmed, good, judge, verdict.comparison, observed_from=state.last_good_at)


def _pending(state: PageState, confirmed: State, pending: Pending, good: Good, judge: Judge) -> Step | Unfit:
    if good.digest == pending.state.digest:
        return _maybe_confirm(state, confirmed, pending, good)
    if good.digest == confirmed.digest:
        return _hold(state, pending)
    return _third_state(state, confirmed, pending, good, judge)


def _third_state(
    state: PageState, confirmed: State, pending: Pending, good: Good, judge: Judge
) -> Step | Unfit:
    verdict = judge(confirmed, good)
    if isinstance(verdict, Unfit):
        return verdict
    if isinstance(verdict, Noise | Technical):
        held, events = _hold(state, pending)
        after, more = _same_rule(held, confirmed, good, verdict)
        return after, events + more
    if isinstance(judge(pending.state, good), Noise | Technical):
        moved = replace(pending, state=_advanced(pending.state, good))
        after, events = _maybe_confirm(replace(state, pending=moved), confirmed, moved, good)
        return after, (VersionAdvanced(moved.state.version, good), *events)
    after, events = _change(
        state, confirmed, good, judge, verdict.comparison, observed_from=pending.observed_from
    )
    return after, (*events, ChangeSwallowed(pending.change, change_id(state.page, good.key)))


def _same_rule(state: PageState, confirmed: State, good: Good, verdict: Noise | Technical) -> Step:
    """The rule is the same, only its dress or our reading of it moved: no change."""
    if isinstance(verdict, Noise):
        advanced = replace(state, confirmed=_advanced(confirmed, good))
        return advanced, (VersionAdvanced(confirmed.version, good),)
    new = _new_state(state, good)
    return replace(state, confirmed=new, before=None, last_change=""), (
        VersionStarted(new.version, VersionKind.TECHNICAL, good),
        CurrentVersion(new.version),
    )


def _change(
    state: PageState,
    confirmed: State,
    good: Good,
    judge: Judge,
    comparison: Comparison,
    *,
    observed_from: datetime | None,
) -> Step:
    after = _new_state(state, good)
    change = change_id(state.page, good.key)
    reverts = state.last_change if _returns(state, good, judge) else ""
    wait = CONFIRM_REMOVAL_AFTER if removes_much(comparison) else CONFIRM_AFTER
    pending = Pending(change, after, good.at, observed_from, good.at + wait, reverts)
    events: tuple[Event, ...] = (
        VersionStarted(after.version, VersionKind.CHANGE, good),
        ChangeObserved(
            change,
            confirmed.version,
            after.version,
            comparison,
            observed_from,
            pending.confirm_from,
            good,
            reverts,
        ),
    )
    moved = replace(state, pending=pending)
    if good.origin is not Origin.IMPORT:
        return moved, events
    settled, confirmation = _confirm(moved, confirmed, pending, good)
    return settled, events + confirmation


def _returns(state: PageState, good: Good, judge: Judge) -> bool:
    """Whether this is the state from before the last confirmed change, up to noise."""
    before = state.before
    return before is not None and (good.digest == before.digest or isinstance(judge(before, good), Noise))


def _maybe_confirm(state: PageState, confirmed: State, pending: Pending, good: Good) -> Step:
    if not _confirms(pending.confirm_from, good):
        return state, ()
    return _confirm(state, confirmed, pending, good)


def _confirms(begin: datetime, good: Good) -> bool:
    return good.origin is Origin.IMPORT or good.at >= begin


def _confirm(state: PageState, confirmed: State, pending: Pending, good: Good) -> Step:
    settled = replace(
        state,
        confirmed=pending.state,
        before=confirmed,
        last_change=pending.change,
        pending=None,
    )
    return settled, (
        ChangeConfirmed(pending.change, good.at, corrects=pending.reverts),
        CurrentVersion(pending.state.version),
    )


def _hold(state: PageState, pending: Pending) -> Step:
    return replace(state, pending=None), (ChangeHeld(pending.change),)


def _new_state(state: PageState, good: Good) -> State:
    return State(version_id(state.page, good.key), good.digest, good.capture)


def _advanced(state: State, good: Good) -> State:
    return replace(state, digest=good.digest, capture=good.capture)
