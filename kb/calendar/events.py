"""PURE. What is known of documents and holdings -> days with a name.

A legal date is never moved: where it falls on a Saturday or Sunday, the weekday is said and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kb.codes import DateKind
from kb.folding import fold
from kb.model import stable_id
from kb.words import zh

_ASKS = re.compile("征求意见|征求.{0,8}意见|意见稿")
_NAMED = re.compile("《([^《》]{2,200})》")
_EXTENDS = re.compile("延长|延期|顺延|推迟")
_WEEKDAYS = "一二三四五六日"
_Key = tuple[DateKind, date, str]  # the last is what it is about, spelt alike


@dataclass(frozen=True, slots=True)
class Event:
    """One day. The id stays when the day moves: what was said of the old day is then no longer said of this event.

    ``source`` is the id of the document, duty or holding it comes from, ``former`` the ids this event had while its
    document had another. ``publications`` are the sources that carry it. ``about`` names the thing alone, ``title`` what
    happens to it. ``live``: seen by a program on the site itself, neither imported nor replayed. ``owner`` is the
    subscription whose holding it is. ``province``: of whose local rule it is a day; empty for the whole country.
    """

    id: str
    kind: DateKind
    day: date
    title: str
    about: str
    source: str
    licences: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
    province: str = ""
    url: str = ""
    note: str = ""
    verified: bool = True
    live: bool = True
    owner: str = ""
    lead_days: int = 0
    former: tuple[str, ...] = ()

    def days_left(self, today: date) -> int:
        """Negative when it is over."""
        return (self.day - today).days


@dataclass(frozen=True, slots=True)
class DocumentDates:
    """The dates of a document's text that stands now. ``former``: ids that lead to this document; ``province``: whose local
    rule it is, empty for the whole country."""

    document: str
    title: str
    is_draft: bool
    effective: date | None = None
    comments_until: date | None = None
    transition_until: date | None = None
    licences: tuple[str, ...] = ()
    source: str = ""
    province: str = ""
    url: str = ""
    live: bool = True
    is_law: bool = True
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldDates:
    """A holding as far as its days go. ``name`` is what it is called in a sentence, such as ``贵司ICP许可``."""

    holding: str
    name: str
    expires: date
    lead_days: int
    licences: tuple[str, ...] = ()
    owner: str = ""
    note: str = ""


def weekday(day: date) -> str:
    return f"周{_WEEKDAYS[day.weekday()]}"


def document_events(documents: Iterable[DocumentDates]) -> tuple[Event, ...]:
    """The dates of all documents. One day of documents on the same thing is one event, known by the first of them.

    A draft begins no duty: of a draft only the end of its comment period counts, and where a notice gave more time, the
    day of the notice.
    """
    found: dict[_Key, Event] = {}
    longer: dict[str, date] = {}
    for document in documents:
        for kind, day in _dates(document):
            event = _of_document(document, kind, day)
            thing = "".join(fold(event.about).split())
            key = (kind, day, thing)
            found[key] = _joined(found[key], event) if key in found else event
            if kind is DateKind.COMMENTS and _EXTENDS.search(document.title):
                longer[thing] = max(day, longer.get(thing, day))
    return in_order(_outlasting(found, longer))


def _outlasting(found: Mapping[_Key, Event], longer: Mapping[str, date]) -> Iterator[Event]:
    """Without the days that a notice replaced by giving more time for comments; its day answers to their ids as well."""
    replaced = [
        (thing, event)
        for (kind, day, thing), event in found.items()
        if kind is DateKind.COMMENTS and day < longer.get(thing, day)
    ]
    for (kind, day, thing), event in found.items():
        if any(event is gone for _, gone in replaced):
            continue
        is_longer = kind is DateKind.COMMENTS and day == longer.get(thing)
        before = [gone for same, gone in replaced if is_longer and same == thing]
        names = (name for gone in before for name in (gone.id, *gone.former))
        yield replace(event, former=tuple(dict.fromkeys((*event.former, *names))))


def _joined(first: Event, other: Event) -> Event:
    """A copy of the rule elsewhere; a province is named only where all of them are of it."""
    return replace(
        first,
        licences=tuple(dict.fromkeys(first.licences + other.licences)),
        publications=tuple(dict.fromkeys(first.publications + other.publications)),
        province=first.province if first.province == other.province else "",
        live=first.live or other.live,
        former=tuple(dict.fromkeys((*first.former, other.id, *other.former))),
    )


def _dates(document: DocumentDates) -> Iterator[tuple[DateKind, date]]:
    if document.is_draft:
        if document.comments_until:
            yield DateKind.COMMENTS, document.comments_until
        return
    if document.effective:
        yield DateKind.EFFECTIVE, document.effective
    if document.transition_until and document.transition_until != document.effective:
        yield DateKind.TRANSITION, document.transition_until


def _of_document(document: DocumentDates, kind: DateKind, day: date) -> Event:
    about = _draft_named(document.title) if document.is_draft else document.title
    return Event(
        id=_id(kind, document.document),
        kind=kind,
        day=day,
        title=f"{about}{'' if about.endswith('）') else ' '}{zh(kind)}",
        about=about,
        source=document.document,
        licences=document.licences,
        publications=(document.source,),
        province=document.province,
        url=document.url,
        note="" if document.is_law else "平台规则，不是法律",
        live=document.live,
        former=tuple(_id(kind, each) for each in document.former),
    )


def _draft_named(title: str) -> str:
    """What a draft, or the notice that asks for comments on one, is about: 关于《…规定（征求意见稿）》公开征求意见的通知 is
    about that rule. Always called a draft."""
    named = _NAMED.findall(title) if _ASKS.search(title) else []
    about = named[0] if len(set(named)) == 1 else title
    return about if _ASKS.search(about) or "草案" in about else f"{about}（征求意见稿）"


def holding_events(holdings: Iterable[HeldDates]) -> tuple[Event, ...]:
    """Of each holding the day from which its holder wants to renew it, and the day it expires."""
    found = []
    for held in holdings:
        begins = held.expires - timedelta(days=held.lead_days)
        said = f"到期 {held.expires}，提前天数按贵司台账填写"
        kinds = (
            [(DateKind.RENEWAL, begins, f"{held.name} {zh(DateKind.RENEWAL)}（{said}）")]
            if held.lead_days
            else []
        )
        kinds.append((DateKind.EXPIRY, held.expires, f"{held.name} {zh(DateKind.EXPIRY)}"))
        found += [
            Event(
                id=_id(kind, held.holding),
                kind=kind,
                day=day,
                title=title,
                about=held.name,
                source=held.holding,
                licences=held.licences,
                note=held.note,
                owner=held.owner,
                lead_days=held.lead_days,
            )
            for kind, day, title in kinds
        ]
    return in_order(found)


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: (event.day, event.title, event.id)))


def _id(kind: DateKind, source: str) -> str:
    return stable_id("ev", kind, source)
