"""Which elements of two long sequences stand for each other, in order: exact, near-linear, with bounded memory.

Small inputs go to rapidfuzz's bit-parallel longest common subsequence. Its matrix takes len(a)*len(b) bits, so larger ones
are first cut at elements that occur once on both sides (patience diff); what is left between two cuts and is still too
large for the matrix stays unmatched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

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
    pairs += _match_middle(before, after, range(head, len(before) - tail), range(head, len(after) - tail))
    pairs += [(len(before) - tail + i, len(after) - tail + i) for i in range(tail)]
    return pairs


def _match_middle(before: Sequence[int], after: Sequence[int], olds: range, news: range) -> list[Pair]:
    if len(olds) * len(news) <= MATRIX_LIMIT:
        return _match_small(before, after, olds, news)
    pairs: list[Pair] = []
    i0, j0 = olds.start, news.start
    cuts = _unique_anchors(before[olds.start : olds.stop], after[news.start : news.stop])
    for i, j in [(olds[i], news[j]) for i, j in cuts]:
        pairs += _match_between(before, after, range(i0, i), range(j0, j))
        pairs.append((i, j))
        i0, j0 = i + 1, j + 1
    return pairs + _match_between(before, after, range(i0, olds.stop), range(j0, news.stop))


def _match_between(before: Sequence[int], after: Sequence[int], olds: range, news: range) -> list[Pair]:
    return _match_small(before, after, olds, news) if len(olds) * len(news) <= MATRIX_LIMIT else []


def _match_small(before: Sequence[int], after: Sequence[int], olds: range, news: range) -> list[Pair]:
    first, second = before[olds.start : olds.stop], after[news.start : news.stop]
    if set(first).isdisjoint(second):
        return []
    blocks = LCSseq.opcodes(first, second).as_matching_blocks()
    return [(olds[b.a + k], news[b.b + k]) for b in blocks for k in range(b.size)]


def _unique_anchors(before: Sequence[int], after: Sequence[int]) -> list[Pair]:
    once_before = {key for key, n in Counter(before).items() if n == 1}
    once_after = {key for key, n in Counter(after).items() if n == 1}
    place = {key: j for j, key in enumerate(after) if key in once_after}
    return longest_increasing(
        [(i, place[key]) for i, key in enumerate(before) if key in once_before and key in place]
    )


def fit_between(chain: Sequence[Pair], others: Iterable[Pair]) -> list[Pair]:
    """Of ``others`` the longest chain of pairs that increases together with the given increasing chain."""
    olds, news = [i for i, _ in chain], [j for _, j in chain]
    return longest_increasing(sorted(p for p in others if bisect_left(olds, p[0]) == bisect_left(news, p[1])))


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
