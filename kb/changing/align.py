"""Which passage became which.

First the passages whose text is equal, numbers left out, in order (near-linear); then what is equal elsewhere (moved);
then, inside each replaced block and across blocks, what is similar; then what was split or merged. Every passage of both
texts ends in exactly one Pairing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from kb.changing.candidates import Leftover
from kb.changing.filings import is_entry, pair_entries
from kb.changing.joining import Joining
from kb.changing.likeness import Likeness
from kb.changing.pairing import Sides, is_stray, leads, pair_similar, says_little, without
from kb.changing.sequence import Pair, fit_between, match_sequences
from kb.changing.units import Units
from kb.codes import Op
from kb.model import Passage

_OF_ITS_OWN = frozenset({"row", "image", "reply"})  # never the same thing as a paragraph, whatever they say
AHEAD = 8  # equal passages among which one of the same article is looked for


class Pairing(NamedTuple):
    """``before`` and ``after`` are positions in the two texts: one each, several on one side for split and merged, or none."""

    op: Op
    before: tuple[int, ...]
    after: tuple[int, ...]


def align(before: Sequence[Passage], after: Sequence[Passage]) -> list[Pairing]:
    """Pairings in the order of the new text, removed passages where they stood."""
    keys_before, keys_after = _keys(before, after)
    chain = match_sequences(keys_before, keys_after)
    if len(chain) == len(before) == len(after):
        return [Pairing(_equal_op(before[i], after[j]), (i,), (j,)) for i, j in chain]
    left = _unmatched(len(before), [i for i, _ in chain])
    right = _unmatched(len(after), [j for _, j in chain])
    short = [(i, j) for i, j in chain if says_little(before[i], after[j])]
    units = Units(
        before,
        after,
        [x.position for x in left] + [i for i, _ in short],
        [x.position for x in right] + [j for _, j in short],
    )
    units.vote(chain)
    units.link()
    strays = {pair for pair in short if units.alone(*pair) or is_stray(before, after, units, pair)}
    if strays:
        chain = [pair for pair in chain if pair not in strays]
        units.vote(strays, sign=-1)
        units.link()
        left = _unmatched(len(before), [i for i, _ in chain])
        right = _unmatched(len(after), [j for _, j in chain])
    moved = _pair_equal(keys_before, keys_after, left, right, units)
    moved = [
        (i, j)
        for i, j in moved
        if units.linked(i, j) or not (leads(before[i]) or is_stray(before, after, units, (i, j)))
    ]
    units.vote(moved)
    left, right = without(left, right, moved)
    likeness = Likeness([p.text for p in (*before, *after)])
    entries = pair_entries(before, after, [x.position for x in left], [x.position for x in right])
    similar = entries.pairs + pair_similar(
        Sides(before, after, units, likeness),
        [x for x in left if x.position not in entries.before],
        [x for x in right if x.position not in entries.after],
        chain,
    )
    left, right = without(left, right, similar)
    equal = set(fit_between(chain, [(i, j) for i, j in similar if keys_before[i] == keys_after[j]]))
    chain = sorted([*chain, *equal])
    similar = [pair for pair in similar if pair not in equal]
    found = [Pairing(_equal_op(before[i], after[j]), (i,), (j,)) for i, j in chain]
    found += [Pairing(_moved_op(after[j]), (i,), (j,)) for i, j in moved]
    found += _amended(Joining(before, after, likeness), similar, left, right)
    return _in_order(found, chain, [*moved, *similar])


def _keys(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[list[int], list[int]]:
    ids: dict[str | tuple[str, str], int] = {}
    first, second = (
        [ids.setdefault((p.kind, p.text) if p.kind in _OF_ITS_OWN else p.text, len(ids)) for p in side]
        for side in (before, after)
    )
    return first, second


def _equal_op(before: Passage, after: Passage) -> Op:
    """Only a printed number can be renumbered: a 款 or 第N段 that we counted may shift freely."""
    if before.ordinal == after.ordinal:
        return Op.SAME
    counted = before.kind == after.kind == "row"  # a shifted 序号 is the same row
    return Op.SAME if counted else Op.RENUMBERED


def _moved_op(passage: Passage) -> Op:
    """The order of a filing list says nothing."""
    return Op.SAME if is_entry(passage) else Op.MOVED


def _unmatched(length: int, matched: list[int]) -> list[Leftover]:
    """Positions outside the chain, each with the gap (number of chain pairs before it) it lies in."""
    taken = set(matched)
    return [Leftover(i, bisect_left(matched, i)) for i in range(length) if i not in taken]


def _pair_equal(
    keys_before: list[int], keys_after: list[int], left: list[Leftover], right: list[Leftover], units: Units
) -> list[Pair]:
    """Equal passages that stand elsewhere: in the articles that are one first, then in order."""
    waiting: dict[int, deque[int]] = {}
    for item in left:
        waiting.setdefault(keys_before[item.position], deque()).append(item.position)
    pairs: list[Pair] = []
    for item in right:
        queue = waiting.get(keys_after[item.position])
        if queue:
            ahead = islice(queue, AHEAD)
            i = next((i for i in ahead if units.linked(i, item.position)), queue[0])
            queue.remove(i)
            pairs.append((i, item.position))
    return pairs


def _amended(
    joining: Joining, similar: list[Pair], left: list[Leftover], right: list[Leftover]
) -> list[Pairing]:
    splits = joining.splits(similar, right)
    merges = joining.merges([p for p in similar if p[0] not in splits], left)
    pairings = [Pairing(Op.SPLIT, (i,), parts) for i, parts in splits.items()]
    pairings += [Pairing(Op.MERGED, parts, (j,)) for j, parts in merges.items()]
    pairings += [
        Pairing(joining.op(i, j), (i,), (j,)) for i, j in similar if i not in splits and j not in merges
    ]
    gone = {i for parts in merges.values() for i in parts}
    come = {j for parts in splits.values() for j in parts}
    pairings += [Pairing(Op.REMOVED, (item.position,), ()) for item in left if item.position not in gone]
    pairings += [Pairing(Op.ADDED, (), (item.position,)) for item in right if item.position not in come]
    return pairings


def _in_order(pairings: list[Pairing], chain: list[Pair], others: list[Pair]) -> list[Pairing]:
    """By their place in the new text; each removed passage behind what it stood behind, and still stands."""
    come = sorted((pairing for pairing in pairings if pairing.after), key=lambda pairing: pairing.after[0])
    gone = sorted((pairing for pairing in pairings if not pairing.after), key=lambda pairing: pairing.before)
    if not gone:
        return come
    spine = sorted([*chain, *fit_between(chain, others)])
    stood = [i for i, _ in spine]
    slots = (bisect_left(stood, pairing.before[0]) for pairing in gone)
    places = [(spine[slot - 1][1] if slot else -1, 1) for slot in slots]
    return [
        pairing
        for _, pairing in merge(
            (((pairing.after[0], 0), pairing) for pairing in come),
            zip(places, gone, strict=True),
            key=itemgetter(0),
        )
    ]
