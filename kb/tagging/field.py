"""A text made ready for matching, and the way back to the original."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.folding import fold

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-"))
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
    positions: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the original for offsets into the squeezed text."""
        return self.positions[start], self.positions[end - 1] + 1


def squeeze(text: str) -> str:
    """Folded, and without the spaces that mirror sites and layouts put inside words (``备 案``, ``ICP 备案``),
    and the pinyin that some put behind a character (``備(bèi)案``).

    A space stays between two Latin words or two numbers; line breaks stay.
    """
    return _LOOSE.sub("", fold(text).translate(_DASHES))


def read_field(name: str, text: str) -> Field:
    folded = fold(text).translate(_DASHES)
    positions: list[int] = []
    last = 0
    for gap in _LOOSE.finditer(folded):
        positions.extend(range(last, gap.start()))
        last = gap.end()
    positions.extend(range(last, len(folded)))
    return Field(name, text, _LOOSE.sub("", folded), tuple(positions))
