"""What holds for any two texts."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rebuilding import rebuilt_after, rebuilt_before

from kb.changing.compare import compare
from kb.changing.headline import headline
from kb.changing.inline import apply_spans, changed_spans
from kb.changing.passages import split_passages
from kb.codes import BlockKind
from kb.model import Block, Cell, Document

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
EMPTY = Block(BlockKind.PARAGRAPH, "")
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
def test_both_texts_are_rebuilt_from_the_comparison(before: Document, after: Document) -> None:
    comparison = compare(before, after)
    old, new = split_passages(before), split_passages(after)
    assert rebuilt_after(comparison) == [(p.anchor, p.text) for p in new]
    assert rebuilt_before(comparison, old) == [p.text for p in old]
    assert isinstance(headline(comparison, after), str)


@RELAXED
@given(DOCUMENT, st.data())
def test_an_edited_document_is_rebuilt_too(before: Document, data: st.DataObject) -> None:
    """Neighbouring versions, as they are in life: lines inserted, removed, swapped, rewritten."""
    lines = list(before.blocks)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines)))
        removed = data.draw(st.integers(0, 2))
        lines[place : place + removed] = data.draw(
            st.lists(st.one_of(BLOCK, st.sampled_from(lines or [EMPTY])), max_size=2)
        )
    after = Document(before.title, tuple(lines))
    comparison = compare(before, after)
    assert rebuilt_after(comparison) == [(p.anchor, p.text) for p in split_passages(after)]
    assert rebuilt_before(comparison, split_passages(before)) == [p.text for p in split_passages(before)]


HOSTILE = st.one_of(
    st.text(
        alphabet=st.characters(exclude_categories=()), max_size=60
    ),  # lone surrogates and controls as well
    st.integers(min_value=10**30, max_value=10**60).map(lambda n: f"第{n}条 {n}元以上{n}元以下"),
    st.integers(1, 40).map(lambda n: "第" + "十" * n + "条之" + "一" * n + " " + "（一）" * n),
    st.sampled_from(
        [
            "第条",
            "第零条 甲",
            "（）",
            "第一条之",
            "《" * 90,
            "\x00\x1b[31m",
            "第一条\u202e甲",
            "〔2023〕号",
            "以上以下",
        ]
    ),
)


@RELAXED
@given(st.lists(HOSTILE, max_size=6), st.lists(HOSTILE, max_size=6))
def test_no_text_is_refused(before: list[str], after: list[str]) -> None:
    old, new = (
        Document("甲", tuple(Block(BlockKind.PARAGRAPH, line) for line in side)) for side in (before, after)
    )
    comparison = compare(old, new)
    assert rebuilt_after(comparison) == [(p.anchor, p.text) for p in split_passages(new)]
    assert headline(comparison, new) is not None


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
