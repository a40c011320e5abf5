from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from kb.config import BEIJING, Settings
from scheduler.facts import ProvisionalFacts, SourceFacts
from scheduler.plan import DigestFacts, SecondLook, make_plan


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


SETTINGS = Settings(crawl_at="06:00", digest_at="08:30", second_look_minutes=30)


@pytest.mark.parametrize(
    ("period", "last", "failing", "now", "due"),
    [
        (24, None, False, "2026-11-23 03:00", True),  # never crawled
        (24, "2026-11-23 06:00", False, "2026-11-24 05:59", False),
        (24, "2026-11-23 06:00", False, "2026-11-24 06:00", True),
        (24, "2026-11-23 06:47", False, "2026-11-24 06:00", True),  # a slow run does not drift the slot
        (24, "2026-11-23 15:00", False, "2026-11-24 06:00", True),  # caught up late, back to the slot
        (24, "2026-11-20 06:00", False, "2026-11-23 14:00", True),  # overdue after downtime
        (24, "2026-11-23 03:00", False, "2026-11-23 06:00", True),  # first crawl before the slot of the day
        (6, "2026-11-23 06:01", False, "2026-11-23 11:59", False),
        (6, "2026-11-23 06:01", False, "2026-11-23 12:00", True),
        (168, "2026-11-16 06:05", False, "2026-11-22 23:00", False),
        (168, "2026-11-16 06:05", False, "2026-11-23 06:00", True),
        (24, "2026-11-23 06:20", True, "2026-11-23 12:19", False),
        (24, "2026-11-23 06:20", True, "2026-11-23 12:20", True),  # failing: every six hours
        (168, "2026-11-23 06:20", True, "2026-11-23 12:20", True),
    ],
)
def test_a_crawl_is_due(period: int, last: str | None, failing: bool, now: str, due: bool) -> None:
    facts = SourceFacts("s", period, at(last) if last else None, failing)
    assert (make_plan(now=at(now), settings=SETTINGS, sources=[facts]).crawls == ("s",)) is due


def test_what_waited_longest_is_crawled_first() -> None:
    sources = [
        SourceFacts("new", 24, at("2026-11-22 06:00")),
        SourceFacts("old", 24, at("2026-11-20 06:00")),
        SourceFacts("never", 24),
    ]
    assert make_plan(now=at("2026-11-23 07:00"), settings=SETTINGS, sources=sources).crawls == (
        "never",
        "old",
        "new",
    )


def test_second_looks_wait_half_an_hour_and_go_together() -> None:
    changes = [
        ProvisionalFacts("ch-1", "s", "https://a.invalid/1", at("2026-11-24 06:10")),
        ProvisionalFacts("ch-2", "s", "https://a.invalid/2", at("2026-11-24 06:12")),
        ProvisionalFacts("ch-3", "s", "https://a.invalid/3", at("2026-11-24 06:30")),
    ]

    def looks(now: str) -> tuple[SecondLook, ...]:
        return make_plan(now=at(now), settings=SETTINGS, sources=[], provisional=changes).second_looks

    assert looks("2026-11-24 06:39") == ()
    (look,) = looks("2026-11-24 06:42")
    assert look == SecondLook("s", ("https://a.invalid/1", "https://a.invalid/2"))


def test_a_second_look_that_settled_nothing_comes_again_ever_later() -> None:
    first, gap = at("2026-11-24 06:00"), timedelta(minutes=30)
    looks, now, last = [], first, None
    while now < first + timedelta(hours=10):
        change = ProvisionalFacts("ch-1", "s", "https://a.invalid/1", first, last, len(looks))
        if make_plan(now=now, settings=SETTINGS, sources=[], provisional=[change]).second_looks:
            last = now
            looks.append((now - first) // gap)
        now += timedelta(minutes=1)
    assert looks == [1, 2, 4, 8, 16]


def test_a_page_that_shows_something_new_at_every_look_is_looked_at_ever_less() -> None:
    """Each look then begins a change of its own, whose first sight is that look."""
    began = at("2026-11-24 06:00")
    looks: list[datetime] = []
    now = began
    while now < began + timedelta(days=6):
        last = looks[-1] if looks else None
        change = ProvisionalFacts(
            f"ch-{len(looks)}", "s", "https://a.invalid/1", last or began, last, len(looks)
        )
        if make_plan(now=now, settings=SETTINGS, sources=[], provisional=[change]).second_looks:
            looks.append(now)
        now += timedelta(minutes=10)
    pauses = [(b - a) / timedelta(hours=1) for a, b in pairwise([began, *looks])]
    assert pauses == [0.5, 0.5, 1, 2, 4, 8, 16, 24, 24, 24, 24][: len(pauses)]
    assert pauses[-1] == 24


def test_what_a_wrong_clock_noted_for_the_future_stops_nothing() -> None:
    now, future = at("2026-11-24 09:00"), at("2031-01-01 00:00")
    change = ProvisionalFacts("ch-1", "s", "https://a.invalid/1", at("2026-11-24 06:00"), future, 3)
    digest = DigestFacts("sub-1", 1, future)
    plan = make_plan(now=now, settings=SETTINGS, sources=[], provisional=[change], digests=[digest])
    assert [look.source for look in plan.second_looks] == ["s"]
    assert [(due.day, due.since <= now) for due in plan.digests] == [("2026-11-24", True)]


def test_a_source_that_is_crawled_anyway_needs_no_second_look() -> None:
    change = ProvisionalFacts("ch-1", "s", "https://a.invalid/1", at("2026-11-23 06:00"))
    plan = make_plan(
        now=at("2026-11-24 06:00"), settings=SETTINGS, sources=[SourceFacts("s")], provisional=[change]
    )
    assert plan.crawls == ("s",)
    assert plan.second_looks == ()


@pytest.mark.parametrize(
    ("days", "last", "first", "now", "day"),
    [
        (1, "2026-11-23 08:30", False, "2026-11-24 08:29", None),
        (1, "2026-11-23 08:30", False, "2026-11-24 08:30", "2026-11-24"),
        (1, "2026-11-18 08:30", False, "2026-11-24 07:00", "2026-11-23"),  # downtime: one digest, not five
        (1, "2026-11-23 06:00", True, "2026-11-23 08:30", "2026-11-23"),  # begun this morning
        (1, "2026-11-23 09:00", True, "2026-11-23 23:00", None),
        (7, "2026-11-17 08:30", False, "2026-11-23 08:30", None),
        (7, "2026-11-17 08:30", False, "2026-11-24 08:30", "2026-11-24"),
    ],
)
def test_a_digest_is_due(days: int, last: str, first: bool, now: str, day: str | None) -> None:
    facts = DigestFacts("sub-1", days, at(last), first)
    due = make_plan(now=at(now), settings=SETTINGS, sources=[], digests=[facts]).digests
    assert [d.day for d in due] == ([day] if day else [])
    assert all(d.since == at(last) for d in due)


def test_nothing_is_due_in_an_empty_house() -> None:
    assert make_plan(now=at("2026-11-24 12:00"), settings=SETTINGS, sources=[]).empty
    later = at("2026-11-24 12:01")
    plan = make_plan(now=at("2026-11-24 12:00"), settings=SETTINGS, sources=[], next_delivery=later)
    assert not plan.deliveries
    assert make_plan(now=later, settings=SETTINGS, sources=[], next_delivery=later).deliveries


def test_a_mass_removal_is_looked_at_soon_and_then_when_a_look_confirms_it() -> None:
    first = at("2026-11-24 06:10")
    removal = ProvisionalFacts(
        "ch-1", "s", "https://a.invalid/1", first, confirm_from=first + timedelta(days=1)
    )

    def due(now: str, change: ProvisionalFacts) -> bool:
        return bool(make_plan(now=at(now), settings=SETTINGS, sources=[], provisional=[change]).second_looks)

    assert not due("2026-11-24 06:39", removal)
    assert due("2026-11-24 06:40", removal)
    looked = replace(removal, last_look=at("2026-11-24 06:41"), looks=1)
    assert not due("2026-11-25 06:09", looked)
    assert due("2026-11-25 06:10", looked)
    confirming = replace(looked, last_look=at("2026-11-25 06:11"), looks=2)
    assert not due("2026-11-25 06:12", confirming), "a look that was blocked is not repeated at once"
    assert due("2026-11-25 07:11", confirming)
