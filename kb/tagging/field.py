"""A text made ready for matching, and the way back to the original."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.folding import fold

_DASH = re.compile("[‐‑‒–—―−─]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-"))
_MAYBE_LOOSE = re.compile(r"[ \t]|\([a-zà-ǜ]{0,6}[à-ǜ]")
"""Whether anything can be loose at all: most clauses have no space, and this is quicker to see than to look for."""

_LOOSE = re.compile(
    r"(?<![a-z0-9])[ \t]+|[ \t]+(?![a-z0-9])|(?<=[a-z])[ \t]+(?=[0-9])|(?<=[0-9])[ \t]+(?=[a-z])"
    r"|(?<=[\u4e00-\u9fff])\((?=[a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ])[a-zà-ǜ]{1,7}\)"
)


@dataclass(frozen=True, slots=True)
class Field:
    """``squeezed[i]`` stands at ``original[positions[i]]``."""

    name: str
    original: str
    squeezed: str
    positions: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the original for offsets into the squeezed text."""
        return self.positions[start], self.positions[end - 1] + 1


def squeeze(text: str) -> str:
    """Folded, and without the spaces that mirror sites and layouts put inside words (``备 案``, ``ICP 备案``),
    and the pinyin that some put behind a character (``備(bèi)案``).

    A space stays between two Latin words or two numbers; line breaks stay.
    """
    folded = _folded(text)
    return _LOOSE.sub("", folded) if _MAYBE_LOOSE.search(folded) else folded


def _folded(text: str) -> str:
    folded = fold(text)
    return folded.translate(_DASHES) if _DASH.search(folded) else folded


def read_field(name: str, text: str) -> Field:
    folded = _folded(text)
    if not _MAYBE_LOOSE.search(folded):
        return Field(name, text, folded, range(len(folded)))
    positions: list[int] = []
    last = 0
    for gap in _LOOSE.finditer(folded):
        positions.extend(range(last, gap.start()))
        last = gap.end()
    positions.extend(range(last, len(folded)))
    return Field(name, text, _LOOSE.sub("", folded), tuple(positions))
