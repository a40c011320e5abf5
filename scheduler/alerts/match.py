"""PURE. Changes and subscriptions -> who is told what, how, and why.

Only confirmed changes that were observed live are ever matched. Licence semantics: an item labelled with a parent type
reaches the subscribers of every child; an item labelled with a child reaches subscribers of the child and of its
parents, not of its siblings. A local rule reaches those of its province, those who chose that province or that source,
and those who named no province; a list that names whom they watch reaches them from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kb.codes import ChangeKind, Confirmation, Coverage, Flag, Origin, Significance
from kb.entries import names_in
from kb.regions import reaches
from kb.sources import Source
from scheduler.facts import ChangeFacts, IncidentFacts
from scheduler.ops import Subscription

MOST_IMMEDIATE = (
    20  # an hour for one subscriber; beyond it a digest or one summary says the rest, a storm helps nobody
)

NEVER = frozenset({ChangeKind.BASELINE, ChangeKind.TECHNICAL, ChangeKind.REPUBLISHED})
DIGEST = frozenset(
    {
        ChangeKind.DRAFT_PUBLISHED,
        ChangeKind.DRAFT_REOPENED,
        ChangeKind.ADDRESS_MOVED,
        ChangeKind.AUTHORITY_RENAMED,
        ChangeKind.COPIES_DIVERGE,
        ChangeKind.LIST_BATCH,
    }
)


class Way(StrEnum):
    IMMEDIATE = "immediate"
    DIGEST = "digest"
    SUMMARY = "summary"  # beyond the cap, for a subscriber without a digest
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Match:
    """``licences`` are the change's licence types that concern this subscriber; ``about`` an alert that is corrected."""

    change: str
    subscription: str
    way: Way
    licences: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Alerted:
    """An earlier alert about a change of the same page."""

    alert: str
    change: str
    page: str
    subscription: str


def may_alert(change: ChangeFacts, held: frozenset[str] = frozenset()) -> bool:
    """Confirmed, observed live, no baseline, import, replay or technical version, and not held for a person."""
    return (
        change.confirmation is Confirmation.CONFIRMED
        and change.origin is Origin.LIVE
        and change.kind not in NEVER
        and change.significance is not Significance.NOISE
        and change.id not in held
    )


def way_of(change: ChangeFacts, subscription: Subscription) -> Way | None:
    """How a change that concerns the subscriber is told, or ``None`` when its significance is below their minimum."""
    needs_reading = Flag.NEEDS_READING in change.flags
    if _is_routine(change):
        return Way.IMMEDIATE if subscription.immediate and named_rows(change, subscription) else Way.DIGEST
    if change.kind in DIGEST or change.is_draft:
        return Way.DIGEST
    if change.significance is Significance.SUBSTANTIVE or needs_reading:
        return Way.IMMEDIATE if subscription.immediate else Way.DIGEST
    return Way.DIGEST if subscription.minimum is not Significance.SUBSTANTIVE else None


def named_rows(change: ChangeFacts, subscription: Subscription) -> tuple[tuple[str, str], ...]:
    """(watched name, row) for each row of a list that came, went or was altered and names it."""
    if not _is_routine(change) or not subscription.watched_names:
        return ()
    rows = change.rows or tuple(passage.after or passage.before for passage in change.differing)
    return tuple((name, row) for row in rows for name in names_in(subscription.watched_names, row))


def _is_routine(change: ChangeFacts) -> bool:
    return change.kind is ChangeKind.LIST_BATCH or Flag.ROUTINE in change.flags


def concerned(
    subscription: Subscription, licences: Iterable[str], parent_of: Callable[[str], str | None]
) -> tuple[str, ...]:
    """Those of the labels that concern the subscriber, in their order; all of them without a wish."""
    labels = tuple(dict.fromkeys(licences))
    if not subscription.licences:
        return labels
    wanted = set(subscription.licences)
    above_wanted = {ancestor for wish in wanted for ancestor in _line(wish, parent_of)}
    return tuple(
        label for label in labels if label in above_wanted or not wanted.isdisjoint(_line(label, parent_of))
    )


def match(
    changes: Iterable[ChangeFacts],
    subscriptions: Iterable[Subscription],
    parent_of: Callable[[str], str | None],
    *,
    held: frozenset[str] = frozenset(),
    alerted: Iterable[Alerted] = (),
    late: frozenset[str] = frozenset(),
    sent: Mapping[str, int] | None = None,
    undone: Mapping[str, ChangeFacts] | None = None,
) -> tuple[Match, ...]:
    """The matches of one step, in the order of the changes. A ``reverted`` change corrects what was alerted before.

    ``undone`` are, by id, the changes that reverted ones took back: to whom these were older than their subscription, or
    came from an import, the way back is a change like any other. A subscription hears of what was confirmed after it began; of ``late`` changes, released by a person, whenever.
    One without a digest hears at once of what others read in theirs. ``sent`` counts the immediate alerts of the last
    hour by subscription.
    """
    subscriptions = tuple(subscriptions)
    earlier = tuple(alerted)
    immediate: dict[str, int] = dict(sent or {})
    before = undone or {}
    matches: list[Match] = []
    for change in changes:
        if not may_alert(change, held):
            continue
        if change.kind is ChangeKind.REVERTED:
            matches += _corrections(change, earlier)
        corrected = {each.subscription for each in matches if each.change == change.id}
        for subscription in subscriptions:
            if subscription.id in corrected or not _is_news(change, before.get(change.undoes), subscription):
                continue
            if change.id not in late and not _began_before(subscription, change):
                continue
            found = _match_one(change, subscription, parent_of)
            if found is None:
                continue
            no_digest = subscription.digest == "none"
            if no_digest and found.way is Way.DIGEST:
                found = replace(found, way=Way.IMMEDIATE)
            if found.way is Way.IMMEDIATE:
                immediate[subscription.id] = immediate.get(subscription.id, 0) + 1
                if immediate[subscription.id] > MOST_IMMEDIATE:
                    found = replace(found, way=Way.SUMMARY if no_digest else Way.DIGEST)
            matches.append(found)
    return tuple(matches)


def wanted(change: ChangeFacts, subscription: Subscription, parent_of: Callable[[str], str | None]) -> bool:
    """Whether the subscriber would be told of this change once it is confirmed."""
    return change.kind not in NEVER and _match_one(change, subscription, parent_of) is not None


def counts_on(subscription: Subscription, source: str, region: str) -> bool:
    """Whether what a source says of a region (empty: the whole country) is said to this subscriber: who named sources
    chose them, wherever they are."""
    if subscription.sources:
        return source in subscription.sources
    return reaches(region, (subscription.province, *subscription.regions))


def unwatched(
    subscription: Subscription, sources: Iterable[Source], parent_of: Callable[[str], str | None]
) -> tuple[str, ...]:
    """Licence types of the subscriber for which no source is looked at by program; a source says which it watches."""
    watching = [s for s in sources if s.enabled and s.coverage in {Coverage.DIRECT, Coverage.INDIRECT}]
    return tuple(
        licence
        for licence in subscription.licences
        if not any(
            concerned(Subscription(name="-", licences=(licence,)), source.licences, parent_of)
            for source in watching
        )
    )


def incident_concerns(
    incident: IncidentFacts, subscription: Subscription, parent_of: Callable[[str], str | None]
) -> bool:
    """A source problem concerns those whose licences or sources it blinds; a source without licences concerns all."""
    if not subscription.incidents:
        return False
    if not counts_on(subscription, incident.source, incident.region):
        return False
    return not incident.licences or bool(concerned(subscription, incident.licences, parent_of))


def _began_before(subscription: Subscription, change: ChangeFacts) -> bool:
    confirmed = change.confirmed_at or change.new_seen
    return subscription.created_at is None or subscription.created_at <= confirmed


def _is_news(change: ChangeFacts, undone: ChangeFacts | None, subscription: Subscription) -> bool:
    """A text that came back is news to those alone who could not be told that it had gone."""
    if change.kind is not ChangeKind.REVERTED:
        return True
    if undone is None or undone.confirmed_at is None:
        return False
    return undone.origin is not Origin.LIVE or not _began_before(subscription, undone)


def _match_one(
    change: ChangeFacts, subscription: Subscription, parent_of: Callable[[str], str | None]
) -> Match | None:
    if subscription.sources and change.source not in subscription.sources:
        return None
    licences = concerned(subscription, (tag.licence for tag in change.tags), parent_of)
    theirs = counts_on(subscription, change.source, change.region) and (licences or not subscription.licences)
    if not theirs and not named_rows(change, subscription):
        return None
    way = way_of(change, subscription)
    return Match(change.id, subscription.id, way, licences) if way else None


def _corrections(change: ChangeFacts, earlier: tuple[Alerted, ...]) -> list[Match]:
    """To the same people: those who were alerted about the change that was undone, or else about this page last."""
    undone = change.undoes or next((a.change for a in reversed(earlier) if a.page == change.page), "")
    return [
        Match(change.id, a.subscription, Way.CORRECTION, about=a.alert) for a in earlier if a.change == undone
    ]


def _line(licence: str, parent_of: Callable[[str], str | None]) -> tuple[str, ...]:
    """A licence type and its parents, nearest first; a loop in the vocabulary ends the line."""
    line: list[str] = []
    current: str | None = licence
    while current and current not in line:
        line.append(current)
        current = parent_of(current)
    return tuple(line)
