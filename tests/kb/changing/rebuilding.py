"""Both texts again from a comparison alone: nothing lost, nothing twice, every span exact."""

from __future__ import annotations

from collections.abc import Sequence

from kb.changing.inline import apply_spans
from kb.changing.labels import JOIN
from kb.codes import Op
from kb.model import Comparison, Passage, PassageChange

BESIDE_THE_TEXT = {"标题", "文号", "发布机关", "成文日期", "发布日期", "施行日期", "意见反馈截止", "过渡期至"}
REWRITTEN = {Op.AMENDED, Op.SPLIT, Op.MERGED}


def _of_the_text(comparison: Comparison) -> list[PassageChange]:
    anchors = BESIDE_THE_TEXT
    return [
        p
        for p in comparison.passages
        if (p.anchor or p.anchor_before) not in anchors
        and not (p.anchor or p.anchor_before).startswith("附件")
    ]


def _after_of(change: PassageChange) -> str:
    """The new words, from the old ones and the spans."""
    return apply_spans(change.before, change.spans) if change.op in REWRITTEN else change.after


def _before_of(change: PassageChange) -> str:
    """The old words, from the new ones and the spans."""
    parts: list[str] = []
    place = 0
    for span in change.spans:
        parts += [change.after[place : span.after_start], span.before]
        place = span.after_end
    return "".join([*parts, change.after[place:]]) if change.op in REWRITTEN else change.before


def rebuilt_after(comparison: Comparison) -> list[tuple[str, str]]:
    """(anchor, text) of each passage of the new text, in order, from what the comparison says."""
    found: list[tuple[str, str]] = []
    for change in _of_the_text(comparison):
        if change.anchor:
            anchors = change.anchor.split(JOIN)
            texts = _after_of(change).split("\n") if len(anchors) > 1 else [_after_of(change)]
            found += zip(anchors, texts, strict=True)
    return found


def rebuilt_before(comparison: Comparison, order: Sequence[Passage]) -> list[str]:
    """Texts of the old passages in their own order (``order`` gives the anchors), each told exactly once."""
    found: dict[str, str] = {}
    for change in _of_the_text(comparison):
        if change.anchor_before:
            anchors = change.anchor_before.split(JOIN)
            texts = _before_of(change).split("\n") if len(anchors) > 1 else [_before_of(change)]
            for anchor, text in zip(anchors, texts, strict=True):
                assert anchor not in found
                found[anchor] = text
    assert set(found) == {passage.anchor for passage in order}
    return [found[passage.anchor] for passage in order]
