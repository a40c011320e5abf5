"""One character for one: the fold under which texts, queries and vocabulary terms are compared.

Full-width letters become ASCII, other one-character compatibility forms become their plain form, capitals become small,
Traditional characters Simplified. The length never changes, so an offset into the folded text is an offset into the
original, and what is shown is always the original.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

_CHARACTERS = Path(__file__).with_name("t2s.json")

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han characters, the iteration mark and the ideographic zero, as the inside of a regular-expression class."""

INVISIBLE = "\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
"""Characters without a width that pages hide between others, as the inside of a regular-expression class."""


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    table = json.loads(_CHARACTERS.read_text(encoding="utf-8"))
    pairs = dict(zip(table["traditional"], table["simplified"], strict=True))
    pairs["於"] = "于"  # OpenCC leaves it to phrases; titles say 關於
    return pairs


class _Fold(dict[int, int]):
    """``str.translate`` table that learns each character when it first meets it."""

    def __missing__(self, code: int) -> int:
        folded = _fold_one(chr(code))
        self[code] = ord(folded)
        return self[code]


def _fold_one(character: str) -> str:
    if re.match(f"[{INVISIBLE}]", character):
        return " "
    for form in (unicodedata.normalize("NFKC", character), character):
        lowered = form.lower()
        if len(lowered) == 1:
            return _simplified().get(lowered, lowered)
    return character


_TABLE = _Fold()


def fold(text: str) -> str:
    """The text to compare by; ``len(fold(text)) == len(text)`` and ``fold(fold(text)) == fold(text)``."""
    return text.translate(_TABLE)
