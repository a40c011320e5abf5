"""When a reminder is due: the nearest milestone, once, and never of what was over when it became known."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kb.calendar import Event, due_milestone, next_reminder
from kb.codes import DateKind

DAY = date(2026, 12, 31)
LONG_AGO = date(2026, 1, 1)


def event(kind: DateKind) -> Event:
    return Event("ev-1", kind, DAY, "甲 施行", "甲", "doc-1")


def due(kind: DateKind, left: int, known: date = LONG_AGO) -> int | None:
    return due_milestone(event(kind), known=known, today=DAY - timedelta(days=left))


@pytest.mark.parametrize(
    ("left", "milestone"), [(31, None), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1), (-1, None)]
)
def test_the_nearest_milestone_of_a_comment_period(left: int, milestone: int | None) -> None:
    assert due(DateKind.COMMENTS, left) == milestone


@pytest.mark.parametrize(("left", "milestone"), [(1, 7), (0, 0), (-3, 0), (-7, 0), (-8, None)])
def test_coming_into_force_is_told_on_the_day_and_a_week_of_sleep_later(
    left: int, milestone: int | None
) -> None:
    assert due(DateKind.EFFECTIVE, left) == milestone


def test_the_holders_own_lead_time_is_a_milestone() -> None:
    assert [due(DateKind.RENEWAL, left) for left in (1, 0, -30, -31)] == [None, 0, 0, None]


@pytest.mark.parametrize("kind", DateKind)
def test_what_was_over_when_it_became_known_is_never_told(kind: DateKind) -> None:
    assert due(kind, -1, known=DAY + timedelta(days=1)) is None


def test_a_milestone_that_had_passed_by_then_is_told_only_when_it_presses() -> None:
    def known(left: int) -> date:
        return DAY - timedelta(days=left)

    assert due(DateKind.DUTY, 20, known=known(20)) is None
    assert due(DateKind.DUTY, 7, known=known(20)) == 7
    assert due(DateKind.DUTY, 5, known=known(5)) == 7
    assert due(DateKind.DUTY, 30, known=known(30)) is None
    assert due(DateKind.DUTY, 30, known=known(31)) == 30
    assert due(DateKind.DUTY, 20, known=known(31)) == 30


@pytest.mark.parametrize(
    ("lead", "told"), [(0, [30, 7, 1]), (90, [30, 7, 1]), (30, [7, 1]), (10, [7, 1]), (1, [])]
)
def test_no_expiry_is_told_before_the_holder_wants_to_renew(lead: int, told: list[int]) -> None:
    expiry = replace(event(DateKind.EXPIRY), lead_days=lead)
    days = [next_reminder(expiry, after=DAY - timedelta(days=left + 1)) for left in told]
    assert days == [DAY - timedelta(days=left) for left in told]
    reached = {
        due_milestone(expiry, known=LONG_AGO, today=DAY - timedelta(days=left)) for left in range(40, 0, -1)
    }
    assert reached - {None} == set(told)


def test_after_the_last_milestone_there_is_no_next_reminder() -> None:
    assert next_reminder(event(DateKind.EXPIRY), after=DAY - timedelta(days=1)) is None
    assert next_reminder(event(DateKind.EFFECTIVE), after=DAY - timedelta(days=1)) == DAY
