"""The page state machine over states that are letters: what one sighting after another makes of a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.codes import ChangeKind, Health, Op, Origin, Significance, VersionKind
from kb.model import Comparison, PassageChange, change_id, version_id
from kb.store.removal import removes_much
from kb.store.sightings import (
    AbsenceReached,
    Bad,
    BaselineConfirmed,
    ChangeConfirmed,
    ChangeHeld,
    ChangeObserved,
    ChangeSwallowed,
    CurrentVersion,
    Differs,
    Event,
    Good,
    IncidentChanged,
    IncidentClosed,
    Noise,
    PageState,
    State,
    Technical,
    Unfit,
    Verdict,
    VersionAdvanced,
    VersionStarted,
)
from kb.store.timeline import observe

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def comparison_of(**ops: int) -> Comparison:
    passages = tuple(
        PassageChange(Op(op), Significance.SUBSTANTIVE, f"{op}{n}", f"{op}{n}", "甲", "乙")
        for op, number in ops.items()
        for n in range(number)
    )
    return Comparison(ChangeKind.AMENDED, Significance.SUBSTANTIVE, passages)


DIFFERS = Differs(Comparison(ChangeKind.AMENDED, Significance.SUBSTANTIVE, ()))

EMPTIED = Differs(comparison_of(removed=12, same=8))


def judge(state: State, good: Good) -> Verdict:
    """States are a letter and a mark: ``A'`` differs from ``A`` in noise, ``A*`` is ``A`` read by new rules. In a state
    of a small letter most of the text is gone."""
    if good.digest == "!":
        return Unfit(Health.COLLAPSE, ("骤减",))
    if state.digest[0] != good.digest[0]:
        return EMPTIED if good.digest[0].islower() else DIFFERS
    return Technical() if good.digest.endswith("*") else Noise()


def good(digest: str, minutes: float, origin: Origin = Origin.LIVE) -> Good:
    key = f"ca-{digest}{minutes:g}"
    return Good(T0 + timedelta(minutes=minutes), key, key, digest, origin)


def bad(health: Health, minutes: float) -> Bad:
    return Bad(T0 + timedelta(minutes=minutes), health, (str(health),), key=f"bad{minutes:g}")


def play(*sightings: Good | Bad) -> tuple[PageState, list[Event]]:
    """The state in the end and the events of the last sighting."""
    state, events = PageState("pg"), tuple[Event, ...]()
    for sighting in sightings:
        state, events = observe(state, sighting, judge)
    return state, list(events)


def change_of(sighting: Good) -> str:
    return change_id("pg", sighting.key)


def version_of(sighting: Good) -> str:
    return version_id("pg", sighting.key)


def only(events: list[Event], kind: type[Event]) -> Event:
    (found,) = [event for event in events if isinstance(event, kind)]
    return found


def test_first_good_look_is_the_baseline_and_no_change() -> None:
    a = good("A", 0)
    state, events = play(a)
    assert events == [VersionStarted(version_of(a), VersionKind.FIRST, a), CurrentVersion(version_of(a))]
    assert state.confirmed == State(version_of(a), "A", a.capture)
    assert not state.baseline_confirmed


@pytest.mark.parametrize(("minutes", "confirmed"), [(19.9, False), (20, True), (600, True)])
def test_baseline_is_confirmed_by_a_look_twenty_minutes_later(minutes: float, confirmed: bool) -> None:
    state, events = play(good("A", 0), good("A", minutes))
    assert [type(event) for event in events] == [BaselineConfirmed] * confirmed
    assert state.needs_attention is not confirmed


def test_same_state_again_says_nothing() -> None:
    state, events = play(good("A", 0), good("A", 30), good("A", 60))
    assert events == []
    assert state.last_good_at == T0 + timedelta(minutes=60)


def test_another_state_is_a_provisional_change_between_two_looks() -> None:
    b = good("B", 60)
    state, events = play(good("A", 0), good("A", 30), b)
    observed = only(events, ChangeObserved)
    assert isinstance(observed, ChangeObserved)
    assert (observed.change, observed.observed_from, observed.good) == (
        change_of(b),
        T0 + timedelta(minutes=30),
        b,
    )
    assert not [event for event in events if isinstance(event, CurrentVersion | ChangeConfirmed)]
    assert state.confirmed
    assert state.confirmed.digest == "A"
    assert state.needs_attention


def test_seen_again_too_soon_stays_provisional() -> None:
    state, events = play(good("A", 0), good("B", 60), good("B", 79))
    assert events == []
    assert state.pending


def test_seen_again_later_is_confirmed_and_current() -> None:
    b = good("B", 60)
    state, events = play(good("A", 0), b, good("B", 80))
    assert events[-2:] == [
        ChangeConfirmed(change_of(b), T0 + timedelta(minutes=80)),
        CurrentVersion(version_of(b)),
    ]
    assert state.pending is None
    assert state.confirmed
    assert state.confirmed.digest == "B"


def test_flip_back_is_held_and_makes_no_new_change() -> None:
    b = good("B", 60)
    state, events = play(good("A", 0), b, good("A", 90))
    assert events == [ChangeHeld(change_of(b))]
    assert state.pending is None
    assert play(good("A", 0), b, good("A", 90), good("A", 120))[1] == []


def test_flip_and_flip_again_is_a_change_of_its_own() -> None:
    first, second = good("B", 60), good("B", 120)
    _, events = play(good("A", 0), first, good("A", 90), second)
    observed = only(events, ChangeObserved)
    assert isinstance(observed, ChangeObserved)
    assert observed.change == change_of(second) != change_of(first)


def test_third_state_swallows_the_provisional_change() -> None:
    b, c = good("B", 60), good("C", 90)
    state, events = play(good("A", 0), b, c)
    observed, swallowed = only(events, ChangeObserved), only(events, ChangeSwallowed)
    assert isinstance(observed, ChangeObserved)
    assert observed.before == version_of(good("A", 0))
    assert observed.observed_from == T0
    assert swallowed == ChangeSwallowed(change_of(b), by=change_of(c))
    assert state.pending
    assert state.pending.change == change_of(c)


def test_confirmed_and_undone_is_a_reversal_that_corrects_when_confirmed() -> None:
    b, back = good("B", 60), good("A", 200)
    looks = [good("A", 0), b, good("B", 90), back]
    _, events = play(*looks)
    observed = only(events, ChangeObserved)
    assert isinstance(observed, ChangeObserved)
    assert observed.reverts == change_of(b)
    _, events = play(*looks, good("A", 230))
    assert only(events, ChangeConfirmed) == ChangeConfirmed(
        change_of(back), T0 + timedelta(minutes=230), corrects=change_of(b)
    )


def test_reversal_is_known_through_noise() -> None:
    b = good("B", 60)
    _, events = play(good("A", 0), b, good("B", 90), good("A'", 200))
    observed = only(events, ChangeObserved)
    assert isinstance(observed, ChangeObserved)
    assert observed.reverts == change_of(b)


def test_a_further_change_reverts_nothing() -> None:
    _, events = play(good("A", 0), good("B", 60), good("B", 90), good("C", 200))
    observed = only(events, ChangeObserved)
    assert isinstance(observed, ChangeObserved)
    assert not observed.reverts


def test_noise_advances_the_version_without_a_change() -> None:
    noisy = good("A'", 60)
    state, events = play(good("A", 0), good("A", 30), noisy)
    assert events == [VersionAdvanced(version_of(good("A", 0)), noisy)]
    assert state.confirmed == State(version_of(good("A", 0)), "A'", noisy.capture)


def test_noise_on_a_provisional_state_confirms_it() -> None:
    b, noisy = good("B", 60), good("B'", 90)
    _, events = play(good("A", 0), b, noisy)
    assert VersionAdvanced(version_of(b), noisy) in events
    assert only(events, ChangeConfirmed)


def test_noise_on_the_old_state_holds_the_provisional_change() -> None:
    b = good("B", 60)
    state, events = play(good("A", 0), good("A", 30), b, good("A'", 90))
    assert events[0] == ChangeHeld(change_of(b))
    assert state.confirmed
    assert state.confirmed.digest == "A'"


def test_new_rules_make_a_technical_version_and_no_change() -> None:
    technical = good("A*", 60)
    state, events = play(good("A", 0), good("A", 30), technical)
    assert events == [
        VersionStarted(version_of(technical), VersionKind.TECHNICAL, technical),
        CurrentVersion(version_of(technical)),
    ]
    assert state.confirmed
    assert state.confirmed.version == version_of(technical)


def test_new_rules_during_a_provisional_change_hold_it() -> None:
    b = good("B", 60)
    _, events = play(good("A", 0), good("A", 30), b, good("A*", 90))
    assert events[0] == ChangeHeld(change_of(b))
    assert only(events, VersionStarted)


def test_import_confirms_at_once() -> None:
    b = good("B", 1, Origin.IMPORT)
    state, events = play(good("A", 0, Origin.IMPORT), b)
    assert only(events, ChangeConfirmed) == ChangeConfirmed(change_of(b), T0 + timedelta(minutes=1))
    assert state.pending is None
    assert play(good("A", 0, Origin.IMPORT))[0].baseline_confirmed


def test_bad_looks_open_repeat_and_close_one_incident() -> None:
    looks = [good("A", 0), bad(Health.CHALLENGE, 30)]
    state, events = play(*looks)
    opened = only(events, IncidentChanged)
    assert isinstance(opened, IncidentChanged)
    assert (opened.trouble.health, opened.trouble.occurrences) == (Health.CHALLENGE, 1)
    assert state.confirmed
    assert state.confirmed.digest == "A"
    looks.append(bad(Health.REFUSED, 60))
    _, events = play(*looks)
    again = only(events, IncidentChanged)
    assert isinstance(again, IncidentChanged)
    assert again.trouble.incident == opened.trouble.incident
    assert (again.trouble.health, again.trouble.occurrences) == (Health.REFUSED, 2)
    assert again.trouble.reasons == ("challenge", "refused")
    state, events = play(*looks, good("A", 90))
    assert IncidentClosed(again.trouble.incident, T0 + timedelta(minutes=90), again.trouble.reasons) in events
    assert state.trouble is None


@pytest.mark.parametrize("health", [health for health in Health if health is not Health.OK])
def test_no_bad_look_ever_becomes_a_version_or_a_change(health: Health) -> None:
    for before in ([], [good("A", 0)], [good("A", 0), good("B", 30)]):
        start, _ = play(*before)
        state, events = play(*before, bad(health, 60))
        assert [type(event) for event in events] == [IncidentChanged]
        assert replace(state, trouble=None, absence=None) == start


def test_a_blocked_look_leaves_a_provisional_change_waiting() -> None:
    b = good("B", 60)
    state, _ = play(good("A", 0), b, bad(Health.CHALLENGE, 90))
    assert state.pending
    _, events = play(good("A", 0), b, bad(Health.CHALLENGE, 90), good("B", 120))
    assert only(events, ChangeConfirmed)


def test_a_document_unfit_to_follow_is_an_incident() -> None:
    state, events = play(good("A", 0), good("!", 60))
    opened = only(events, IncidentChanged)
    assert isinstance(opened, IncidentChanged)
    assert opened.trouble.health is Health.COLLAPSE
    assert state.last_good_at == T0


DAY = 24 * 60


@pytest.mark.parametrize(
    ("days", "reached"), [([1, 2], False), ([1, 1.5, 2], False), ([1, 2, 3], True), ([1, 3, 4], True)]
)
def test_absence_needs_three_looks_over_three_days(days: list[float], reached: bool) -> None:
    looks = [bad(Health.NOT_FOUND, day * DAY) for day in days]
    _, events = play(good("A", 0), *looks)
    assert any(isinstance(event, AbsenceReached) for event in events) is reached


def test_absence_is_told_once_and_ends_with_a_good_look() -> None:
    looks = [bad(Health.NOT_FOUND, day * DAY) for day in (1, 2, 3)]
    _, events = play(good("A", 0), *looks, bad(Health.NOT_FOUND, 4 * DAY))
    assert not any(isinstance(event, AbsenceReached) for event in events)
    back = good("A", 5 * DAY)
    state, _ = play(good("A", 0), *looks, back)
    assert state.absence is None
    _, events = play(good("A", 0), *looks[:2], good("A", 2.5 * DAY), bad(Health.NOT_FOUND, 3 * DAY))
    assert not any(isinstance(event, AbsenceReached) for event in events)


def test_other_troubles_neither_count_as_absence_nor_end_it() -> None:
    looks = [
        bad(Health.NOT_FOUND, DAY),
        bad(Health.UNREACHABLE, 1.5 * DAY),
        bad(Health.NOT_FOUND, 2 * DAY),
        bad(Health.NOT_FOUND, 3 * DAY),
    ]
    _, events = play(good("A", 0), *looks)
    assert any(isinstance(event, AbsenceReached) for event in events)


DAY = 24 * 60


@pytest.mark.parametrize(
    ("ops", "much"),
    [
        ({"removed": 10, "same": 10}, True),
        ({"removed": 9}, False),
        ({"removed": 10, "same": 11}, False),
        ({"removed": 30, "added": 30}, False),
        ({"removed": 40, "added": 10, "same": 15}, True),
        ({"removed": 10, "renumbered": 11}, False),
        ({"merged": 40, "moved": 40}, False),
        ({"added": 40}, False),
        ({}, False),
    ],
)
def test_what_counts_as_taking_most_of_a_text_away(ops: dict[str, int], much: bool) -> None:
    assert removes_much(comparison_of(**ops)) is much


@pytest.mark.parametrize(
    ("minutes", "confirmed"), [(30, False), (DAY - 1, False), (DAY, True), (9 * DAY, True)]
)
def test_a_mass_removal_is_confirmed_by_a_look_a_day_later(minutes: float, confirmed: bool) -> None:
    _, events = play(good("A", 0), good("a", 100), good("a", 100 + minutes))
    assert any(isinstance(event, ChangeConfirmed) for event in events) is confirmed


def test_a_mass_removal_that_comes_back_within_the_day_is_held() -> None:
    _, events = play(good("A", 0), good("a", 100), good("a", 130), good("A", 400))
    only(events, ChangeHeld)


def test_a_further_state_within_the_day_waits_its_own_day() -> None:
    looks = (good("A", 0), good("a", 100), good("b", 400))
    _, events = play(*looks, good("b", 100 + DAY + 60))
    assert not any(isinstance(event, ChangeConfirmed) for event in events)
    _, events = play(*looks, good("b", 400 + DAY))
    assert only(events, ChangeConfirmed)


def test_what_is_imported_waits_for_nothing() -> None:
    _, events = play(good("A", 0, Origin.IMPORT), good("a", 5, Origin.IMPORT))
    assert only(events, ChangeConfirmed)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("AaBb"), st.integers(1, 2 * DAY)), min_size=2, max_size=12))
def test_no_change_is_confirmed_but_by_the_same_text_seen_late_enough(steps: list[tuple[str, int]]) -> None:
    state, at, seen = PageState("pg"), 0, dict[str, tuple[str, int]]()
    for digest, later in steps:
        at += later
        look = good(digest, at)
        state, events = observe(state, look, judge)
        for event in events:
            if isinstance(event, ChangeObserved):
                seen[event.change] = digest, at
            if isinstance(event, ChangeConfirmed):
                shown, since = seen[event.change]
                assert shown == digest
                assert at - since >= (DAY if shown.islower() else 20)
