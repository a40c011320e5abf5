"""Pairs of similar passages among what equal text left over.

Articles are judged as wholes: what is already known to be equal says which article became which; inside such a pair of
articles little similarity is enough, across articles that became others much is asked for. Sure pairs come first, and
they say more about the articles before the unsure ones are decided.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.changing.candidates import (
    INDEX_LIMIT,
    Leftover,
    candidates,
    candidates_by_rare_words,
    candidates_by_unit,
)
from kb.changing.likeness import Likeness
from kb.changing.sequence import Pair, fit_between
from kb.changing.units import Units
from kb.model import Passage


@dataclass(frozen=True, slots=True)
class Floors:
    """How alike two passages must be, by where they stand to each other; ``contained``: how much of the shorter one the
    longer must say."""

    inside: float  # the articles are one
    same_gap: float
    same_place: float  # same gap and same anchor, or alone in it
    elsewhere: float
    apart: float  # the articles became others
    contained: float
    contained_elsewhere: float
    rewritten: (
        bool  # an article alone in its place that kept its number is the same article, whatever it says now
    )
    leading: float  # more for the words that only lead to items, where the articles are not known to be one


ROUNDS = (
    Floors(0.45, 0.6, 0.5, 0.6, 0.7, 2.0, 2.0, False, 2.0),
    Floors(0.33, 0.42, 0.33, 0.48, 0.58, 0.8, 0.9, False, 0.0),
    Floors(0.25, 0.3, 0.2, 0.42, 0.5, 0.5, 0.6, True, 0.0),
)  # passages that have nothing to do with each other reach 0.05 to 0.2
GENERIC = 20  # characters
KEYED = frozenset({"row", "image"})


@dataclass(frozen=True, slots=True)
class Sides:
    """The two texts and what is known of them."""

    before: Sequence[Passage]
    after: Sequence[Passage]
    units: Units
    likeness: Likeness


def pair_similar(
    sides: Sides, left: list[Leftover], right: list[Leftover], chain: Sequence[Pair]
) -> list[Pair]:
    """Best pairs first, each passage once; ``chain`` are the equal passages in order."""
    pairs = _pair_keyed(sides.before, sides.after, left, right)
    left, right = without(left, right, pairs)
    if left and right:
        pairs += _Rounds(sides, chain).run(left, right)
    return sorted(pairs, key=lambda pair: pair[1])


def without(
    left: list[Leftover], right: list[Leftover], pairs: Sequence[Pair]
) -> tuple[list[Leftover], list[Leftover]]:
    """The leftovers that none of the pairs took."""
    olds, news = {i for i, _ in pairs}, {j for _, j in pairs}
    return [x for x in left if x.position not in olds], [x for x in right if x.position not in news]


def is_short_item(passage: Passage) -> bool:
    return passage.kind == "item" and len(passage.text) <= GENERIC


def leads(passage: Passage) -> bool:
    """The words only lead to items (依照第三十条规定处罚的，按照下列规定执行：) and say little of where they came from."""
    return passage.text.endswith(("：", ":")) and passage.kind in ("article", "clause")


def _one_number(before: Passage, after: Passage) -> bool:
    return before.kind == after.kind == "article" and before.ordinal == after.ordinal


def says_little(before: Passage, after: Passage) -> bool:
    """Equal words that may stand in any article: a short item, or what leads to items under another number."""
    if leads(before):
        return before.ordinal != after.ordinal
    return is_short_item(before) and is_short_item(after)


def is_stray(before: Sequence[Passage], after: Sequence[Passage], units: Units, pair: Pair) -> bool:
    """A short item (（三）其他情形) says nothing of where it came from: alone it does not pair two unrelated articles."""
    i, j = pair
    below = units.before[i] != i and units.after[j] != j
    return below and is_short_item(before[i]) and is_short_item(after[j]) and not units.linked(i, j)


def _pair_keyed(
    before: Sequence[Passage], after: Sequence[Passage], left: list[Leftover], right: list[Leftover]
) -> list[Pair]:
    """A table row is known by its key and a picture by its number, whatever else they say."""
    places = {
        (p.kind, p.anchor): item.position for item in left if (p := before[item.position]).kind in KEYED
    }
    found = (
        (places.get((after[item.position].kind, after[item.position].anchor)), item.position)
        for item in right
    )
    return [(i, j) for i, j in found if i is not None]


class _Rounds:
    """The sure pairs first, then, knowing more of articles and places, the less sure ones."""

    def __init__(self, sides: Sides, chain: Sequence[Pair]) -> None:
        self.before, self.after, self.chain = sides.before, sides.after, chain
        self.units, self.likeness = sides.units, sides.likeness
        self.known: dict[Pair, float] = {}

    def run(self, left: list[Leftover], right: list[Leftover]) -> list[Pair]:
        found = candidates(self.before, self.after, left, right)
        pairs: list[Pair] = []
        for number, floors in enumerate(ROUNDS):
            if not left or not right:
                break
            self.units.link()
            left, right = _in_gaps(left, right, self.chain, pairs)
            if max(len(left), len(right)) <= INDEX_LIMIT:
                found |= candidates_by_unit(self.units, left, right)
                if number == 1:
                    found.update(candidates_by_rare_words(self.before, self.after, left, right))
            new = self._round(found, _Places(left, right), floors)
            self.units.vote(new)
            pairs += new
            left, right = without(left, right, new)
        return pairs

    def _round(self, found: Iterable[Pair], places: _Places, floors: Floors) -> list[Pair]:
        scored = []
        for i, j in found:
            if i in places.before and j in places.after:
                score = self._score(i, j, places, floors)
                if score:
                    scored.append((-score, abs(i - j), i, j))
        return _greedy(scored)

    def _score(self, i: int, j: int, places: _Places, floors: Floors) -> float:
        """0 when the two are not the same passage, else at most a little over 1."""
        before, after = self.before[i], self.after[j]
        if before.kind != after.kind and (before.kind in KEYED or after.kind in KEYED):
            return 0.0
        inside, apart, astray = self.units.linked(i, j), self.units.apart(i, j), self.units.astray(i, j)
        same_gap = places.before[i] == places.after[j]
        alone = same_gap and places.before[i] in places.lonely
        if not alone and is_stray(self.before, self.after, self.units, (i, j)):
            return 0.0
        same_anchor = before.anchor == after.anchor
        level = (before.kind == "item") is (after.kind == "item")
        alike = self._alike(i, j)
        bonus = (
            0.15 * inside
            + 0.06 * same_gap
            + 0.04 * same_anchor
            - 0.1 * apart
            - 0.08 * astray
            - 0.2 * (not level)
        )
        near = inside or (same_gap and level)
        floor = floors.apart if apart else floors.elsewhere + 0.06 * astray
        if astray and self._alone_in_article(i, j):
            floor = max(floor, floors.apart)
        if inside or same_gap:
            floor = floors.inside if inside else floors.same_gap
            if same_gap and level and (same_anchor or alone):
                floor = min(floor, floors.same_place)
        if not inside and leads(before) and leads(after):
            floor += floors.leading
        if alike >= floor or (alone and floors.rewritten and _one_number(before, after)):
            return alike + bonus + 0.01
        contained = self.likeness.contained(before.text, after.text)
        return (
            floor + bonus if contained >= (floors.contained if near else floors.contained_elsewhere) else 0.0
        )

    def _alone_in_article(self, i: int, j: int) -> bool:
        """One of the two is a whole article of its own, the other a later 款 of an article that is known to be another's."""
        return (self.before[i].kind == "article") is not (self.after[j].kind == "article")

    def _alike(self, i: int, j: int) -> float:
        found = self.known.get((i, j))
        if found is None:
            found = self.known[i, j] = self.likeness.alike(self.before[i].text, self.after[j].text)
        return found


class _Places:
    """The gap each leftover lies in, and the gaps with just one leftover on either side."""

    def __init__(self, left: list[Leftover], right: list[Leftover]) -> None:
        self.before = {item.position: item.gap for item in left}
        self.after = {item.position: item.gap for item in right}
        ones = (
            {gap for gap, n in Counter(side.values()).items() if n == 1} for side in (self.before, self.after)
        )
        self.lonely = set.intersection(*ones)


def _in_gaps(
    left: list[Leftover], right: list[Leftover], chain: Sequence[Pair], settled: Sequence[Pair]
) -> tuple[list[Leftover], list[Leftover]]:
    """The leftovers with the gaps that the chain and the settled pairs leave between them."""
    fitting = fit_between(chain, settled)
    steps = len(fitting) + 1
    found = []
    for side, leftovers in enumerate((left, right)):
        spine, between = [pair[side] for pair in chain], [pair[side] for pair in fitting]
        gaps = [bisect_left(spine, x.position) * steps + bisect_left(between, x.position) for x in leftovers]
        found.append([Leftover(x.position, gap) for x, gap in zip(leftovers, gaps, strict=True)])
    return found[0], found[1]


def _greedy(scored: list[tuple[float, int, int, int]]) -> list[Pair]:
    used_before: set[int] = set()
    used_after: set[int] = set()
    pairs: list[Pair] = []
    for _, _, i, j in sorted(scored):
        if i not in used_before and j not in used_after:
            used_before.add(i)
            used_after.add(j)
            pairs.append((i, j))
    return pairs
