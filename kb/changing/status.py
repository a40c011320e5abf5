"""PURE. How a document stands on a day: asked when wanted, never kept. A reckoning by dates, no legal finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kb.codes import DocumentStatus, RelationKind, SourceLevel
from kb.model import Document
from kb.numerals import to_int

_OWN = r"本(?:办法|规定|条例|细则|规则|通知|公告|通告|意见|决定|标准|指南|指引|规范|方案|措施|文件|规程|制度|批复)"
_YEARS = re.compile(
    rf"(?:{_OWN}[^。；]{{0,60}}|(?:施行|实施|执行|生效)之?日?起?[，,、 ]{{0,2}})有效期(?:限)?(?:为|至)?[^。；，0-9一二两三四五六七八九十]{{0,4}}(?P<years>[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,3}}) ?年(?!度|[0-9]{{1,2}}月)"
)
_UNTIL = re.compile(
    rf"(?:{_OWN}[^。；]{{0,60}}|(?:施行|实施|执行|生效)[，,、 ]{{0,2}})(?:有效期(?:限)?(?:为|至|截至|截止)?[^。；，0-9]{{0,4}}|(?:有效)?(?:截至|截止|至))(?P<year>[0-9]{{4}})年(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})日"
)
_SAYS_REPEALED = re.compile(
    r"[（(【\[][^）)】\]]{0,6}(?:废止|失效)[^）)】\]]{0,4}[）)】\]]|^(?:已废止|已失效)"
)

_ENDING = frozenset({RelationKind.REPEALS, RelationKind.REPLACES})


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a document decides how it stands. ``expires`` is its last day; ``since`` the first day on which it is
    known to exist (made or published)."""

    title: str
    level: SourceLevel
    is_draft: bool
    effective: date | None = None
    comments_until: date | None = None
    expires: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Suffered:
    """What another document does to this one, from a day; ``None`` where no text says from when."""

    kind: RelationKind
    since: date | None


def standing(document: Document, level: SourceLevel) -> Standing:
    return Standing(
        title=document.title,
        level=level,
        is_draft=document.is_draft,
        effective=document.effective,
        comments_until=document.comments_until,
        expires=expiry(document),
        since=document.made or document.published,
    )


def status(of: Standing, suffered: Iterable[Suffered], on: date) -> DocumentStatus:
    """How a document stands on a day (Beijing)."""
    said = tuple(suffered)
    felt = {each.kind for each in said if each.since is not None and each.since <= on}
    if of.is_draft:
        return _draft(of, felt, on)
    if ended := _ended(of, felt):
        return ended
    if any(each.since is None and each.kind in _ENDING for each in said):
        return DocumentStatus.UNKNOWN
    if of.level in {SourceLevel.PLATFORM, SourceLevel.OFFICIAL_REPLY}:
        return DocumentStatus.PLATFORM_CURRENT
    return _by_dates(of, felt, on)


def _ended(of: Standing, felt: set[RelationKind]) -> DocumentStatus | None:
    if RelationKind.REPLACES in felt:
        return DocumentStatus.SUPERSEDED
    if RelationKind.REPEALS in felt or _SAYS_REPEALED.search(of.title):
        return DocumentStatus.REPEALED
    return None


def _by_dates(of: Standing, felt: set[RelationKind], on: date) -> DocumentStatus:
    if of.effective is None:
        return DocumentStatus.UNKNOWN
    if of.effective > on:
        made = of.since is None or of.since <= on
        return DocumentStatus.NOT_YET_IN_FORCE if made else DocumentStatus.UNKNOWN
    if of.expires is not None and of.expires < on:
        return DocumentStatus.EXPIRED
    if RelationKind.REPEALS_PARTLY in felt:
        return DocumentStatus.PARTLY_REPEALED
    return DocumentStatus.IN_FORCE_AMENDED if RelationKind.AMENDS in felt else DocumentStatus.IN_FORCE


def _draft(of: Standing, felt: set[RelationKind], on: date) -> DocumentStatus:
    if RelationKind.DRAFT_OF in felt:
        return DocumentStatus.SUPERSEDED
    if of.comments_until is None:
        return DocumentStatus.UNKNOWN
    return DocumentStatus.DRAFT_OPEN if of.comments_until >= on else DocumentStatus.DRAFT_CLOSED


def expiry(document: Document) -> date | None:
    """The last day of a text that limits its own validity: ``本办法自2026年1月1日起施行，有效期五年``. The validity of a
    licence it speaks of is another matter."""
    for block in document.blocks:
        if "效期" not in block.text and "至" not in block.text:
            continue
        if until := _UNTIL.search(block.text):
            return _day(int(until["year"]), int(until["month"]), int(until["day"]))
        years = _YEARS.search(block.text)
        if years and document.effective:
            count = to_int(years["years"]) or 0
            start = document.effective
            return _day_before(_day(start.year + count, start.month, start.day) or start)
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1) if (month, day) == (2, 29) and 0 < year < 9999 else None


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
