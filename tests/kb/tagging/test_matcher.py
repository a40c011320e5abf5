from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.matcher import Found, Matcher

WORDS = st.text(alphabet="备案许可", min_size=1, max_size=4)


@given(st.sets(WORDS, min_size=1, max_size=12), st.text(alphabet="备案许可", max_size=40))
def test_all_occurrences_as_by_brute_force(words: set[str], text: str) -> None:
    expected = {
        (start, start + len(word), word)
        for word in words
        for start in range(len(text))
        if text.startswith(word, start)
    }
    assert {(found.start, found.end, found.word) for found in Matcher(words).find(text)} == expected


def test_latin_words_are_whole() -> None:
    matcher = Matcher(["edi", "b2-", "sp证"])
    assert list(matcher.find("redis edi许可")) == [Found(6, 9, "edi")]
    assert [found.word for found in matcher.find("京b2-2026，isp证")] == ["b2-"]


def test_no_words_find_nothing() -> None:
    assert list(Matcher([]).find("备案")) == []
