import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import highlights, snippet, stands_alone, starts_numbers

RULE = "第一条　为规范管理，制定本办法。\n第二条　办理ＩＣＰ備案的，应当提交材料。\n第三条　《算法备案》信息应当更新。"


def shown(text: str, query: str, width: int = 120) -> list[str]:
    found = snippet(text, query, width)
    return [found.text[start:end] for start, end in found.highlights]


def test_highlights_are_words_of_the_original() -> None:
    assert shown(RULE, "ICP备案") == ["ＩＣＰ備案"]
    assert shown(RULE, "备案信息") == ["备案》信息"]


def test_highlights_point_into_the_whole_text() -> None:
    assert [RULE[a:b] for a, b in highlights(RULE, "备案 -材料")] == ["備案", "备案"]


def test_the_window_holds_the_most_different_terms() -> None:
    text = "备案" + "无" * 300 + "备案的许可证" + "无" * 300
    found = snippet(text, "备案 许可证", 60)
    assert "备案的许可证" in found.text
    assert found.text.startswith("…")
    assert found.text.endswith("…")


def test_without_a_hit_the_text_begins() -> None:
    assert snippet(RULE, "没有这个词", 8).text == "第一条 为规范管…"
    assert snippet(RULE, "没有这个词", 8).highlights == ()


def test_synonyms_are_highlighted_too() -> None:
    assert shown("申请网络文化经营许可证的单位", "文网文") == ["网络文化经营许可证"]


def test_a_latin_term_is_a_whole_word_or_its_beginning() -> None:
    assert shown("EDI EDIT REDI", '"EDI"') == ["EDI"]
    assert shown("EDI EDIT REDI", "EDI") == ["EDI", "EDIT"]


@given(st.text(alphabet="备案许可ab1 。《\n"), st.text(alphabet='备案许可ab1-" 。'), st.integers(1, 50))
def test_highlights_are_ordered_and_inside(text: str, query: str, width: int) -> None:
    found = snippet(text, query, width)
    last = 0
    for start, end in found.highlights:
        assert last <= start < end <= len(found.text)
        last = end
    assert "\n" not in found.text


@pytest.mark.parametrize("query", ["备" * 10_000, "备 " * 5_000, "((((", "\x00", "-"])
def test_hostile_queries_and_long_texts_are_harmless(query: str) -> None:
    snippet("备 " * 20_000, query)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("应当在五个工作日内办理", True),
        ("应当在十五个工作日内办理", False),
        ("先十五个工作日，再五个工作日", True),
        ("二百零五个工作日", False),
    ],
)
def test_a_number_inside_a_longer_one_is_another_number(text: str, alone: bool) -> None:
    assert starts_numbers("五个工作日")
    assert stands_alone(text, "五个工作日") is alone


def test_only_numbers_written_in_han_can_be_tails_of_longer_ones() -> None:
    assert not starts_numbers("2025")
    assert not starts_numbers("备案 许可")
