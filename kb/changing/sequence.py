"""Which elements of two long sequences stand for each other, in order: exact, near-linear, with bounded memory.

Small inputs go to rapidfuzz's bit-parallel longest common subsequence. Its matrix takes len(a)*len(b) bits, so larger ones
are first cut at elements that occur once on both sides (patience diff); what is left between two cuts and is still too
large for the matrix stays unmatched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

MATRIX_LIMIT = 40_000_000  # bits: 5 MB, a few milliseconds

Pair = tuple[int, int]


def match_sequences(before: Sequence[int], after: Sequence[int]) -> list[Pair]:
    """Pairs (i, j) with before[i] == after[j], increasing in both."""
    head = 0
    limit = min(len(before), len(after))
    while head < limit and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < limit - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    pairs = [(i, i) for i in range(head)]
    pairs += _match_middle(before, after, head, len(before) - tail, head, len(after) - tail)
    pairs += [(len(before) - tail + i, len(after) - tail + i) for i in range(tail)]
    return pairs


def _match_middle(
    before: Sequence[int], after: Sequence[int], i0: int, i1: int, j0: int, j1: int
) -> list[Pair]:
    if (i1 - i0) * (j1 - j0) <= MATRIX_LIMIT:
        return _match_small(before, after, i0, i1, j0, j1)
    anchors = _unique_anchors(before[i0:i1], after[j0:j1])
    pairs: list[Pair] = []
    for i, j in [*((i0 + i, j0 + j) for i, j in anchors), (i1, j1)]:
        if (i - i0) * (j - j0) <= MATRIX_LIMIT:
            pairs += _match_small(before, after, i0, i, j0, j)
        if i < i1:
            pairs.append((i, j))
        i0, j0 = i + 1, j + 1
    return pairs


def _match_small(
    before: Sequence[int], after: Sequence[int], i0: int, i1: int, j0: int, j1: int
) -> list[Pair]:
    if i0 >= i1 or j0 >= j1:
        return []
    blocks = (
        LCSseq.opcodes(before[i0:i1], after[j0:j1]).as_matching_blocks()
        if _shares(before[i0:i1], after[j0:j1])
        else []
    )
    return [(i0 + b.a + k, j0 + b.b + k) for b in blocks for k in range(b.size)]


def _shares(before: Sequence[int], after: Sequence[int]) -> bool:
    return not set(before).isdisjoint(after)


def _unique_anchors(before: Sequence[int], after: Sequence[int]) -> list[Pair]:
    once_before = {key for key, n in Counter(before).items() if n == 1}
    once_after = {key for key, n in Counter(after).items() if n == 1}
    place = {key: j for j, key in enumerate(after) if key in once_after}
    return longest_increasing(
        [(i, place[key]) for i, key in enumerate(before) if key in once_before and key in place]
    )


def longest_increasing(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest chain of pairs, given in order of the first member, whose second members strictly increase."""
    tops: list[int] = []
    top_pairs: list[int] = []
    previous: list[int] = []
    for index, (_, j) in enumerate(pairs):
        slot = bisect_left(tops, j)
        previous.append(top_pairs[slot - 1] if slot else -1)
        if slot == len(tops):
            tops.append(j)
            top_pairs.append(index)
        else:
            tops[slot], top_pairs[slot] = j, index
    chain: list[Pair] = []
    index = top_pairs[-1] if top_pairs else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]
