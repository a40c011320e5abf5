"""What holds for any two texts."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.changing import apply_spans, changed_spans, compare, headline, split_passages
from kb.changing.labels import JOIN
from kb.model import Block, BlockKind, Cell, Document, Op

WORDS = st.sampled_from(
    [
        "第一条 ",
        "第二条　",
        "第三章 ",
        "（一）",
        "1.",
        "一、",
        "应当",
        "可以",
        "十个工作日",
        "《甲办法》",
        "主体",
        "备案",
        "。",
        "；",
        "3天前",
        "第九条",
        "\u200b",
        "A",
    ]
)
LINE = st.one_of(st.lists(WORDS, min_size=1, max_size=8).map("".join), st.text(max_size=30))
KEY = st.lists(st.sampled_from(["甲", "乙", "甲/乙", ""]), max_size=2).map(tuple)
BLOCK = st.one_of(
    st.builds(Block, st.just(BlockKind.PARAGRAPH), LINE),
    st.builds(Block, st.just(BlockKind.HEADING), LINE, level=st.integers(0, 7)),
    st.builds(Block, st.just(BlockKind.IMAGE), LINE, address=LINE),
    st.builds(Block, st.just(BlockKind.REPLY), LINE),
    st.builds(Block, st.just(BlockKind.ROW), LINE, row_key=KEY, cells=st.lists(st.builds(Cell, LINE, LINE), max_size=3).map(tuple)),
)  # fmt: skip
DOCUMENT = st.builds(
    Document, LINE, st.lists(BLOCK, max_size=12).map(tuple), is_draft=st.booleans(), effective=st.sampled_from([None, date(2027, 1, 1)])
)  # fmt: skip
RELAXED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@RELAXED
@given(DOCUMENT)
def test_a_document_does_not_differ_from_itself(document: Document) -> None:
    comparison = compare(document, document)
    assert comparison.differing == ()
    assert all(p.anchor_before == p.anchor and p.before == p.after for p in comparison.passages)


@RELAXED
@given(DOCUMENT)
def test_anchors_are_unique(document: Document) -> None:
    anchors = [p.anchor for p in split_passages(document)]
    assert len(set(anchors)) == len(anchors)


@RELAXED
@given(DOCUMENT, DOCUMENT)
def test_every_passage_of_both_texts_is_accounted_for_once(before: Document, after: Document) -> None:
    comparison = compare(before, after)
    accounted_before: Counter[tuple[str, str]] = Counter()
    texts_after: list[tuple[str, str]] = []
    old = {p.anchor: p.text for p in split_passages(before)}
    new = {p.anchor: p.text for p in split_passages(after)}
    for change in comparison.passages:
        if change.anchor_before in ("标题", "施行日期") or change.anchor in ("标题", "施行日期"):
            continue
        accounted_before.update((a, old[a]) for a in change.anchor_before.split(JOIN) if change.anchor_before)
        texts_after += [(a, new[a]) for a in change.anchor.split(JOIN) if change.anchor]
        assert change.before == "\n".join(
            old[a] for a in change.anchor_before.split(JOIN) if change.anchor_before
        )
        assert change.after == "\n".join(new[a] for a in change.anchor.split(JOIN) if change.anchor)
    assert accounted_before == Counter(old.items())
    assert texts_after == list(new.items())
    assert isinstance(headline(comparison, after), str)


@RELAXED
@given(DOCUMENT, DOCUMENT)
def test_spans_turn_before_into_after(before: Document, after: Document) -> None:
    for change in compare(before, after).passages:
        if change.op in (Op.AMENDED, Op.SPLIT, Op.MERGED):
            assert apply_spans(change.before, change.spans) == change.after


@RELAXED
@given(
    st.text(alphabet="应当可以十五个工作日，。；《》甲乙丙12年月第条\n", max_size=200),
    st.text(alphabet="应当可以十五个工作日，。；《》甲乙丙12年月第条\n", max_size=200),
)
def test_spans_reconstruct_any_two_strings(before: str, after: str) -> None:
    spans = changed_spans(before, after)
    assert apply_spans(before, spans) == after
    for span in spans:
        assert before[span.before_start : span.before_end] == span.before
        assert after[span.after_start : span.after_end] == span.after
    assert bool(spans) is (before != after)
