"""All occurrences of many words in one pass: a trie written as one regular expression.

At each place where a word begins the longest one is found, and with it the words it begins with; words that begin
further in are found at their own place. The work grows with the text, not with the number of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_Trie = dict[str, "_Trie"]
_END = ""
_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class Found:
    start: int
    end: int
    word: str


class Matcher:
    """Finds squeezed words in squeezed text. A Latin letter or digit at a word's edge must be at a word boundary."""

    def __init__(self, words: Iterable[str]) -> None:
        known = frozenset(words)
        self._pattern = re.compile(_pattern(_trie(known)) or _NEVER)
        self._beginnings = {
            word: tuple(word[:size] for size in range(len(word), 0, -1) if word[:size] in known)
            for word in known
        }

    def find(self, text: str) -> Iterator[Found]:
        """Occurrences by start, at one start the longest first."""
        position = 0
        while match := self._pattern.search(text, position):
            start = match.start()
            for word in self._beginnings[match.group()]:
                if _is_whole(text, start, start + len(word)):
                    yield Found(start, start + len(word), word)
            position = start + 1


def _trie(words: Iterable[str]) -> _Trie:
    root: _Trie = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[_END] = {}
    return root


def _pattern(node: _Trie) -> str:
    branches = [re.escape(character) + _pattern(node[character]) for character in sorted(node) if character]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{joined})?" if _END in node else joined


def _is_whole(text: str, start: int, end: int) -> bool:
    return not (_joins(text, start) or _joins(text, end))


def _joins(text: str, place: int) -> bool:
    """Whether a Latin word or number runs on across this place."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
