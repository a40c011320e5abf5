"""Hostile and huge texts: the work grows with the length and never with its square."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest
from texts import blocks, row, rule

from kb.changing import bounds
from kb.changing.compare import compare
from kb.changing.inline import apply_spans
from kb.changing.likeness import Likeness
from kb.changing.sequence import MATRIX_LIMIT, match_sequences
from kb.codes import Op, Significance
from kb.model import Document

SYLLABLES = "备案主体应当更新信息提交材料说明原因部门受理审查决定公示编号平台提供服务用户安全评估"
Sides = tuple[Document, Document]


def _sentence(seed: int, length: int = 60) -> str:
    places = ((seed * 7919 + k * k * 31 + k * seed) % len(SYLLABLES) for k in range(length))
    return "".join(SYLLABLES[place] for place in places) + f"{seed}。"


def _seconds(sides: Sides) -> float:
    start = process_time()
    compare(*sides)
    return process_time() - start


def _one_line(n: int) -> Sides:
    text = "".join(_sentence(k) for k in range(n))
    return rule(text), rule("甲" + text[::-1])


def _one_line_edited(n: int) -> Sides:
    text = "".join(_sentence(k) for k in range(n))
    return rule(text), rule(text.replace("99。", "九十九，但是另有规定的除外。"))


def _rows(n: int) -> Sides:
    before = blocks(*(row((f"类目{k}",), 资质要求=f"材料{k}") for k in range(n)))
    return before, blocks(*(row((f"类目{k}",), 资质要求=f"材料{k}、说明") for k in range(n)))


def _rows_under_other_keys(n: int) -> Sides:
    before = blocks(*(row((f"类目{k}",), 资质要求=f"材料{k}") for k in range(n)))
    return before, blocks(*(row((f"名录{k}",), 资质要求=f"文件{k}、说明") for k in range(n)))


def _all_articles(n: int) -> Sides:
    old = rule(*(f"第{k + 1}条 {_sentence(k)}" for k in range(n)))
    return old, rule(*(f"第{k + 2}条 {_sentence(k)[:-1]}，另有规定除外。" for k in range(n)))


def _all_different(n: int) -> Sides:
    return rule(*(_sentence(k) for k in range(n))), rule(*(_sentence(k + 10**7)[::-1] for k in range(n)))


def _all_equal(n: int) -> Sides:
    return rule(*["相同的一行。"] * n), rule(*["相同的一行。"] * (n + n // 3))


def _disordered(n: int) -> Sides:
    return rule(*("甲乙丙"[k * k % 3] for k in range(n))), rule(
        *("甲乙丙"[(k * k + k) % 3] for k in range(n))
    )


def _deep(n: int) -> Sides:
    levels = ["第一章 总则", "第一条 甲", "一、乙", "（一）丙", "1.丁", "（1）戊", "①己"]
    return rule(*(f"{levels[k % 7]}{k}" for k in range(n))), rule(
        *(f"{levels[k * 3 % 7]}{k}" for k in range(n))
    )


def _one_article_of_items(n: int) -> Sides:
    before = rule("第一条 有下列情形：", *(f"（一）情形{k}" for k in range(n)))
    return before, rule("第一条 有下列情形：", *(f"（二）情况{k}" for k in range(n)))


HOSTILE = [
    (_one_line, 4_000),
    (_one_line_edited, 4_000),
    (_rows, 250),
    (_rows_under_other_keys, 150),
    (_all_articles, 150),
    (_all_different, 150),
    (_all_equal, 1_500),
    (_disordered, 700),
    (_deep, 300),
    (_one_article_of_items, 150),
]


@pytest.mark.parametrize(("sides", "size"), HOSTILE, ids=[sides.__name__ for sides, _ in HOSTILE])
def test_four_times_the_text_takes_about_four_times_the_time(
    sides: Callable[[int], Sides], size: int
) -> None:
    small, large = sides(size), sides(4 * size)
    fast, slow = (
        min(_seconds(each) for _ in range(2)) for each in (small, large)
    )  # the better of two: other work
    assert slow < 10 * fast + 0.2


@pytest.mark.parametrize(
    "sides",
    [_rows_under_other_keys, _all_articles, _all_different, _disordered, _deep, _one_article_of_items],
)
def test_passages_are_compared_with_few_others(
    sides: Callable[[int], Sides], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    alike = Likeness.alike

    def counting(self: Likeness, before: str, after: str) -> float:
        nonlocal asked
        asked += 1
        return alike(self, before, after)

    monkeypatch.setattr(Likeness, "alike", counting)
    compare(*sides(1000))
    assert asked <= 40 * 1000


def test_five_thousand_articles_with_sixty_edits_and_renumbering() -> None:
    old = [_sentence(n) for n in range(5000)]
    new = [
        text.replace("。", "，但是另有规定的除外。") if n % 83 == 0 else text for n, text in enumerate(old)
    ]
    new.insert(10, "平台每年提交一次报告。")
    before, after = (rule(*(f"第{n + 1}条 {text}" for n, text in enumerate(side))) for side in (old, new))
    ops = [p.op for p in compare(before, after).differing]
    assert (ops.count(Op.ADDED), ops.count(Op.AMENDED), ops.count(Op.REMOVED)) == (1, 61, 0)


def test_one_line_of_a_million_characters() -> None:
    text = "".join(_sentence(n) for n in range(16_000))
    changed = text.replace("9000。", "另有规定的除外。").replace("400。", "四百。", 2)
    (change,) = compare(rule(text), rule(changed)).differing
    assert apply_spans(change.before, change.spans) == change.after
    assert sum(len(span.before) for span in change.spans) < 40


def test_a_table_whose_rows_all_changed() -> None:
    assert {p.op for p in compare(*_rows(3000)).differing} == {Op.AMENDED}


@pytest.fixture
def _read_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "PAIRS", 3)
    monkeypatch.setattr(bounds, "ALONE", 3)


@pytest.mark.usefixtures("_read_three")
def test_beyond_the_bound_passages_are_judged_as_wholes_and_it_is_said() -> None:
    comparison = compare(*_rows(8))
    assert [len(p.deltas) > 0 for p in comparison.passages] == [True] * 3 + [False] * 5
    assert {p.significance for p in comparison.passages} == {Significance.SUBSTANTIVE}
    assert all(apply_spans(p.before, p.spans) == p.after for p in comparison.passages)
    assert "改动过多，其中5处只按整段判断" in comparison.reason


@pytest.mark.usefixtures("_read_three")
def test_beyond_the_bound_spelling_stays_spelling() -> None:
    lines = [f"第{n + 1}条 平台应当在{n + 3}日内核验材料{n}，并公示" for n in range(8)]
    after = [line.replace("，", "；") for line in lines]
    comparison = compare(rule(*lines), rule(*after))
    assert {(p.op, p.significance) for p in comparison.passages} == {(Op.AMENDED, Significance.EDITORIAL)}
    assert "改动过多" not in comparison.reason


@pytest.mark.usefixtures("_read_three")
def test_beyond_the_bound_what_came_and_went_is_substantive() -> None:
    before = rule("主体应当备案。")
    lines = [_sentence(n) for n in range(5)]
    for comparison in (
        compare(before, rule("主体应当备案。", *lines)),
        compare(rule("主体应当备案。", *lines), before),
    ):
        assert {p.significance for p in comparison.differing} == {Significance.SUBSTANTIVE}
        assert "其中2处只按整段判断" in comparison.reason


@pytest.mark.usefixtures("_read_three")
def test_a_heading_that_states_a_duty_is_no_mere_heading_beyond_the_bound() -> None:
    lines = [f"第{'一二三四五'[n]}章 每{n + 2}年备案一次" for n in range(5)]
    comparison = compare(rule("主体应当备案。"), rule("主体应当备案。", *lines))
    assert {p.significance for p in comparison.differing} == {Significance.SUBSTANTIVE}


def test_a_line_with_more_edits_than_are_typed_says_so() -> None:
    text = "".join(f"{_sentence(n, 12)[:-1]}，应当在{n}日内提交材料。" for n in range(10, 310))
    (change,) = compare(rule(text), rule(text.replace("日内提交", "个月内报送"))).differing
    assert change.significance is Significance.SUBSTANTIVE
    assert apply_spans(change.before, change.spans) == change.after
    assert change.reason.endswith("只读了前200处的要点）")


def test_sequences_too_large_for_the_matrix_are_cut_at_unique_elements() -> None:
    size = int(MATRIX_LIMIT**0.5) * 2
    before = list(range(size))
    after = [-1, *before[: size // 2], -2, *before[size // 2 + 1 :], -3]
    assert len(match_sequences(before, after)) == size - 1


def test_repetition_without_order_ends() -> None:
    assert len(compare(*_disordered(7000)).passages) >= 7000
