"""All occurrences of many words in one pass: places where the first two characters begin a word, then the lengths to try.

The work grows with the text, not with the number of words; words are found at their own place, also inside each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import add
from typing import NamedTuple

_ONE = (1,)


class Found(NamedTuple):
    start: int
    end: int
    word: str


class Matcher:
    """Finds squeezed words in squeezed text. A Latin letter or digit at a word's edge must be at a word boundary."""

    def __init__(self, words: Iterable[str]) -> None:
        known = {word for word in words if word}
        self._latin = {word: _is_latin(word[0]) or _is_latin(word[-1]) for word in known}
        self._single = frozenset(word for word in known if len(word) == 1)
        sizes: dict[str, set[int]] = {}
        for word in known - self._single:
            lengths = sizes.setdefault(word[:2], {1} if word[0] in self._single else set())
            lengths.add(len(word))
        self._sizes = {start: tuple(sorted(lengths, reverse=True)) for start, lengths in sizes.items()}

    def find(self, text: str) -> Iterator[Found]:
        """Occurrences by start, at one start the longest first."""
        sizes, latin = self._sizes, self._latin
        for start in self._starts(text):
            for size in sizes.get(text[start : start + 2], _ONE):
                word = text[start : start + size]
                if word not in latin or len(word) < size:
                    continue
                if not (latin[word] and (_joins(text, start) or _joins(text, start + size))):
                    yield Found(start, start + size, word)

    def _starts(self, text: str) -> list[int]:
        pairs, single = self._sizes, self._single
        starts = [start for start, pair in enumerate(map(add, text, text[1:])) if pair in pairs]
        if single.isdisjoint(text):
            return starts
        return sorted({*starts, *(start for start, character in enumerate(text) if character in single)})


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _joins(text: str, place: int) -> bool:
    """Whether a Latin word or number runs on across this place."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
