"""One field of text -> the hits that count in it, each with the reason why."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kb.tagging.field import Field
from kb.tagging.matcher import Found
from kb.tagging.settings import dead_spans
from kb.tagging.vocabulary import Meaning, Role, Vocabulary

NEAR = 80
"""How far, in squeezed characters, a weak word's company may stand from it: about two sentences."""

VOID = 60
"""How far a word reaches that speaks against a hit: about one sentence."""

_CITED = re.compile(r"(?:根据|依据|按照?|依照|违反|贯彻|落实|执行|符合)[^。;\n]{0,12}$")


class Hit(NamedTuple):
    """``start`` and ``end`` are offsets into the squeezed text of ``field``; ``company`` is the context word met."""

    field: Field
    start: int
    end: int
    meaning: Meaning
    company: str = ""


@dataclass(frozen=True)
class Marked:
    """A field with every vocabulary and context word found in it."""

    field: Field
    vocabulary: Vocabulary

    @cached_property
    def _read(self) -> tuple[tuple[Found, ...], Mapping[str, Sequence[int]]]:
        meanings, contexts = self.vocabulary.meanings, self.vocabulary.contexts
        words: list[Found] = []
        places: dict[str, list[int]] = defaultdict(list)
        for found in self.vocabulary.matcher.find(self.field.squeezed):
            if found.word in meanings:
                words.append(found)
            if found.word in contexts:
                places[found.word].append(found.start)
        return tuple(words), places

    @property
    def found(self) -> tuple[Found, ...]:
        return self._read[0]

    @property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Context word -> where it stands, ascending."""
        return self._read[1]

    def near(self, words: frozenset[str], start: int, end: int, reach: int) -> str:
        """The first of ``words`` in the order of the alphabet that stands within ``reach`` of the span, or ``""``."""
        if words.isdisjoint(self.places):
            return ""
        for word in sorted(words & self.places.keys()):
            places = self.places[word]
            first = bisect_left(places, start - reach - len(word))
            if first < len(places) and places[first] <= end + reach:
                return word
        return ""


class Around(NamedTuple):
    """What stands around a field: ``words`` of the title and of the kind of source, which are company to weak words and
    may void a hit; ``excludes``: licence -> the words that void its hits here."""

    words: Set[str]
    excludes: Mapping[str, frozenset[str]]


def hits(
    marked: Marked,
    context: Marked,
    assumed: frozenset[str] = frozenset(),
    spared: frozenset[str] = frozenset(),
) -> Iterator[Hit]:
    """Hits of a field in order. ``context`` is the title, for the title itself too.

    ``assumed`` are context words that the kind of source stands for; ``spared`` are words that exclude nothing here.
    """
    excludes = marked.vocabulary.excludes
    if spared:
        excludes = {licence: words - spared for licence, words in excludes.items()}
    around = Around(context.places.keys() | assumed, excludes)
    cover: list[Found] = []
    dead = deque(sorted(dead_spans(marked.field.squeezed)))
    buried = 0  # where the dead spans that began so far end
    for found in marked.found:
        cover = [other for other in cover if other.end > found.start]
        while dead and dead[0][0] <= found.start:
            buried = max(buried, dead.popleft()[1])
        if found.end > buried:
            for meaning in marked.vocabulary.meanings[found.word]:
                hit = _judge(marked, found, meaning, cover, around)
                if hit:
                    yield hit
        cover.append(found)


def _judge(
    marked: Marked, found: Found, meaning: Meaning, cover: Sequence[Found], around: Around
) -> Hit | None:
    """``cover``: the words found before this one that reach over its beginning."""
    if meaning.role is Role.MASK or (cover and _hidden(marked.vocabulary, meaning, cover)):
        return None
    if meaning.role is Role.LAW:
        return Hit(marked.field, found.start, found.end, meaning)
    if _speaks(marked, found, around.excludes[meaning.licence], around):
        return None
    if meaning.role is Role.STRONG:
        return Hit(marked.field, found.start, found.end, meaning)
    if _speaks(marked, found, meaning.unless, around):
        return None
    company = marked.near(meaning.near, found.start, found.end, NEAR) or min(
        meaning.near & around.words, default=""
    )
    return Hit(marked.field, found.start, found.end, meaning, company) if company else None


def _speaks(marked: Marked, found: Found, against: frozenset[str], around: Around) -> bool:
    """Whether one of the words against a hit stands in its surroundings or beside it."""
    return bool(against) and (
        not against.isdisjoint(around.words) or bool(marked.near(against, found.start, found.end, VOID))
    )


def _hidden(vocabulary: Vocabulary, meaning: Meaning, cover: Sequence[Found]) -> bool:
    """A weak word does not count where it begins in a word with a sense of its own; no word, where the licence hides."""
    if meaning.role is Role.WEAK:
        return any(other.role is not Role.WEAK for one in cover for other in vocabulary.meanings[one.word])
    return any(one.word in vocabulary.hides[meaning.licence] for one in cover)


def is_cited(hit: Hit) -> bool:
    """Whether the text rests on the rule it names: 根据《……》, 违反《……》."""
    return bool(_CITED.search(hit.field.squeezed, max(0, hit.start - 24), hit.start))
