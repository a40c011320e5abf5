import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.field import read_field, squeeze


@pytest.mark.parametrize(
    ("text", "squeezed"),
    [
        ("算法 备 案", "算法备案"),
        ("ＩＣＰ 備案", "icp备案"),
        ("GB 45438", "gb45438"),
        ("GenAI filing", "genai filing"),
        ("10 1", "10 1"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("深度合成—AI问答", "深度合成-ai问答"),
        ("備(bèi)案(àn)", "备案"),
        ("备案(app)", "备案(app)"),
    ],
)
def test_squeeze(text: str, squeezed: str) -> None:
    assert squeeze(text) == squeezed


@given(st.text(alphabet="备案 許ab1\u200b\t\n(è)，"))
def test_every_squeezed_character_knows_its_place(text: str) -> None:
    field = read_field("text", text)
    assert field.squeezed == squeeze(text)
    assert len(field.positions) == len(field.squeezed)
    assert list(field.positions) == sorted(set(field.positions))


def test_a_span_covers_the_original_with_its_spaces() -> None:
    field = read_field("text", "关于算法 备 案的通知")
    start, end = field.span(2, 6)
    assert field.original[start:end] == "算法 备 案"
