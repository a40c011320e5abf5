from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kb.codes import ChangeKind, Confidence, Confirmation, Flag, Origin, Significance
from kb.model import LicenceTag
from scheduler.alerts.match import (
    MOST_IMMEDIATE,
    Alerted,
    Way,
    concerned,
    incident_concerns,
    match,
    wanted,
)
from scheduler.facts import ChangeFacts, IncidentFacts
from scheduler.ops import Subscription

PARENTS = {
    "icp-license": "vats-license",
    "edi-license": "vats-license",
    "loop-a": "loop-b",
    "loop-b": "loop-a",
}
Make = Callable[..., ChangeFacts]


def tag(licence: str) -> LicenceTag:
    return LicenceTag(licence, "strong", "", "text", 0, 0, "", Confidence.HIGH)


@pytest.mark.parametrize(
    ("wish", "label", "reaches"),
    [
        ("icp-license", "icp-license", True),
        ("icp-license", "vats-license", True),  # the parent's item reaches every child
        ("vats-license", "icp-license", True),  # a child's item reaches the parent's subscribers
        ("edi-license", "icp-license", False),  # never a sibling's
        ("mlps", "icp-license", False),
        ("loop-a", "loop-b", True),
    ],
)
def test_who_is_concerned_by_a_label(wish: str, label: str, reaches: bool) -> None:
    subscription = Subscription(name="x", licences=(wish,))
    assert (concerned(subscription, [label], PARENTS.get) == (label,)) is reaches


@pytest.mark.parametrize(
    ("values", "way"),
    [
        ({}, Way.IMMEDIATE),
        ({"kind": ChangeKind.NEW}, Way.IMMEDIATE),
        ({"kind": ChangeKind.FINALISED}, Way.IMMEDIATE),
        ({"kind": ChangeKind.DRAFT_PUBLISHED, "is_draft": True}, Way.DIGEST),
        ({"is_draft": True}, Way.DIGEST),
        ({"kind": ChangeKind.IMAGE_REPLACED, "flags": frozenset({Flag.NEEDS_READING})}, Way.IMMEDIATE),
        (
            {"significance": Significance.EDITORIAL, "flags": frozenset({Flag.NEEDS_READING})},
            Way.IMMEDIATE,
        ),
        ({"kind": ChangeKind.LIST_BATCH}, Way.DIGEST),
        ({"significance": Significance.EDITORIAL}, None),
        ({"significance": Significance.NOISE}, None),
        ({"kind": ChangeKind.BASELINE}, None),
        ({"kind": ChangeKind.TECHNICAL}, None),
        ({"kind": ChangeKind.REPUBLISHED}, None),
        ({"confirmation": Confirmation.PROVISIONAL}, None),
        ({"confirmation": Confirmation.HELD}, None),
        ({"origin": Origin.IMPORT}, None),
        ({"origin": Origin.REPLAY}, None),
    ],
)
def test_how_a_change_is_told(
    make_change: Make, subscription: Subscription, values: dict[str, object], way: Way | None
) -> None:
    found = match([make_change(**values)], [subscription], PARENTS.get)
    assert [m.way for m in found] == ([way] if way else [])


def test_editorial_changes_reach_those_who_ask_for_them(
    make_change: Make, subscription: Subscription
) -> None:
    asks = subscription.model_copy(update={"minimum": Significance.EDITORIAL})
    (found,) = match([make_change(significance=Significance.EDITORIAL)], [asks], PARENTS.get)
    assert found.way is Way.DIGEST


def test_a_held_change_reaches_nobody(make_change: Make, subscription: Subscription) -> None:
    change = make_change()
    assert match([change], [subscription], PARENTS.get, held=frozenset({change.id})) == ()


def test_a_subscription_hears_of_nothing_from_before_it_began(
    make_change: Make, subscription: Subscription
) -> None:
    later = subscription.model_copy(update={"created_at": datetime(2026, 11, 24, tzinfo=UTC)})
    change = make_change()
    assert match([change], [later], PARENTS.get) == ()
    (found,) = match([change], [later], PARENTS.get, late=frozenset({change.id}))
    assert found.way is Way.IMMEDIATE


def test_sources_and_licences_both_narrow(make_change: Make, subscription: Subscription) -> None:
    elsewhere = subscription.model_copy(update={"sources": ("sample.other",)})
    everything = subscription.model_copy(update={"licences": ()})
    untagged = make_change(tags=())
    assert match([make_change()], [elsewhere], PARENTS.get) == ()
    assert match([untagged], [subscription], PARENTS.get) == ()
    assert len(match([untagged], [everything], PARENTS.get)) == 1


@pytest.mark.parametrize(
    ("region", "wishes", "told"),
    [
        ("浙江", {}, True),  # who names no province wants those of all
        ("浙江", {"province": "浙江"}, True),
        ("浙江", {"province": "广东"}, False),
        ("浙江", {"province": "广东", "regions": ("浙江",)}, True),
        ("浙江", {"regions": ("江苏",)}, False),
        ("浙江", {"province": "全国"}, True),
        ("浙江", {"province": "广东", "sources": ("sample.cac.rules",)}, True),  # who names a source chose it
        ("浙江", {"province": "广东", "licences": ()}, False),
        ("", {"province": "广东"}, True),  # national rules and platforms
    ],
)
def test_a_local_rule_reaches_its_province_and_those_who_chose_it(
    make_change: Make, subscription: Subscription, region: str, wishes: dict[str, object], told: bool
) -> None:
    wish = subscription.model_copy(update=wishes)
    assert bool(match([make_change(region=region)], [wish], PARENTS.get)) is told
    assert wanted(make_change(region=region), wish, PARENTS.get) is told


def test_a_list_of_another_province_that_names_whom_we_watch_is_told(
    make_change: Make, subscription: Subscription
) -> None:
    elsewhere = {"province": "广东", "watched_names": ("年度报告",)}
    change = make_change(kind=ChangeKind.LIST_BATCH, region="浙江")
    (found,) = match([change], [subscription.model_copy(update=elsewhere)], PARENTS.get)
    assert found.way is Way.IMMEDIATE
    unnamed = {"province": "广东", "watched_names": ("别家",)}
    assert match([change], [subscription.model_copy(update=unnamed)], PARENTS.get) == ()


def test_a_list_batch_is_told_at_once_when_it_names_whom_we_watch(
    make_change: Make, subscription: Subscription
) -> None:
    watches = subscription.model_copy(update={"watched_names": ("年度报告",)})
    (found,) = match([make_change(kind=ChangeKind.LIST_BATCH)], [watches], PARENTS.get)
    assert found.way is Way.IMMEDIATE


def test_a_reverted_change_corrects_those_who_were_alerted_and_nobody_else(
    make_change: Make, subscription: Subscription
) -> None:
    other = subscription.model_copy(update={"id": "sub-0002"})
    reverted = make_change(id="ch-back", kind=ChangeKind.REVERTED, undoes="ch-4f1a09000000")
    alerted = [
        Alerted("al-0", "ch-older", reverted.page, "sub-0002"),
        Alerted("al-1", "ch-4f1a09000000", reverted.page, "sub-0001"),
    ]
    found = match([reverted], [subscription, other], PARENTS.get, alerted=alerted)
    assert [(m.subscription, m.way, m.about) for m in found] == [("sub-0001", Way.CORRECTION, "al-1")]
    assert match([reverted], [subscription, other], PARENTS.get) == ()


def test_a_storm_becomes_a_digest(make_change: Make, subscription: Subscription) -> None:
    changes = [replace(make_change(), id=f"ch-{n}") for n in range(MOST_IMMEDIATE + 3)]
    ways = [m.way for m in match(changes, [subscription], PARENTS.get)]
    assert ways.count(Way.IMMEDIATE) == MOST_IMMEDIATE
    assert ways[-3:] == [Way.DIGEST] * 3


def test_what_was_sent_in_the_last_hour_counts(make_change: Make, subscription: Subscription) -> None:
    (found,) = match([make_change()], [subscription], PARENTS.get, sent={subscription.id: MOST_IMMEDIATE})
    assert found.way is Way.DIGEST


def test_without_a_digest_nothing_waits_for_one(make_change: Make, subscription: Subscription) -> None:
    none = subscription.model_copy(update={"digest": "none"})
    for values in ({"kind": ChangeKind.DRAFT_PUBLISHED, "is_draft": True}, {"kind": ChangeKind.LIST_BATCH}):
        (found,) = match([make_change(**values)], [none], PARENTS.get)
        assert found.way is Way.IMMEDIATE
    (found,) = match([make_change()], [none], PARENTS.get, sent={none.id: MOST_IMMEDIATE})
    assert found.way is Way.SUMMARY


def test_whom_a_source_problem_concerns(
    make_incident: Callable[..., IncidentFacts], subscription: Subscription
) -> None:
    icp = subscription.model_copy(update={"licences": ("icp-license",)})
    incident = make_incident()
    assert incident_concerns(incident, icp, PARENTS.get)
    assert not incident_concerns(incident, subscription, PARENTS.get)
    assert incident_concerns(make_incident(licences=()), subscription, PARENTS.get)
    assert not incident_concerns(incident, icp.model_copy(update={"incidents": False}), PARENTS.get)
    local = make_incident(region="浙江")
    assert incident_concerns(local, icp.model_copy(update={"province": "浙江"}), PARENTS.get)
    assert not incident_concerns(local, icp.model_copy(update={"province": "广东"}), PARENTS.get)
