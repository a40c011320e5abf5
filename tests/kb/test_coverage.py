"""What is seen of a licence type: by what is declared, by how each source stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kb.codes import Coverage, Health, SourceLevel, SourceState
from kb.coverage import (
    Fault,
    LicenceCoverage,
    Watched,
    covered,
    of_declaration,
    state_at,
)
from kb.coveragetext import nothing_found, said, said_of, word
from kb.licences import licences
from kb.sources import Source

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
BROKEN = datetime(2026, 11, 3, 6, 12, tzinfo=UTC)


def source(identifier: str = "a.rules", **changes: Any) -> Watched:
    fields: dict[str, Any] = {
        "id": identifier,
        "title": "示例机关·规章",
        "authority": "示例机关",
        "level": SourceLevel.REGULATOR,
        "coverage": Coverage.DIRECT,
        "licences": ("algorithm-filing",),
        "state": SourceState.WATCHED,
        "last_good": NOW,
    }
    return Watched(**(fields | changes))


def failing(identifier: str = "a.rules", **changes: Any) -> Watched:
    fault = Fault(Health.REFUSED, BROKEN + timedelta(days=1))
    fields = {"state": SourceState.NOT_WATCHED, "last_good": BROKEN, "faults": (fault,)}
    return source(identifier, **(fields | changes))


GAZETTE = source("g.gazette", title="示例公报", level=SourceLevel.GAZETTE, coverage=Coverage.INDIRECT)


def seen(*sources: Watched, licence: str = "algorithm-filing") -> LicenceCoverage:
    return covered(licences()[licence], sources)


def test_a_direct_source_that_is_looked_at() -> None:
    found = seen(source(), GAZETTE)
    assert (found.meant, found.now, found.state) == (
        Coverage.DIRECT,
        Coverage.DIRECT,
        SourceState.WATCHED,
    )
    assert (said(found), nothing_found(found)) == ("直接", "未见变动")


def test_a_direct_source_that_fails_is_not_seen_and_since_when() -> None:
    found = seen(failing())
    assert (found.meant, found.now, found.since) == (Coverage.DIRECT, Coverage.BLIND, BROKEN)
    assert said(found) == "目前未能查看；应为直接，示例机关·规章自 2026-11-03 14:12 起未能查看：拒绝访问"
    assert nothing_found(found) == "未能查看，不能说有没有变动"


def test_behind_a_failing_source_the_gazette_is_only_indirect() -> None:
    """The best that is seen counts, not the best that was meant, however many others are seen."""
    found = seen(failing(), GAZETTE)
    assert (found.meant, found.now, found.state) == (
        Coverage.DIRECT,
        Coverage.INDIRECT,
        SourceState.NOT_WATCHED,
    )
    assert said(found).startswith("间接（公报、转载）；应为直接，示例机关·规章自 2026-11-03 14:12 起")
    assert nothing_found(found) == "在看得到的来源上未见变动"


def test_one_of_two_direct_sources_fails() -> None:
    found = seen(source(), failing("b.rules"))
    assert found.now is Coverage.DIRECT
    assert said(found) == "直接；2 个来源中 1 个未能查看"
    assert nothing_found(found) == "在看得到的来源上未见变动"


def test_what_several_sources_gave_is_unseen_since_the_last_of_them_failed() -> None:
    later = failing("b.rules", title="另一机关·规章", last_good=BROKEN + timedelta(days=5))
    for sources in ((failing(), later), (later, failing())):
        found = seen(*sources)
        assert found.since == BROKEN + timedelta(days=5)
        assert "另一机关·规章自 2026-11-08 14:12 起未能查看" in said(found)


def test_a_source_that_never_answered_has_no_last_good_look() -> None:
    found = seen(failing(last_good=None))
    assert found.since == BROKEN + timedelta(days=1)
    assert "从未" not in said(found)
    assert said(seen(failing(last_good=None, faults=()))) == "目前未能查看；应为直接，从未看到"


@pytest.mark.parametrize(
    ("state", "now", "words"),
    [
        (SourceState.PARTLY_WATCHED, Coverage.DIRECT, "直接；部分页面未能查看"),
        (SourceState.UNTRIED, Coverage.BLIND, "尚未查看；应为直接，还没有查看过"),
        (SourceState.UNVERIFIED, Coverage.BLIND, "未启用（选择器待核验）；应为直接，来源尚未启用"),
        (SourceState.IMPORTED, Coverage.MANUAL, "需人工；应为直接，只有导入的留存"),
        (None, Coverage.DIRECT, "直接"),
    ],
)
def test_every_state_of_a_direct_source(state: SourceState | None, now: Coverage, words: str) -> None:
    found = seen(source(state=state, last_good=None))
    assert (found.meant, found.now, said(found)) == (Coverage.DIRECT, now, words)


def test_one_province_and_what_is_not_enabled_do_not_speak_for_the_country() -> None:
    local = seen(source(province="贵州"))
    assert nothing_found(local) == "在看得到的来源上未见变动"
    half = seen(source(), source("b.rules", state=SourceState.UNVERIFIED, last_good=None))
    assert nothing_found(half) == "在看得到的来源上未见变动"


def test_by_hand_and_not_at_all() -> None:
    by_hand = seen(source(coverage=Coverage.MANUAL, state=SourceState.MANUAL))
    assert (by_hand.meant, by_hand.now, said(by_hand)) == (Coverage.MANUAL, Coverage.MANUAL, "需人工")
    assert nothing_found(by_hand) == "没有可自动查看的来源，不能说有没有变动"
    nobody = seen(source(licences=("mlps",)))
    assert (nobody.meant, nobody.state, nobody.sights) == (Coverage.BLIND, None, ())
    assert said(nobody) == "盲区：已配置的来源都不登载这类规则"
    assert nothing_found(nobody) == "没有可自动查看的来源，不能说有没有变动"


@pytest.mark.parametrize(
    ("level", "licence", "meant"),
    [
        (SourceLevel.REGULATOR, "icp-license", Coverage.DIRECT),
        (SourceLevel.GAZETTE, "icp-license", Coverage.INDIRECT),
        (SourceLevel.OFFICIAL_REPRINT, "icp-license", Coverage.INDIRECT),
        (SourceLevel.PLATFORM, "icp-license", Coverage.INDIRECT),
        (SourceLevel.OFFICIAL_REPLY, "deep-synthesis-filing", Coverage.INDIRECT),
        (SourceLevel.PLATFORM, "wx-category", Coverage.DIRECT),
        (SourceLevel.AGENCY, "icp-license", Coverage.MANUAL),
        (SourceLevel.HAND_SAVED, "icp-license", Coverage.MANUAL),
    ],
)
def test_a_source_gives_no_more_than_its_level_can(level: SourceLevel, licence: str, meant: Coverage) -> None:
    """A platform page that asks for a licence is no look at the regulator who issues it."""
    assert seen(source(level=level, licences=(licence,)), licence=licence).meant is meant


def test_a_province_is_not_the_country() -> None:
    local = source("gd.notices", province="广东")
    alone = seen(local)
    assert (alone.meant, alone.now, alone.provinces) == (Coverage.BLIND, Coverage.BLIND, ("广东",))
    assert said(alone) == "只看得到广东：没有全国性的来源"
    behind = seen(failing(), local)
    assert (behind.now, behind.provinces) == (Coverage.BLIND, ("广东",))
    assert said(behind).endswith("拒绝访问；广东另有当地来源")
    assert seen(source(), local).provinces == ()


FAMILY, CHILD = "vats-license", "icp-license"


def test_the_rules_of_the_family_are_rules_of_each_class_of_it() -> None:
    """What is seen of the type above is seen of this one; it is not said that this one's own rules are."""
    found = seen(source(licences=(FAMILY,)), licence=CHILD)
    assert (found.now, [sight.common for sight in found.sights]) == (Coverage.DIRECT, [True])
    assert said(found) == "直接；只有上级事项的通用规则，本项自己的规则没有来源"
    assert word(found) == "直接（只有通用规则）"
    assert nothing_found(found) == "在看得到的来源上未见变动"


def test_a_class_is_never_said_to_be_seen_whole_while_its_family_is_not() -> None:
    own = source(licences=(CHILD,))
    assert said(seen(own, licence=CHILD)) == "直接；增值电信许可的通用规则没有全国性的来源"
    assert nothing_found(seen(own, licence=CHILD)) == "在看得到的来源上未见变动"
    broken = failing("z.family", licences=(FAMILY,))
    assert said(seen(own, broken, licence=CHILD)).endswith("增值电信许可的通用规则目前未能查看")
    gazette = source("g", level=SourceLevel.GAZETTE, licences=(FAMILY,))
    assert said(seen(own, gazette, licence=CHILD)).endswith("的通用规则只能间接（公报、转载）查看")
    both = seen(source(licences=(FAMILY, CHILD)), licence=CHILD)
    assert (said(both), nothing_found(both)) == ("直接", "未见变动")


def test_a_class_whose_own_source_fails_is_not_said_to_be_seen_by_its_family() -> None:
    found = seen(failing(licences=(CHILD,)), source("b.family", licences=(FAMILY,)), licence=CHILD)
    assert said(found) == "直接；2 个来源中 1 个未能查看；本项自己的规则目前未能查看"
    assert nothing_found(found) == "在看得到的来源上未见变动"


def test_a_class_does_not_speak_for_its_family_nor_for_a_sister() -> None:
    own = source(licences=(CHILD,))
    assert seen(own, licence=FAMILY).sights == ()
    assert seen(own, licence="edi-license").sights == ()


@pytest.mark.parametrize("sources", [(), (source(licences=(FAMILY,)),), (failing(licences=(FAMILY,)),)])
def test_a_class_is_never_seen_worse_than_its_family(sources: tuple[Watched, ...]) -> None:
    order = [Coverage.DIRECT, Coverage.INDIRECT, Coverage.MANUAL, Coverage.BLIND]
    assert order.index(seen(*sources, licence=CHILD).now) <= order.index(seen(*sources, licence=FAMILY).now)


def test_each_source_says_how_it_stands() -> None:
    found = seen(failing(), GAZETTE, source("z.hand", coverage=Coverage.MANUAL, state=SourceState.MANUAL))
    assert [said_of(sight) for sight in found.sights] == [
        "直接，自 2026-11-03 14:12 起未能查看：拒绝访问",
        "间接（公报、转载），已查看",
        "需人工",
    ]


@pytest.mark.parametrize(
    ("state", "good", "expected"),
    [
        (SourceState.WATCHED, NOW - timedelta(hours=35), SourceState.WATCHED),
        (SourceState.WATCHED, NOW - timedelta(hours=37), SourceState.NOT_WATCHED),
        (SourceState.PARTLY_WATCHED, None, SourceState.NOT_WATCHED),
        (SourceState.UNTRIED, None, SourceState.UNTRIED),
        (SourceState.MANUAL, None, SourceState.MANUAL),
        (SourceState.IMPORTED, NOW - timedelta(days=400), SourceState.IMPORTED),
    ],
)
def test_a_look_grows_old(state: SourceState, good: datetime | None, expected: SourceState) -> None:
    assert state_at(state, good, 24, NOW) is expected


def test_a_declaration_alone() -> None:
    declared = {
        "id": "a.rules",
        "title": "示例",
        "authority": "示例机关",
        "mechanism": "pages",
        "level": "regulator",
        "hosts": ["gov.example.cn"],
        "start": ["https://gov.example.cn/a"],
        "publish": "full",
        "licences": ["mlps"],
    }
    assert said(seen(of_declaration(Source.model_validate(declared)), licence="mlps")) == "直接"
    off = of_declaration(Source.model_validate(declared | {"enabled": False}))
    assert seen(off, licence="mlps").now is Coverage.BLIND
    by_hand = of_declaration(Source.model_validate(declared | {"enabled": False, "coverage": "manual"}))
    assert said(seen(by_hand, licence="mlps")) == "需人工"
