"""PURE. A change and the profiles -> whose licence types it concerns, and why.

Licence types reach up and down as they do for subscriptions: a change of the parent concerns those under its children.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kb.model import LicenceTag
from kb.profiles import Advice, Profile
from kb.regions import NATIONAL
from scheduler.alerts.match import concerned
from scheduler.ops import Subscription
from scheduler.profiles import concerning


class Place(StrEnum):
    """Where a rule stands to the profile."""

    NATIONAL = "national"
    SAME = "same"
    OTHER = "other"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Affected:
    """``advice``: the profile's own reasons for the types that were touched; ``tags``: why the change has them."""

    profile: str
    name: str
    province: str
    place: Place
    advice: tuple[Advice, ...]
    tags: tuple[LicenceTag, ...]


def affected(
    tags: Iterable[LicenceTag],
    region: str,
    profiles: Mapping[str, Profile],
    parent_of: Callable[[str], str | None],
    *,
    forms: frozenset[str] = frozenset(),
) -> tuple[Affected, ...]:
    """Those concerned: most likely first, then by name; those in another province than the rule last. ``forms``: a
    platform's rule is of services in these forms alone; a profile that does not say its form may be one."""
    tags = tuple(tags)
    found = []
    for name, profile in profiles.items():
        said = profile.answers.get("form", ())
        if forms and said and forms.isdisjoint(said):
            continue
        reasons, why = _touched(concerning(profile), tags, parent_of)
        if reasons:
            place = place_of(region, profile.province)
            found.append(Affected(name, profile.name, profile.province, place, reasons, why))
    return tuple(sorted(found, key=_rank))


_FORMS = {
    "wx-category": "wechat",
    "wx-deep-synthesis": "wechat",
    "other-platform-category": "other_miniprogram",
}


def forms_of(tags: Iterable[LicenceTag]) -> frozenset[str]:
    """The forms of service that platform rules with these labels are of; none where no label names a platform."""
    return frozenset(_FORMS[tag.licence] for tag in tags if tag.licence in _FORMS)


def place_of(region: str, province: str) -> Place:
    """Of a rule of ``region`` (empty: the whole country) and a profile."""
    if not region:
        return Place.NATIONAL
    if province in {"", NATIONAL}:
        return Place.UNSAID
    return Place.SAME if region == province else Place.OTHER


def _touched(
    advice: tuple[Advice, ...], tags: tuple[LicenceTag, ...], parent_of: Callable[[str], str | None]
) -> tuple[tuple[Advice, ...], tuple[LicenceTag, ...]]:
    reasons, hit = [], set[str]()
    labels = [tag.licence for tag in tags]
    for each in advice:
        one = Subscription(name="-", licences=(each.licence,))
        if reached := concerned(one, labels, parent_of):
            reasons.append(each)
            hit.update(reached)
    return tuple(reasons), tuple(tag for tag in tags if tag.licence in hit)


def _rank(one: Affected) -> tuple[bool, int, str]:
    return one.place is Place.OTHER, -sum(each.likelihood == "usually" for each in one.advice), one.profile
