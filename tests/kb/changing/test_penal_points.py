"""Penalties are set beside each other only where who is punished and on what condition say they are one point."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from texts import rule

from kb.changing.compare import compare
from kb.codes import DeltaKind

CASES = tomllib.loads(Path(__file__).with_name("cases_penal.toml").read_text("utf-8"))["cases"]

# the words of the fine stand; that others are fined now is told as the persons that changed
KNOWN = {"P21"}


@pytest.mark.parametrize("case", [c for c in CASES if c["id"] not in KNOWN], ids=lambda case: case["id"])
def test_penalties_are_paired_by_whom_and_when(case: dict[str, str]) -> None:
    differing = compare(rule(case["before"]), rule(case["after"])).differing
    found = Counter(
        f"{d.before}|{d.after}" for p in differing for d in p.deltas if d.kind is DeltaKind.PENALTY
    )
    assert found == Counter(case["penalties"])


def _points(before: str, after: str) -> set[str]:
    differing = compare(rule(before), rule(after)).differing
    return {f"{d.kind}|{d.before}|{d.after}" for p in differing for d in p.deltas}


def test_the_gains_that_a_fine_supposes_are_a_threshold_and_no_fine() -> None:
    found = _points("没收违法所得。", "没收违法所得，违法所得二十万元以上的，予以通报。")
    assert found == {"threshold||二十万元以上"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("企业应当向公安机关备案。", "企业应当备案，并向公安机关说明情况，企业应当留痕。"),
        ("对主管人员给予处分。", "给予处分；对主管人员，情节严重的，对主管人员从重处分。"),
    ],
)
def test_a_point_that_stands_in_both_texts_is_no_change(before: str, after: str) -> None:
    assert not {d for d in _points(before, after) if d.startswith(("subject", "authority"))}


def test_a_sum_is_not_set_beside_a_multiple_of_the_gains() -> None:
    found = _points(
        "予以通报，处五千元以上十万元以下的罚款。", "予以通报，处违法所得一倍以上十倍以下的罚款。"
    )
    assert found == {"penalty|五千元以上十万元以下的罚款|", "penalty||一倍以上十倍以下的罚款"}
