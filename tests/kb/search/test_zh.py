import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import fold, segment
from kb.search.zh import BOUNDARY


@given(st.text())
def test_fold_keeps_the_length_and_is_idempotent(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＩＣＰ備案", "icp备案"),
        ("增值電信業務經營許可證", "增值电信业务经营许可证"),
        ("關於　Ａ１", "关于 a1"),
        ("備\u200b案", "备 案"),
        ("㈠№İ", "㈠№İ"),  # would grow under NFKC or lower()
        ("⽂\uf967", "文不"),  # a radical and a compatibility ideograph
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_segment_one_han_character_one_token() -> None:
    assert segment("ICP备案，2025年第3号") == f"icp 备 案 {BOUNDARY} 2025 年 第 3 号"


def test_letters_and_digits_are_split_so_that_a_space_does_not_matter() -> None:
    assert segment("GB45438") == segment("gb 45438") == "gb 45438"


def test_boundary_is_a_private_use_character() -> None:
    assert unicodedata.category(BOUNDARY) == "Co"


def test_brackets_and_quotes_do_not_part_a_phrase() -> None:
    assert segment("《办法》第二条") == "办 法 第 二 条"
