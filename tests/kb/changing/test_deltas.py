"""The points of a change, as a reader wants to see them, and that each points at its words."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import rule

from kb.changing.compare import compare
from kb.changing.deltas import find_deltas, points_of
from kb.changing.inline import changed_spans
from kb.codes import DeltaKind
from kb.model import PassageChange

CASES = tomllib.loads(Path(__file__).with_name("cases_deltas.toml").read_text("utf-8"))["cases"]
# the modifier alone is told (收费), not the noun with it
KNOWN = {"D093"}


def _differing(case: dict[str, str]) -> tuple[PassageChange, ...]:
    return compare(rule(*case["before"].split("\n")), rule(*case["after"].split("\n"))).differing


@pytest.mark.parametrize("case", [c for c in CASES if c["id"] not in KNOWN], ids=lambda case: case["id"])
def test_the_points_of_a_change(case: dict[str, str]) -> None:
    found = Counter(f"{d.kind}|{d.before}|{d.after}" for p in _differing(case) for d in p.deltas)
    assert found == Counter(case["deltas"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_each_point_points_at_its_words(case: dict[str, str]) -> None:
    for change in _differing(case):
        for delta in change.deltas:
            for words, start, text in (
                (delta.before, delta.before_start, change.before),
                (delta.after, delta.after_start, change.after),
            ):
                assert (start >= 0) == bool(words)
                assert not words or text[start : start + len(words)] == words


def test_every_kind_has_cases() -> None:
    told = {delta.split("|")[0] for case in CASES for delta in case["deltas"]}
    assert told == {str(kind) for kind in DeltaKind}


def test_an_added_clause_states_its_points() -> None:
    assert [(d.kind, d.after) for d in points_of("未取得许可证的，处一万元以下罚款。")][-1] == (
        DeltaKind.PENALTY,
        "一万元以下罚款",
    )


@given(
    st.text("应当可以不得日元十五万30、，。的证书企业和除外罚款", max_size=60),
    st.text("应当可以不得日元十五万30、，。的证书企业和除外罚款", max_size=60),
)
def test_any_two_texts_give_points_at_their_words(before: str, after: str) -> None:
    for delta in find_deltas(before, after, changed_spans(before, after)):
        assert delta.before != delta.after
        assert not delta.before or before[delta.before_start :].startswith(delta.before)
        assert not delta.after or after[delta.after_start :].startswith(delta.after)


@pytest.mark.parametrize(
    "piece", ["除", "一万", "国家", "《证", "应当在十日内提交证明、", "境内境外企业", "责令"]
)
def test_hostile_repetition_stays_cheap(piece: str) -> None:
    text = piece * (8_000 // len(piece))
    begin = perf_counter()
    find_deltas(text, text + "不得", changed_spans(text, text + "不得"))
    points_of(text)
    assert perf_counter() - begin < 2
