"""A page as of a day: what stood on the site, and which text was in force by its dates. PURE: rows in, answers out.

Days are Beijing days, and a day's answer is that of its end. What was not looked at is said to be so, with its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from kb.config import BEIJING


class Seen(StrEnum):
    """``stood``: seen on that day, or on both sides of it with no other text between. ``between``: not looked at around
    that day. ``since``: not looked at any more. ``before``: before the first look. ``ahead``: the day has not come."""

    STOOD = "stood"
    BETWEEN = "between"
    SINCE = "since"
    BEFORE = "before"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Text:
    """A version that was a confirmed state of its page. ``last_before`` is the last look at the text before it;
    ``effective`` what the text says of its own taking effect."""

    version: str
    digest: str
    first_seen: datetime
    last_before: datetime | None = None
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """From the first look that failed to the next that did not; ``None`` while it lasts."""

    opened: datetime
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class PageHistory:
    """``texts`` in the order of time, at least one. ``looks``: when else the page is known to have been seen.
    ``now``: a later day has not come."""

    texts: tuple[Text, ...]
    outages: tuple[Outage, ...]
    last_good: datetime
    looks: tuple[datetime, ...] = ()
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnSite:
    """``text`` stood that day; of a day that was not looked at it is the text before, ``after`` the text after, and
    ``same`` whether they are equal. ``since`` and ``until`` are the days of the looks on both sides that showed them; of
    a text that ``stood`` they are set where nobody looked that very day."""

    seen: Seen
    text: Text | None = None
    after: Text | None = None
    since: date | None = None
    until: date | None = None

    @property
    def same(self) -> bool:
        return self.text is not None and self.after is not None and self.text.digest == self.after.digest

    @property
    def either(self) -> bool:
        """Whether the text of that day may be the one before or the one after, which differ."""
        return self.after is not None and not self.same


@dataclass(frozen=True, slots=True)
class InForce:
    """``since`` is the day from which the text applies; ``inferred``: no text says so, it is the day it was first seen."""

    text: Text
    since: date
    inferred: bool = False


def on_site(page: PageHistory, day: date) -> OnSite:
    """The text that stood at the end of a day."""
    start, end = _bounds(day)
    first = page.texts[0]
    if page.now is not None and page.now < start:
        return OnSite(Seen.AHEAD, page.texts[-1], since=_day(page.last_good))
    if first.first_seen >= end:
        return OnSite(Seen.BEFORE, since=_day(first.first_seen))
    text = [each for each in page.texts if each.first_seen < end][-1]
    looks = _looks(page)
    since = max(look for look in looks if look < end)
    if since >= start:
        return OnSite(Seen.STOOD, text)
    until = min((look for look in looks if look >= end), default=None)
    if until is None:
        return OnSite(Seen.SINCE, text, since=_day(since))
    after = [each for each in page.texts if each.first_seen <= until][-1]
    failed = any(each.opened < end and (each.closed is None or each.closed >= start) for each in page.outages)
    if failed or (after is not text and after.last_before is not None):
        return OnSite(Seen.BETWEEN, text, after, _day(since), _day(until))
    return OnSite(Seen.STOOD, text, since=_day(since), until=_day(until))


def _looks(page: PageHistory) -> set[datetime]:
    """When the page was seen to show a text."""
    texts = {moment for each in page.texts for moment in (each.first_seen, each.last_before) if moment}
    ended = {each.closed for each in page.outages if each.closed}
    return {look for look in texts | ended | {*page.looks} if look <= page.last_good} | {page.last_good}


def sentence(site: OnSite, day: date, held_since: date) -> str:
    """What must be said about the answer, in Chinese; "" where the text simply stood."""
    if site.seen is Seen.BEFORE:
        return f"本库从 {held_since} 起留存此页，不能回答 {day} 的内容。"
    if site.seen is Seen.SINCE:
        return f"最后一次看到此页是 {site.since}，此后未能查看，不能说 {day} 是否仍是这些文字。"
    if site.seen is Seen.AHEAD:
        return f"{day} 还没有到来，不能说当日网站上是哪些文字；最后一次看到此页是 {site.since}。"
    if site.seen is Seen.BETWEEN and site.since and site.until:
        since, until = (_short(each, day) for each in (site.since, site.until))
        alike = "相同，程序据此推断未变" if site.same else "不同，程序不能说当日是哪一种"
        return f"{day} 前后未能查看（{since} 至 {until}）。{since} 与 {until} 的文字{alike}。"
    if site.since and site.until:
        since, until = (_short(each, day) for each in (site.since, site.until))
        return f"{day} 当日没有查看。{since} 与 {until} 两次查看之间未见变动，程序据此推断未变。"
    return ""


def _short(each: date, day: date) -> str:
    return each.strftime("%m-%d") if each.year == day.year else each.isoformat()


def in_force(texts: Sequence[Text], amended_on: Iterable[date], day: date) -> InForce | None:
    """Of these texts, in their order, the one that applied on a day by the dates that they, and the decisions that
    amended them, give. ``None`` when none applied yet, or no text says from when the first one does."""
    found: InForce | None = None
    for each in _since(texts, sorted(set(amended_on))):
        if each.since <= day:
            found = each
    return found


def undatable(texts: Sequence[Text], amended_on: Iterable[date], site: OnSite) -> bool:
    """Whether nobody can tell from when the text after a gap applies: no text says so, and nobody saw it come."""
    if not site.either or site.until is None:
        return False
    known = in_force(texts, amended_on, site.until)
    return known is not None and known.inferred and known.text == site.after


def _since(texts: Sequence[Text], amended_on: Sequence[date]) -> Iterable[InForce]:
    """From when each text applies. An amended text often repeats the first one's day; then the amending decision's
    counts, and without one the day on which it was first seen; but amended before it applies, it applies from its day."""
    before: Text | None = None
    last: date | None = None
    for text in texts:
        if before is None:
            since, inferred = text.effective, False
        elif text.digest == before.digest:
            continue
        elif text.effective is not None and text.effective != before.effective:
            since, inferred = text.effective, False
        else:
            decided = [each for each in amended_on if last is None or each > last]
            seen = _day(text.first_seen)
            near = next((each for each in decided if abs(each - seen) <= _NEAR), None)
            ahead = text.effective if text.effective is not None and seen <= text.effective else None
            since, inferred = ahead or near or seen, (ahead or near) is None
        before = text
        if since is not None:
            last = since
            yield InForce(text, since, inferred)


_NEAR = timedelta(days=400)
"""A decision takes effect within about a year of the day on which the amended text is published."""


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), BEIJING)
    return start, start + timedelta(days=1)


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
