"""Passages that were split in two or merged into one: neighbours whose texts together are the other side's passage."""

from __future__ import annotations

from collections.abc import Sequence

from kb.changing.pairing import Leftover, containment, covered, similarity
from kb.changing.sequence import Pair
from kb.model import Passage

WHOLE, COVERED, GAIN, PART, SHORTEST = 0.7, 0.85, 0.12, 0.65, 4
_UNJOINED = frozenset({"row", "image", "reply"})


def find_splits(
    before: Sequence[Passage], after: Sequence[Passage], pairs: list[Pair], right: list[Leftover]
) -> dict[int, tuple[int, ...]]:
    """Old position -> the new positions (neighbours, in order) that together say what it said."""
    return _grow(before, after, {j: i for i, j in pairs}, right)


def find_merges(
    before: Sequence[Passage], after: Sequence[Passage], pairs: list[Pair], left: list[Leftover]
) -> dict[int, tuple[int, ...]]:
    """New position -> the old positions (neighbours, in order) that it joins."""
    return _grow(after, before, dict(pairs), left)


def _grow(
    wholes: Sequence[Passage], parts: Sequence[Passage], owner: dict[int, int], loose: list[Leftover]
) -> dict[int, tuple[int, ...]]:
    groups: dict[int, tuple[int, ...]] = {}
    owner = dict(owner)
    ascending = [item.position for item in loose]
    for position, neighbour in [*((p, p - 1) for p in ascending), *((p, p + 1) for p in reversed(ascending))]:
        whole = owner.get(neighbour)
        if whole is None or position in owner:
            continue
        group = groups.get(whole) or (neighbour,)
        candidate = tuple(sorted((*group, position)))
        if _says_the_same(
            wholes[whole], [parts[k] for k in group], [parts[k] for k in candidate], parts[position]
        ):
            groups[whole] = candidate
            owner[position] = whole
    return groups


def _says_the_same(whole: Passage, had: list[Passage], together: list[Passage], extra: Passage) -> bool:
    if len(extra.text) < SHORTEST or {whole.kind, extra.kind} & _UNJOINED:
        return False
    one = "".join(p.text for p in together)
    now, then = covered(whole.text, one), covered(whole.text, "".join(p.text for p in had))
    close = similarity(whole.text, one) >= WHOLE and now >= COVERED and now - then >= GAIN
    return close and containment(extra.text, whole.text) >= PART
