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
    """Links between the units of two texts, as far as they matter for the passages in question."""

    def __init__(
        self,
        before: Sequence[Passage],
        after: Sequence[Passage],
        asked_before: Iterable[int],
        asked_after: Iterable[int],
    ) -> None:
        """``asked_before`` and ``asked_after``: positions of the passages in question."""
        self._texts = (before, after)
        self.before, self.after = units_of(before), units_of(after)
        self._asked = ({self.before[i] for i in asked_before}, {self.after[j] for j in asked_after})
        self._sizes = (Counter[int](), Counter[int]())
        self._votes: Counter[Pair] = Counter()
        self._links: set[Pair] = set()
        self._linked: tuple[set[int], set[int]] = (set(), set())

    def vote(self, pairs: Iterable[Pair], sign: int = 1) -> None:
        """Count pairs of passages that stand for each other; a pair counted wrongly is taken back with ``sign`` -1."""
        before, after = self._texts
        asked_before, asked_after = self._asked
        for i, j in pairs:
            a, b = self.before[i], self.after[j]
            if (a in asked_before or b in asked_after) and after[j].kind not in ("row", "image"):
                self._votes[a, b] += sign * min(_size(before[i]), _size(after[j]))

    def link(self) -> None:
        """Link the units that the votes show to be one: each with the unit it shares most with."""
        self._links = set()
        best: tuple[dict[int, Pair], dict[int, Pair]] = ({}, {})
        for link, weight in sorted(self._votes.items(), key=lambda vote: (-vote[1], vote[0])):
            first = [best[side].setdefault(link[side], link) == link for side in (0, 1)]
            smaller = min(self._size_of(0, link[0]), self._size_of(1, link[1]))
            if any(first) and weight >= SHARE * smaller:
                self._links.add(link)
        self._linked = ({a for a, _ in self._links}, {b for _, b in self._links})

    def _size_of(self, side: int, unit: int) -> int:
        units, passages, sizes = (self.before, self.after)[side], self._texts[side], self._sizes[side]
        if unit not in sizes:
            last = next((k for k in range(unit, len(units)) if units[k] != unit), len(units))
            sizes[unit] = sum(map(_size, passages[unit:last]))
        return sizes[unit]

    def linked(self, i: int, j: int) -> bool:
        """The two passages lie in units that are one."""
        return (self.before[i], self.after[j]) in self._links

    def alone(self, i: int, j: int) -> bool:
        """Nothing but this very pair of passages speaks for their units being one."""
        own = min(_size(self._texts[0][i]), _size(self._texts[1][j]))
        below = self.before[i] != i or self._size_of(0, i) > own
        return below and self._votes[self.before[i], self.after[j]] <= own

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
