"""What must be found on each day, made from the script of edits and never from our own output.

Anchors are the labels a reader would cite: ``第二十四条``, or the key of a table row, ``AI绘画``. ``passages``
and ``licences`` of a change are those that must be there; an analysis may say more, but no further change may appear.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

from crawler.sample_web.differences import ExpectedPassage, differences
from crawler.sample_web.script import DAYS, Edit, Page, Site, sites
from crawler.sample_web.state import page_at
from kb.codes import ChangeKind, Confirmation, Flag, Health, Significance

GONE_AFTER = 3  # captures over as many days


@dataclass(frozen=True, slots=True)
class ExpectedChange:
    """One change, on the day that can first tell it: a withdrawn page takes three days of asking.

    ``since`` is the day that last showed the old state (of ``draft_path``, for a final text), 0 for none.
    """

    day: int
    source: str
    path: str
    title: str
    kind: ChangeKind
    significance: Significance
    confirmation: Confirmation = Confirmation.CONFIRMED
    flags: tuple[Flag, ...] = ()
    licences: tuple[str, ...] = ()
    passages: tuple[ExpectedPassage, ...] = ()
    effective: date | None = None
    comments_until: date | None = None
    since: int = 0
    draft_path: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedIncident:
    """A problem of a whole source, or of one page when ``path`` is given."""

    source: str
    health: Health
    path: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """``documents`` are all ever collected; ``noise_pages`` document pages whose bytes moved but whose rule did not,
    at 06:10 against the last good look before."""

    day: int
    on: date
    documents: int
    watched: tuple[str, ...]
    not_watched: tuple[str, ...]
    changes: tuple[ExpectedChange, ...]
    opened: tuple[ExpectedIncident, ...]
    closed: tuple[ExpectedIncident, ...]
    noise_pages: int

    @property
    def held(self) -> tuple[ExpectedChange, ...]:
        return tuple(c for c in self.changes if c.confirmation is Confirmation.HELD)


@cache
def expected(day: int) -> ExpectedDay:
    """The truth of one day, 1 to 4."""
    return ExpectedDay(
        day=day,
        on=DAYS[day - 1],
        documents=sum(1 for site in sites() for page in site.pages if _seen_by(site, page, day)),
        watched=tuple(site.source for site in sites() if site.trouble(day) is None),
        not_watched=tuple(site.source for site in sites() if site.trouble(day) is not None),
        changes=tuple(change for site in sites() for change in _changes(site, day)),
        opened=tuple(incident for site in sites() for incident in _opened(site, day)),
        closed=tuple(incident for site in sites() for incident in _closed(site, day)),
        noise_pages=sum(_noise_pages(site, day) for site in sites()),
    )


def as_json() -> list[dict[str, Any]]:
    """The whole truth as plain values, for a ``truth.json``."""
    return [asdict(expected(day)) for day in range(1, len(DAYS) + 1)]


# --------------------------------------------------------------------------- what can be seen when


def _last_good(site: Site, day: int) -> int:
    """The newest day before ``day`` on which the site could be seen; 0 when there is none."""
    return next((d for d in range(day - 1, 0, -1) if site.trouble(d) is None), 0)


def _seen_by(site: Site, page: Page, day: int) -> bool:
    return any(site.trouble(d) is None and page in site.pages_on(d) for d in range(1, day + 1))


def _changes(site: Site, day: int) -> list[ExpectedChange]:
    since = _last_good(site, day)
    if site.trouble(day) is not None or not since:
        return []
    changes = []
    for page in site.pages:
        if since < page.from_day <= day:
            changes.append(_published(site, page, day, since))
        elif page.gone_from is not None and page.from_day < page.gone_from <= day:
            changes += _gone(site, page, day)
        elif page.from_day <= since:
            changes += _edited(site, page, day, since)
    return changes


# --------------------------------------------------------------------------- kinds of change


def _published(site: Site, page: Page, day: int, since: int) -> ExpectedChange:
    """A page its list did not name before: new, a draft, or the final text of a draft."""
    draft = site.page(page.derives) if page.derives else None
    kind = ChangeKind.NEW
    passages: tuple[ExpectedPassage, ...] = ()
    if page.draft:
        kind = ChangeKind.DRAFT_PUBLISHED
    elif draft is not None:
        kind = ChangeKind.FINALISED
        passages = differences(page_at(site, draft.key, since), page_at(site, page.key, day))
    return ExpectedChange(
        day,
        site.source,
        page.path,
        page.title,
        kind,
        Significance.SUBSTANTIVE,
        licences=page.licences,
        passages=passages,
        effective=page.effective,
        comments_until=page.comments_until,
        since=since if draft else 0,
        draft_path=draft.path if draft else "",
    )


def _gone(site: Site, page: Page, day: int) -> list[ExpectedChange]:
    """Withdrawn: told on the third day that asked and got 404, and held for a person."""
    absent = [d for d in range(page.gone_from or day, day + 1) if site.trouble(d) is None]
    if len(absent) != GONE_AFTER:
        return []
    return [
        ExpectedChange(
            day,
            site.source,
            page.path,
            page.title,
            ChangeKind.GONE,
            Significance.SUBSTANTIVE,
            Confirmation.HELD,
            licences=page.licences,
            since=absent[0] - 1,
        )
    ]


def _edited(site: Site, page: Page, day: int, since: int) -> list[ExpectedChange]:
    """Edits that became visible after ``since``, joined to one change a kind, as one look at the page shows them."""
    edits = [e for e in site.edits if e.page == page.key and since < e.day <= day and e.look in (None, 1)]
    if not edits:
        return []
    kinds: dict[str, ChangeKind] = {
        "image": ChangeKind.IMAGE_REPLACED,
        "attachment": ChangeKind.ATTACHMENT_REPLACED,
    }
    changes = []
    for kind in dict.fromkeys(kinds.get(edit.do, ChangeKind.AMENDED) for edit in edits):
        own = [edit for edit in edits if kinds.get(edit.do, ChangeKind.AMENDED) is kind]
        changes.append(_one_change(site, page, kind, own, day=day, since=since))
    return changes


def _one_change(
    site: Site, page: Page, kind: ChangeKind, edits: list[Edit], *, day: int, since: int
) -> ExpectedChange:
    substantive = any(edit.significance is Significance.SUBSTANTIVE for edit in edits)
    flips = all(edit.look is not None for edit in edits)
    after = page_at(site, page.key, day)
    return ExpectedChange(
        day,
        site.source,
        _address(page, kind),
        page.title,
        kind,
        Significance.SUBSTANTIVE if substantive else Significance.EDITORIAL,
        Confirmation.HELD if flips else Confirmation.CONFIRMED,
        flags=(Flag.NEEDS_READING,) if kind is ChangeKind.IMAGE_REPLACED else (),
        licences=page.licences,
        passages=differences(page_at(site, page.key, since), after, edits),
        effective=page.effective,
        since=since,
    )


def _address(page: Page, kind: ChangeKind) -> str:
    """Images and attachments are pages of their own."""
    if kind is ChangeKind.IMAGE_REPLACED:
        return page.images[0].path
    return page.attachments[0].path if kind is ChangeKind.ATTACHMENT_REPLACED else page.path


# --------------------------------------------------------------------------- problems and noise


def _opened(site: Site, day: int) -> list[ExpectedIncident]:
    health = site.trouble(day)
    before = site.trouble(day - 1) if day > 1 else None
    incidents = [ExpectedIncident(site.source, health)] if health and health is not before else []
    if health is None:
        incidents += [
            ExpectedIncident(site.source, Health.NOT_FOUND, page.path)
            for page in site.pages
            if page.gone_from == day
        ]
    return incidents


def _closed(site: Site, day: int) -> list[ExpectedIncident]:
    before = site.trouble(day - 1) if day > 1 else None
    return [ExpectedIncident(site.source, before)] if before and site.trouble(day) is not before else []


def _noise_pages(site: Site, day: int) -> int:
    since = _last_good(site, day)
    if not site.moving or not since or site.trouble(day) is not None:
        return 0
    kept = [page for page in site.pages_on(day) if page in site.pages_on(since)]
    return sum(page_at(site, p.key, since).lines == page_at(site, p.key, day).lines for p in kept)
