"""Real regulations before and after amendment, from the development sets beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rapidfuzz.distance import Indel
from rebuilding import rebuilt_after, rebuilt_before

from kb.changing.compare import compare
from kb.changing.passages import split_passages
from kb.codes import Op
from kb.model import Document
from kb.reading.text import read_text


def _read(folder: Path, name: str) -> Document:
    return read_text((folder / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pairs(shared: Path) -> list[tuple[Document, Document]]:
    folder = shared / "data" / "law-pairs"
    listed = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
    return [(_read(folder, pair["old"]), _read(folder, pair["new"])) for pair in listed]


@pytest.mark.shared
def test_both_texts_are_rebuilt_from_the_changes(pairs: list[tuple[Document, Document]]) -> None:
    assert len(pairs) >= 60
    backwards = [(new, old) for old, new in pairs if len(old.text) < 10_000]
    for old, new in (*pairs, *backwards):
        comparison = compare(old, new)
        assert rebuilt_before(comparison, split_passages(old)) == [p.text for p in split_passages(old)]
        assert rebuilt_after(comparison) == [(p.anchor, p.text) for p in split_passages(new)]


@pytest.mark.shared
def test_hardly_any_removed_passage_resembles_an_added_one(pairs: list[tuple[Document, Document]]) -> None:
    alike = 0
    for old, new in sorted(pairs, key=lambda pair: len(pair[0].text) + len(pair[1].text))[:20]:
        passages = compare(old, new).passages
        gone = [p.before for p in passages if p.op is Op.REMOVED and len(p.before) > 12]
        come = [p.after for p in passages if p.op is Op.ADDED and len(p.after) > 12]
        alike += sum(Indel.normalized_similarity(a, b) > 0.6 for a in gone for b in come)
    assert alike <= 2
