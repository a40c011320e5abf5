"""Which passage became which.

First the passages whose text is equal, numbers left out, in order (near-linear); then what is equal elsewhere (moved);
then, inside each replaced block and across blocks, what is similar; then what was split or merged. Every passage of both
texts ends in exactly one Pairing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.changing.joining import find_merges, find_splits
from kb.changing.pairing import Leftover, pair_similar
from kb.changing.sequence import Pair, longest_increasing, match_sequences
from kb.model import Op, Passage


@dataclass(frozen=True, slots=True)
class Pairing:
    """``before`` and ``after`` are positions in the two texts: one each, several on one side for split and merged, or none."""

    op: Op
    before: tuple[int, ...]
    after: tuple[int, ...]


def align(before: Sequence[Passage], after: Sequence[Passage]) -> list[Pairing]:
    """Pairings in the order of the new text, removed passages where they stood."""
    keys_before, keys_after = _keys(before, after)
    chain = match_sequences(keys_before, keys_after)
    left = _unmatched(len(before), [i for i, _ in chain])
    right = _unmatched(len(after), [j for _, j in chain])
    moved = _pair_equal(keys_before, keys_after, left, right)
    left, right = _without(left, (i for i, _ in moved)), _without(right, (j for _, j in moved))
    similar = pair_similar(before, after, left, right)
    left, right = _without(left, (i for i, _ in similar)), _without(right, (j for _, j in similar))
    pairings = [Pairing(_equal_op(before[i], after[j]), (i,), (j,)) for i, j in chain]
    pairings += [Pairing(Op.MOVED, (i,), (j,)) for i, j in moved]
    pairings += _amended(before, after, similar, left, right)
    return _in_order(pairings, [*chain, *moved, *similar])


def _keys(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[list[int], list[int]]:
    ids: dict[tuple[str, str], int] = {}
    first, second = (
        [ids.setdefault((_shape(p), p.text), len(ids)) for p in side] for side in (before, after)
    )
    return first, second


def _shape(passage: Passage) -> str:
    """Rows, images and replies are never the same thing as a paragraph, whatever they say."""
    return passage.kind if passage.kind in ("row", "image", "reply") else ""


def _equal_op(before: Passage, after: Passage) -> Op:
    """Only a printed number can be renumbered: a 款 or 第N段 that we counted may shift freely."""
    return Op.SAME if before.ordinal == after.ordinal else Op.RENUMBERED


def _unmatched(length: int, matched: list[int]) -> list[Leftover]:
    """Positions outside the chain, each with the gap (number of chain pairs before it) it lies in."""
    taken = set(matched)
    return [Leftover(i, bisect_left(matched, i)) for i in range(length) if i not in taken]


def _without(leftovers: list[Leftover], positions: Iterable[int]) -> list[Leftover]:
    gone = set(positions)
    return [item for item in leftovers if item.position not in gone]


def _pair_equal(
    keys_before: list[int], keys_after: list[int], left: list[Leftover], right: list[Leftover]
) -> list[Pair]:
    waiting: dict[int, deque[int]] = {}
    for item in left:
        waiting.setdefault(keys_before[item.position], deque()).append(item.position)
    return [
        (queue.popleft(), item.position)
        for item in right
        if (queue := waiting.get(keys_after[item.position]))
    ]


def _amended(
    before: Sequence[Passage],
    after: Sequence[Passage],
    similar: list[Pair],
    left: list[Leftover],
    right: list[Leftover],
) -> list[Pairing]:
    splits = find_splits(before, after, similar, right)
    merges = find_merges(before, after, [p for p in similar if p[0] not in splits], left)
    pairings = [Pairing(Op.SPLIT, (i,), parts) for i, parts in splits.items()]
    pairings += [Pairing(Op.MERGED, parts, (j,)) for j, parts in merges.items()]
    pairings += [Pairing(Op.AMENDED, (i,), (j,)) for i, j in similar if i not in splits and j not in merges]
    gone = {i for parts in merges.values() for i in parts}
    come = {j for parts in splits.values() for j in parts}
    pairings += [Pairing(Op.REMOVED, (item.position,), ()) for item in left if item.position not in gone]
    pairings += [Pairing(Op.ADDED, (), (item.position,)) for item in right if item.position not in come]
    return pairings


def _in_order(pairings: list[Pairing], pairs: list[Pair]) -> list[Pairing]:
    spine = longest_increasing(sorted(pairs))
    stood = [i for i, _ in spine]

    def place(pairing: Pairing) -> tuple[int, int, int]:
        if pairing.after:
            return pairing.after[0], 0, 0
        slot = bisect_left(stood, pairing.before[0])
        return (spine[slot - 1][1] if slot else -1), 1, pairing.before[0]

    return sorted(pairings, key=place)
