"""Every pair of texts in the case file gets the class a lawyer gives it, read forwards and backwards."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kb.changing import compare
from kb.model import Significance
from kb.reading import read_text

CASES = tomllib.loads(Path(__file__).with_name("cases_significance.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("case", "expected"),
    [(case, Significance(label)) for label, cases in CASES.items() for case in cases],
    ids=[case["id"] for cases in CASES.values() for case in cases],
)
def test_significance(case: dict[str, str], expected: Significance) -> None:
    before, after = read_text(case["before"]), read_text(case["after"])
    forwards, backwards = compare(before, after), compare(after, before)
    assert forwards.significance is expected, forwards.reason
    assert backwards.significance is expected, backwards.reason
    if "kind" in case:
        assert forwards.kind == case["kind"]
