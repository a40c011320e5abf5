"""When a reminder is due: the nearest milestone, once, and never of what was over when it became known."""

from datetime import date, timedelta

import pytest

from kb.calendar import Event, due_milestone
from kb.model import DateKind

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
