"""Articles as wholes: which article became which, judged by the passages already known to stand for each other.

A unit is an article with its 款, 项 and 目; in a text without articles, a number or heading with what hangs directly
below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kb.changing.sequence import Pair
from kb.model import Passage

WEIGHT_LIMIT = 300  # characters beyond which a long passage counts no more
SHARE = 0.2  # of the smaller unit that two units must share to be one


def units_of(passages: Sequence[Passage]) -> list[int]:
    """For each passage the position of the first passage of its unit."""
    heads: dict[str, int] = {}
    found: list[int] = []
    for position, passage in enumerate(passages):
        alone = passage.kind in ("article", "heading", "row", "image", "reply")
        head = position if alone else heads.get(passage.parent, position)
        heads[passage.anchor] = head
        found.append(head)
    return found


class Units:
    """Links between the units of two texts."""

    def __init__(self, before: Sequence[Passage], after: Sequence[Passage]) -> None:
        self._texts = (before, after)
        self.before, self.after = units_of(before), units_of(after)
        self._sizes = tuple(
            _sizes(units, side) for units, side in ((self.before, before), (self.after, after))
        )
        self._links: set[Pair] = set()
        self._linked: tuple[set[int], set[int]] = (set(), set())

    def vote(self, pairs: Iterable[Pair]) -> None:
        """Link the units that the given pairs of passages show to be one: each with the unit it shares most with."""
        votes: Counter[Pair] = Counter()
        before, after = self._texts
        for i, j in pairs:
            if after[j].kind not in ("row", "image"):
                votes[self.before[i], self.after[j]] += min(_size(before[i]), _size(after[j]))
        self._links = set()
        best: tuple[dict[int, Pair], dict[int, Pair]] = ({}, {})
        for link, weight in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
            first = [best[side].setdefault(link[side], link) == link for side in (0, 1)]
            smaller = min(self._sizes[0][link[0]], self._sizes[1][link[1]])
            if any(first) and weight >= SHARE * smaller:
                self._links.add(link)
        self._linked = ({a for a, _ in self._links}, {b for _, b in self._links})

    def linked(self, i: int, j: int) -> bool:
        """The two passages lie in units that are one."""
        return (self.before[i], self.after[j]) in self._links

    def apart(self, i: int, j: int) -> bool:
        """Both passages lie in units that became, or were, other units."""
        a, b = self.before[i], self.after[j]
        return (a, b) not in self._links and a in self._linked[0] and b in self._linked[1]

    def astray(self, i: int, j: int) -> bool:
        """One of the passages lies in a unit that is one with another unit than the other's."""
        a, b = self.before[i], self.after[j]
        return (a, b) not in self._links and (a in self._linked[0]) is not (b in self._linked[1])

    def links(self) -> list[Pair]:
        return sorted(self._links)


def _size(passage: Passage) -> int:
    return min(len(passage.text), WEIGHT_LIMIT) + 1


def _sizes(units: Sequence[int], passages: Sequence[Passage]) -> Counter[int]:
    sizes: Counter[int] = Counter()
    for unit, passage in zip(units, passages, strict=True):
        sizes[unit] += _size(passage)
    return sizes
