"""Which passages are worth comparing: bounded, so that the work stays proportional to the length of the texts.

Small blocks are compared in full. In large ones a passage is compared with its neighbours by position, with the passages
that carry its anchor, with those that share rare words, and with those of the unit its own unit became.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.changing.sequence import Pair
from kb.changing.units import Units
from kb.model import Passage

BLOCK_LIMIT = 4_096  # pairs compared in full inside one replaced block
INDEX_LIMIT = 20_000  # leftovers for which rare words are indexed
NEIGHBOURS, NEIGHBOURS_FAR = 6, 2  # passages on each side; in blocks beyond the limit fewer
SHINGLES = 24
RARE = 12


@dataclass(frozen=True, slots=True)
class Leftover:
    """A passage without an equal on the other side, and the gap (number of equal pairs before it) it lies in."""

    position: int
    gap: int


def candidates(
    before: Sequence[Passage], after: Sequence[Passage], left: Sequence[Leftover], right: Sequence[Leftover]
) -> set[Pair]:
    """By place and by name."""
    found = set(_blocks(((item.gap, item.position) for item in left), [(i.gap, i.position) for i in right]))
    found.update(_by_name(before, after, left, right))
    return found


def candidates_by_unit(units: Units, left: Iterable[Leftover], right: Iterable[Leftover]) -> set[Pair]:
    """Pairs of passages that lie in units that are one."""
    olds, news = (defaultdict[int, list[int]](list) for _ in range(2))
    for item in left:
        olds[units.before[item.position]].append(item.position)
    for item in right:
        news[units.after[item.position]].append(item.position)
    return {pair for a, b in units.links() for pair in _block(olds.get(a, []), news.get(b, []))}


def _blocks(left: Iterable[Pair], right: Iterable[Pair]) -> Iterator[Pair]:
    olds, news = (defaultdict[int, list[int]](list) for _ in range(2))
    for gap, position in left:
        olds[gap].append(position)
    for gap, position in right:
        news[gap].append(position)
    for gap, positions in news.items():
        yield from _block(olds.get(gap, []), positions)


def _block(olds: list[int], news: list[int]) -> Iterator[Pair]:
    full = len(olds) * len(news) <= BLOCK_LIMIT
    reach = NEIGHBOURS if max(len(olds), len(news)) <= INDEX_LIMIT else NEIGHBOURS_FAR
    for index, j in enumerate(news):
        centre = index * len(olds) // len(news)
        near = olds if full else olds[max(0, centre - reach) : centre + reach]
        yield from ((i, j) for i in near)


def _by_name(
    before: Sequence[Passage], after: Sequence[Passage], left: Iterable[Leftover], right: Iterable[Leftover]
) -> Iterator[Pair]:
    names = {before[item.position].anchor: item.position for item in left}
    for item in right:
        position = names.get(after[item.position].anchor)
        if position is not None:
            yield position, item.position


def candidates_by_rare_words(
    before: Sequence[Passage], after: Sequence[Passage], left: Iterable[Leftover], right: Iterable[Leftover]
) -> Iterator[Pair]:
    index: dict[str, list[int]] = defaultdict(list)
    for item in left:
        for shingle in _shingles(before[item.position].text):
            index[shingle].append(item.position)
    for item in right:
        votes: Counter[int] = Counter()
        for shingle in _shingles(after[item.position].text):
            places = index.get(shingle, ())
            if len(places) <= RARE:
                votes.update(places)
        best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:3]
        yield from ((i, item.position) for i, _ in best)


def _shingles(text: str) -> Iterable[str]:
    """Runs of four characters at places their own content chooses, so that an insertion does not shift them all."""
    runs = {text[k : k + 4] for k in range(min(len(text), 400) - 3)}
    return sorted(runs, key=_scatter)[:SHINGLES] if len(runs) > SHINGLES else runs


def _scatter(run: str) -> tuple[int, str]:
    value = 0
    for c in run:
        value = (value * 31 + ord(c)) * 2654435761 % 4294967296
    return value, run
