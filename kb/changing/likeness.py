"""How alike two passages are: what they say in the same order, and how much of what is rare in them they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from sys import intern

from rapidfuzz.distance import Indel, LCSseq

TEXT_LIMIT = 2_000  # characters compared of a long passage
SHORT = 12
LEAST = 0.2  # weight of what stands everywhere
TELLING = 6  # rare pairs of characters that say something
SAMPLE = 200  # passages whose words say what is common in the two texts


@dataclass(frozen=True, slots=True)
class Profile:
    """The pairs of neighbouring characters of a passage, and the sum of their weights."""

    pairs: frozenset[str]
    weight: float


class Likeness:
    """Similarity of passages of two given texts, where words that stand everywhere in them (国务院主管部门, 构成犯罪的)
    count little."""

    def __init__(self, texts: Sequence[str]) -> None:
        step = max(1, len(texts) // SAMPLE)
        sample = texts[::step]
        self._seen: Counter[str] = Counter()
        for text in sample:
            self._seen.update(_pairs(text))
        self._total = len(sample) + 1
        self._telling = TELLING * (log(self._total / 2) + LEAST)
        self._weights: dict[str, float] = {}
        self._profiles: dict[str, Profile] = {}

    def _weigh(self, pairs: Iterable[str]) -> float:
        total = 0.0
        for pair in pairs:
            weight = self._weights.get(pair)
            if weight is None:
                weight = self._weights[pair] = self._weight(pair)
            total += weight
        return total

    def _weight(self, pair: str) -> float:
        return LEAST if pair in _FORMULAE else log(self._total / (self._seen[pair] + 1)) + LEAST

    def _profile(self, text: str) -> Profile:
        found = self._profiles.get(text)
        if found is None:
            pairs = _pairs(text)
            found = self._profiles[text] = Profile(pairs, self._weigh(pairs))
        return found

    def alike(self, before: str, after: str) -> float:
        """0 to 1: half the characters in common in order, half the weight of the words in common."""
        one, other = self._profile(before), self._profile(after)
        total = one.weight + other.weight
        shared = 2 * self._weigh(one.pairs & other.pairs) / total if total else 1.0
        return (similarity(before, after) + shared) / 2

    def within(self, part: str, whole: str) -> float:
        """Share of the part's weight that the whole says too, 0 to 1."""
        one = self._profile(part)
        return self._weigh(one.pairs & self._profile(whole).pairs) / one.weight if one.weight else 1.0

    def within_anew(self, part: str, whole: str, others: Iterable[str]) -> float:
        """Share of the part's weight that the whole says and the other parts do not, 0 to 1; 0 when that is little more
        than what stands everywhere."""
        one = self._profile(part)
        shared = one.pairs & self._profile(whole).pairs
        weight = self._weigh(shared.difference(*(self._profile(other).pairs for other in others)))
        return weight / one.weight if weight >= self._telling else 0.0

    def telling(self, text: str) -> bool:
        """The text has words of its own, more than the formulae of rules."""
        return len(text) < SHORT or self._profile(text).weight >= self._telling

    def contained(self, one: str, other: str) -> float:
        """How much of the shorter text (of some length) reappears in the longer one; 0 when it is too short to tell."""
        short, long = (one, other) if len(one) <= len(other) else (other, one)
        return self.within(short, long) if len(short) >= max(SHORT, len(long) / 8) else 0.0


def _pairs(text: str) -> frozenset[str]:
    text = text[:TEXT_LIMIT]
    return frozenset(map(intern, map("".join, pairwise(text)))) if len(text) > 1 else frozenset(text)


# Formulae of Chinese rules: two clauses that share nothing else are not alike.
_FORMULAE = _pairs(
    "违反本法规定，违反本条例规定，违反本办法规定，有下列情形之一的，有下列行为之一的，由有关主管部门责令限期改正，"
    "情节严重的，没收违法所得，并处罚款，给予警告、通报批评，构成犯罪的，依法追究刑事责任；尚不构成犯罪的，"
    "依法给予行政处分；违反治安管理规定的，由公安机关依法给予治安管理处罚；对直接负责的主管人员和其他直接责任人员，"
    "对负有责任的领导人员和直接责任人员，法律、行政法规另有规定的，从其规定，按照国家有关规定，前款规定的，"
    "县级以上地方各级人民政府，省、自治区、直辖市人民政府，国务院，可以，应当，不得，以及，或者"
)


def similarity(before: str, after: str) -> float:
    """Share of characters two texts have in common in order, 0 to 1 (first 2,000 characters of each)."""
    return Indel.normalized_similarity(before[:TEXT_LIMIT], after[:TEXT_LIMIT])


def covered(whole: str, by: str) -> float:
    """Share of ``whole`` that ``by`` says in the same order, 0 to 1."""
    whole = whole[:TEXT_LIMIT]
    return LCSseq.similarity(whole, by[: 2 * TEXT_LIMIT]) / len(whole) if whole else 1.0


def containment(part: str, whole: str) -> float:
    """Share of the part's pairs of neighbouring characters that the whole has too, 0 to 1."""
    pairs = Counter(pairwise(part))
    there = Counter(pairwise(whole))
    total = sum(pairs.values())
    return sum(min(n, there[pair]) for pair, n in pairs.items()) / total if total else float(part in whole)
