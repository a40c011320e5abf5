from enum import StrEnum

import pytest

from kb import codes, sources, words

WITHOUT_WORDS = {codes.BlockKind, sources.Mechanism}  # never shown to a reader
VOCABULARIES = [
    value
    for module in (codes, sources)
    for value in vars(module).values()
    if isinstance(value, type)
    and issubclass(value, StrEnum)
    and value.__module__ == module.__name__
    and value not in WITHOUT_WORDS
]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda v: v.__name__)
def test_every_code_has_its_words_in_both_languages(vocabulary: type[StrEnum]) -> None:
    for member in vocabulary:
        assert words.zh(member)
        assert words.en(member)


def test_codes_shared_by_two_vocabularies_keep_their_own_words() -> None:
    assert words.zh(codes.Op.AMENDED) == "修改"
    assert words.zh(codes.ChangeKind.AMENDED) == "内容修改"
