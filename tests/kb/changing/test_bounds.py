"""Hostile and huge texts: the work grows with the length and never with its square."""

from __future__ import annotations

from time import process_time

from texts import blocks, row, rule

from kb.changing import apply_spans, compare
from kb.changing.sequence import MATRIX_LIMIT, match_sequences
from kb.model import Document, Op

SYLLABLES = "备案主体应当更新信息提交材料说明原因部门受理审查决定公示编号平台提供服务用户安全评估"


def _sentence(seed: int, length: int = 60) -> str:
    places = ((seed * 7919 + k * k * 31 + k * seed) % len(SYLLABLES) for k in range(length))
    return "".join(SYLLABLES[place] for place in places) + f"{seed}。"


def _seconds(before: Document, after: Document) -> float:
    start = process_time()
    compare(before, after)
    return process_time() - start


def test_five_thousand_articles_with_sixty_edits_and_renumbering() -> None:
    old = [_sentence(n) for n in range(5000)]
    new = [
        text.replace("。", "，但是另有规定的除外。") if n % 83 == 0 else text for n, text in enumerate(old)
    ]
    new.insert(10, "平台每年提交一次报告。")
    before, after = (rule(*(f"第{n + 1}条 {text}" for n, text in enumerate(side))) for side in (old, new))
    ops = [p.op for p in compare(before, after).differing]
    assert (ops.count(Op.ADDED), ops.count(Op.AMENDED), ops.count(Op.REMOVED)) == (1, 61, 0)
    assert _seconds(before, after) < 2


def test_one_line_of_a_million_characters() -> None:
    text = "".join(_sentence(n) for n in range(16_000))
    changed = text.replace("9000。", "另有规定的除外。").replace("400。", "四百。", 2)
    (change,) = compare(rule(text), rule(changed)).differing
    assert apply_spans(change.before, change.spans) == change.after
    assert sum(len(span.before) for span in change.spans) < 40
    assert _seconds(rule(text), rule("甲" + text[::-1])) < 10


def test_a_table_whose_rows_all_changed() -> None:
    before = blocks(*(row((f"类目{n}",), 资质要求=f"材料{n}") for n in range(3000)))
    after = blocks(*(row((f"类目{n}",), 资质要求=f"材料{n}、说明") for n in range(3000)))
    assert {p.op for p in compare(before, after).differing} == {Op.AMENDED}


def test_sequences_too_large_for_the_matrix_are_cut_at_unique_elements() -> None:
    size = int(MATRIX_LIMIT**0.5) * 2
    before = list(range(size))
    after = [-1, *before[: size // 2], -2, *before[size // 2 + 1 :], -3]
    assert len(match_sequences(before, after)) == size - 1


def test_repetition_without_order_ends() -> None:
    before = rule(*(("甲", "乙", "丙")[n * n % 3] for n in range(9000)))
    after = rule(*(("甲", "乙", "丙")[(n * n + n) % 3] for n in range(9000)))
    assert len(compare(before, after).passages) >= 9000
