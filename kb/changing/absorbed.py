"""Removed passages whose words another article says now: taken up there, wherever in the text they stood before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kb.changing.align import Pairing
from kb.changing.filings import is_entry
from kb.changing.fold import spelling
from kb.changing.likeness import Likeness, similarity
from kb.codes import Op
from kb.model import Passage

MOST = 10_000  # removed passages times rewritten ones that are looked through
LONG_ENOUGH = 12  # characters of a passage whose words say where they went
SAID, ANEW, TWIN = 0.7, 0.15, 0.9
_CONTINUES = re.compile(r"有前款|前款行为")
"""A clause that goes on with the offence of the one before it (有前款行为，尚不构成犯罪的) and means nothing without it."""
_WRITTEN = frozenset({Op.AMENDED, Op.ADDED, Op.MERGED, Op.SPLIT})
_UNJOINED = frozenset({"row", "image", "reply", "heading"})


def absorbed(
    before: Sequence[Passage], after: Sequence[Passage], pairings: Sequence[Pairing]
) -> dict[int, int]:
    """Position of a removed passage -> position of the passage of the new text that took it up."""
    gone = [p.before[0] for p in pairings if p.op is Op.REMOVED and _tells(before[p.before[0]])]
    takers = [p for p in pairings if p.op in _WRITTEN and _tells(after[p.after[0]])]
    if not gone or not takers or len(gone) * len(takers) > MOST:
        return {}
    texts = [spelling(p.text) for p in before], [spelling(p.text) for p in after]
    likeness = Likeness([*texts[0], *texts[1]])
    found = {i: j for i in gone if (j := _taker(texts[0][i], takers, texts, likeness)) is not None}
    merged = {i: p.after[0] for p in takers if p.op is Op.MERGED for i in p.before}
    found |= {
        i: j
        for i in gone
        if i not in found
        and _CONTINUES.match(texts[0][i])
        and (j := found.get(i - 1, merged.get(i - 1))) is not None
    }
    return found | _repeats(gone, merged | found, texts[0])


def _tells(passage: Passage) -> bool:
    return passage.kind not in _UNJOINED and len(passage.text) >= LONG_ENOUGH and not is_entry(passage)


def _taker(
    part: str, takers: Sequence[Pairing], texts: tuple[list[str], list[str]], likeness: Likeness
) -> int | None:
    """The passage that says most of ``part``, and more of it than it said before."""
    said, taker = max(
        ((likeness.within(part, "\n".join(texts[1][j] for j in p.after)), p) for p in takers),
        key=lambda one: one[0],
    )
    had = likeness.within(part, "\n".join(texts[0][i] for i in taker.before)) if taker.before else 0.0
    return taker.after[0] if said >= SAID and said - had >= ANEW else None


def _repeats(gone: Sequence[int], settled: Mapping[int, int], texts: Sequence[str]) -> dict[int, int]:
    """A removed passage that repeats one of another article which was merged went where that went."""
    return {
        i: j
        for i in gone
        if i not in settled
        for other, j in settled.items()
        if similarity(texts[i], texts[other]) >= TWIN
    }
