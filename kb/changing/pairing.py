"""Pairs of similar passages among what equal text left over, with bounded candidates.

Small blocks are compared in full. In large ones a passage is compared with its neighbours by position, with the passages
that carry its anchor or row key, and with those that share rare words; the work stays proportional to the length.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel, LCSseq

from kb.changing.sequence import Pair
from kb.model import Passage

BLOCK_LIMIT = 4_096  # pairs compared in full inside one replaced block
INDEX_LIMIT = 20_000  # leftovers for which rare words are indexed
TEXT_LIMIT = 2_000  # characters compared of a long passage
NEIGHBOURS = 6
SHINGLES = 24
RARE = 12
SAME_BLOCK, SAME_PLACE, ONLY_PAIR, ELSEWHERE = 0.4, 0.3, 0.15, 0.6
SHORT = 12
KEYED = frozenset({"row", "image"})


@dataclass(frozen=True, slots=True)
class Leftover:
    position: int
    gap: int


def pair_similar(
    before: Sequence[Passage], after: Sequence[Passage], left: list[Leftover], right: list[Leftover]
) -> list[Pair]:
    """Best pairs first, each passage once; same anchor, same block and nearness decide between equals."""
    keyed = _pair_keyed(before, after, left, right)
    olds, news = {i for i, _ in keyed}, {j for _, j in keyed}
    left = [item for item in left if item.position not in olds]
    right = [item for item in right if item.position not in news]
    return sorted([*keyed, *_pair_by_text(before, after, left, right)], key=lambda pair: pair[1])


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


def _pair_by_text(
    before: Sequence[Passage], after: Sequence[Passage], left: list[Leftover], right: list[Leftover]
) -> list[Pair]:
    if not left or not right:
        return []
    homes = {item.position: item.gap for item in left}
    gaps = {item.position: item.gap for item in right}
    lonely = _lonely_gaps(left, right)
    scored: list[tuple[float, int, int, int]] = []
    for i, j in set(_candidates(before, after, left, right)):
        same_gap = homes[i] == gaps[j]
        score = _score(before[i], after[j], same_gap=same_gap, only=same_gap and homes[i] in lonely)
        if score:
            scored.append((-score, abs(i - j), i, j))
    return _greedy(scored)


def _lonely_gaps(left: list[Leftover], right: list[Leftover]) -> set[int]:
    ones = {gap for gap, n in Counter(item.gap for item in left).items() if n == 1}
    return ones & {gap for gap, n in Counter(item.gap for item in right).items() if n == 1}


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


def _score(before: Passage, after: Passage, *, same_gap: bool, only: bool) -> float:
    """0 when the two are not the same passage, else at most a little over 1."""
    if (before.kind in KEYED or after.kind in KEYED) and before.kind != after.kind:
        return 0.0
    same_anchor = before.anchor == after.anchor
    similar = similarity(before.text, after.text)
    bonus = 0.05 * same_anchor + 0.03 * same_gap
    floor = ELSEWHERE
    if same_gap:
        floor = SAME_PLACE if same_anchor or _same_article(before, after) else SAME_BLOCK
        if only and (same_anchor or before.kind in KEYED):
            floor = 0.0 if max(len(before.text), len(after.text)) <= SHORT else ONLY_PAIR
        elif similar < floor and contained(before.text, after.text):
            return floor + bonus
    return similar + bonus + 1e-6 if similar >= floor else 0.0


def _same_article(before: Passage, after: Passage) -> bool:
    return before.kind == after.kind == "article" and before.ordinal == after.ordinal


def similarity(before: str, after: str) -> float:
    """Share of characters two texts have in common in order, 0 to 1 (first 2,000 characters of each)."""
    return Indel.normalized_similarity(before[:TEXT_LIMIT], after[:TEXT_LIMIT])


def covered(whole: str, by: str) -> float:
    """Share of ``whole`` that ``by`` says in the same order, 0 to 1."""
    whole = whole[:TEXT_LIMIT]
    return LCSseq.similarity(whole, by[: 2 * TEXT_LIMIT]) / len(whole) if whole else 1.0


def contained(one: str, other: str) -> bool:
    """The shorter text (of some length) reappears almost whole in the longer one."""
    short, long = sorted((one[:TEXT_LIMIT], other[:TEXT_LIMIT]), key=len)
    return len(short) >= max(SHORT, len(long) / 4) and containment(short, long) >= 0.7


def containment(part: str, whole: str) -> float:
    """Share of the part's pairs of neighbouring characters that the whole has too, 0 to 1."""
    pairs = Counter(pairwise(part))
    there = Counter(pairwise(whole))
    total = sum(pairs.values())
    return sum(min(n, there[pair]) for pair, n in pairs.items()) / total if total else float(part in whole)


def _candidates(
    before: Sequence[Passage], after: Sequence[Passage], left: list[Leftover], right: list[Leftover]
) -> Iterator[Pair]:
    yield from _by_block(left, right)
    yield from _by_name(before, after, left, right)
    if len(left) <= INDEX_LIMIT and len(right) <= INDEX_LIMIT:
        yield from _by_rare_words(before, after, left, right)


def _by_block(left: list[Leftover], right: list[Leftover]) -> Iterator[Pair]:
    blocks: dict[int, list[int]] = defaultdict(list)
    for item in left:
        blocks[item.gap].append(item.position)
    others: dict[int, list[int]] = defaultdict(list)
    for item in right:
        others[item.gap].append(item.position)
    for gap, news in others.items():
        olds = blocks.get(gap, [])
        full = len(olds) * len(news) <= BLOCK_LIMIT
        for index, j in enumerate(news):
            centre = index * len(olds) // len(news)
            near = olds if full else olds[max(0, centre - NEIGHBOURS) : centre + NEIGHBOURS]
            yield from ((i, j) for i in near)


def _by_name(
    before: Sequence[Passage], after: Sequence[Passage], left: list[Leftover], right: list[Leftover]
) -> Iterator[Pair]:
    names = {before[item.position].anchor: item.position for item in left}
    for item in right:
        position = names.get(after[item.position].anchor)
        if position is not None:
            yield position, item.position


def _by_rare_words(
    before: Sequence[Passage], after: Sequence[Passage], left: list[Leftover], right: list[Leftover]
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
    return sorted(runs, key=_scatter)[:SHINGLES]


def _scatter(run: str) -> tuple[int, str]:
    value = 0
    for c in run:
        value = (value * 31 + ord(c)) * 2654435761 % 4294967296
    return value, run
