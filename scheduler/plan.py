"""PURE. Sources, last runs, provisional changes, subscriptions and settings -> what is due now.

Times of day are Beijing time. Nothing is kept between two plans: what was missed while the computer slept is simply due.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kb.config import BEIJING, Settings
from scheduler.facts import ProvisionalFacts, SourceFacts

RETRY_FAILING = timedelta(hours=6)
LONGEST = timedelta(days=1)  # between two second looks at a page that never settles


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """``last_sent`` is when the newest digest of this subscription was made, else when the subscription began."""

    subscription: str
    every_days: int  # 1 daily, 7 weekly
    last_sent: datetime
    first: bool = False


@dataclass(frozen=True, slots=True)
class SecondLook:
    source: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigestDue:
    """``day`` is the Beijing date the digest is about; ``since`` is where the one before it ended."""

    subscription: str
    day: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    crawls: tuple[str, ...] = ()
    second_looks: tuple[SecondLook, ...] = ()
    digests: tuple[DigestDue, ...] = ()
    deliveries: bool = False

    @property
    def empty(self) -> bool:
        return not (self.crawls or self.second_looks or self.digests or self.deliveries)


def make_plan(
    *,
    now: datetime,
    settings: Settings,
    sources: Iterable[SourceFacts],
    provisional: Iterable[ProvisionalFacts] = (),
    digests: Iterable[DigestFacts] = (),
    next_delivery: datetime | None = None,
) -> Plan:
    """Everything due at ``now``, oldest need first and otherwise in the order given."""
    crawl_at = _time(settings.crawl_at)
    never = datetime.min.replace(tzinfo=BEIJING)
    due = sorted(
        (s for s in sources if crawl_due_at(s, crawl_at) <= now),
        key=lambda s: s.last_attempt or never,
    )
    crawls = tuple(source.id for source in due)
    return Plan(
        crawls=crawls,
        second_looks=_second_looks(provisional, settings, now, skip=frozenset(crawls)),
        digests=tuple(
            digest for facts in digests if (digest := _digest_due(facts, _time(settings.digest_at), now))
        ),
        deliveries=next_delivery is not None and next_delivery <= now,
    )


def crawl_due_at(source: SourceFacts, crawl_at: time) -> datetime:
    """When a source wants to be crawled next: at once if never, its next slot otherwise, sooner if it is failing."""
    if source.last_attempt is None:
        return datetime.min.replace(tzinfo=BEIJING)
    period = timedelta(hours=source.period_hours)
    regular = _slot_at_or_before(source.last_attempt, crawl_at, period) + period
    return min(regular, source.last_attempt + RETRY_FAILING) if source.failing else regular


def _slot_at_or_before(moment: datetime, crawl_at: time, period: timedelta) -> datetime:
    """The newest slot: ``crawl_at`` of a day, and for periods under a day every period from there on."""
    day = moment.astimezone(BEIJING)
    start = datetime.combine(day.date(), crawl_at, BEIJING)
    if start > day:
        start -= timedelta(days=1)
    if period >= timedelta(days=1):
        return start
    return start + ((day - start) // period) * period


def _second_looks(
    provisional: Iterable[ProvisionalFacts], settings: Settings, now: datetime, skip: frozenset[str]
) -> tuple[SecondLook, ...]:
    """One look a source; a regular crawl that is due anyway looks again at everything."""
    wait = timedelta(minutes=settings.second_look_minutes)
    by_source: dict[str, list[ProvisionalFacts]] = {}
    for change in provisional:
        if change.source not in skip and second_look_due_at(change, wait, now) <= now:
            by_source.setdefault(change.source, []).append(change)
    return tuple(
        SecondLook(source, tuple(dict.fromkeys(c.url for c in changes)))
        for source, changes in by_source.items()
    )


def second_look_due_at(change: ProvisionalFacts, wait: timedelta, now: datetime) -> datetime:
    """``wait`` after the first sight, and after each look that did not settle its page twice as long as before.

    Looks are counted by page: one that shows something else at every look gives a new change each time. A change that
    takes most of a text away is looked at soon, to see a page that was only half shown, and then when a look confirms it.
    """
    first = change.first_seen + wait
    if (
        change.last_look is None or change.last_look > now
    ):  # a look yet to come was noted by a clock that was wrong
        return first
    if change.confirm_from and first <= change.last_look < change.confirm_from:
        return change.confirm_from
    pause = wait * float(2 ** min(max(change.looks - 1, 0), 20))
    return max(first, change.last_look + min(pause, LONGEST))


def _digest_due(facts: DigestFacts, digest_at: time, now: datetime) -> DigestDue | None:
    """At most one digest a day, for the newest slot alone: nobody wants last week's mornings after a holiday."""
    local = now.astimezone(BEIJING)
    slot = datetime.combine(local.date(), digest_at, BEIJING)
    if slot > local:
        slot -= timedelta(days=1)
    last = facts.last_sent.astimezone(BEIJING)
    if last > local:  # noted by a clock that was wrong
        last = slot - timedelta(days=facts.every_days)
    if last >= slot:
        return None
    if not facts.first and (slot.date() - last.date()).days < facts.every_days:
        return None
    return DigestDue(facts.subscription, slot.date().isoformat(), last.astimezone(facts.last_sent.tzinfo))


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))
