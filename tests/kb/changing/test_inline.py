"""The words that changed are marked as a lawyer would mark them: whole, and no more than changed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from kb.changing.inline import changed_spans

MARK = re.compile(r"\[([^\[\]→]*)→([^\[\]→]*)\]")
CLAUSES: list[str] = tomllib.loads((Path(__file__).parent / "cases_inline.toml").read_text("utf-8"))[
    "clauses"
]


@pytest.mark.parametrize("clause", CLAUSES)
def test_the_words_that_changed(clause: str) -> None:
    before, after = MARK.sub(r"\1", clause), MARK.sub(r"\2", clause)
    assert [(s.before, s.after) for s in changed_spans(before, after)] == MARK.findall(clause)
