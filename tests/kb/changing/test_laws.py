"""Real regulations before and after amendment, from the development sets beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rapidfuzz.distance import Indel

from kb.changing import apply_spans, compare, split_passages
from kb.changing.labels import JOIN
from kb.model import Comparison, Document, Op
from kb.reading import read_text

PAIRS = 20
BESIDE_THE_TEXT = {"标题", "文号", "发布机关", "成文日期", "发布日期", "施行日期", "意见反馈截止", "过渡期至"}


def _read(folder: Path, name: str) -> Document:
    return read_text((folder / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pairs(shared: Path) -> list[tuple[Document, Document]]:
    folder = shared / "data" / "law-pairs"
    listed = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))
    small = sorted(listed, key=lambda pair: pair["old_lines"] + pair["new_lines"])[:PAIRS]
    return [(_read(folder, pair["old"]), _read(folder, pair["new"])) for pair in small]


def _accounted(comparison: Comparison, side: str) -> list[str]:
    anchors = [getattr(p, side) for p in comparison.passages]
    return [
        part for anchor in anchors if anchor and anchor not in BESIDE_THE_TEXT for part in anchor.split(JOIN)
    ]


@pytest.mark.shared
def test_both_texts_are_rebuilt_from_the_changes(pairs: list[tuple[Document, Document]]) -> None:
    for old, new in (*pairs, *((new, old) for old, new in pairs)):
        comparison = compare(old, new)
        assert _accounted(comparison, "anchor") == [p.anchor for p in split_passages(new)]
        assert sorted(_accounted(comparison, "anchor_before")) == sorted(
            p.anchor for p in split_passages(old)
        )
        for change in comparison.passages:
            if change.spans:
                assert apply_spans(change.before, change.spans) == change.after


@pytest.mark.shared
def test_hardly_any_removed_passage_resembles_an_added_one(pairs: list[tuple[Document, Document]]) -> None:
    alike = 0
    for old, new in pairs:
        passages = compare(old, new).passages
        gone = [p.before for p in passages if p.op is Op.REMOVED and len(p.before) > 12]
        come = [p.after for p in passages if p.op is Op.ADDED and len(p.after) > 12]
        alike += sum(Indel.normalized_similarity(a, b) > 0.6 for a in gone for b in come)
    assert alike <= 2
