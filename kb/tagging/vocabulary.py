"""The vocabulary of licences, compiled: squeezed words -> what each one means for which licence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from kb.licences import Licence, licences
from kb.tagging.field import squeeze
from kb.tagging.matcher import Matcher

_BEHIND = re.compile(r"\([^()]{1,40}\)$")


class Role(IntEnum):
    """What a word does for a licence, the strongest first."""

    LAW = 0
    STRONG = 1
    WEAK = 2
    MASK = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """``near`` and ``unless`` are squeezed context words; ``rule`` is stable and names the line of the vocabulary."""

    licence: str
    role: Role
    rule: str
    near: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    matcher: Matcher  # words with a meaning and context words, found in one pass
    contexts: frozenset[str]
    meanings: Mapping[str, tuple[Meaning, ...]]
    excludes: Mapping[str, frozenset[str]]  # licence -> context words that void its hits
    hides: Mapping[str, frozenset[str]]  # licence -> words inside which its own words do not count
    parents: Mapping[str, str]
    families: frozenset[str]
    order: tuple[str, ...]
    subjects: Mapping[str, tuple[str, ...]]  # name of a rule -> the licences that rest on it


def _meanings(licence: Licence) -> Iterable[tuple[str, Meaning]]:
    for role, words in ((Role.LAW, licence.laws), (Role.STRONG, licence.strong), (Role.MASK, licence.mask)):
        rule = f"{licence.id}.{role.name.lower()}"
        for word in words:
            yield squeeze(word), Meaning(licence.id, role, rule)
    for number, weak in enumerate(licence.weak, start=1):
        near, unless = (frozenset(map(squeeze, words)) for words in (weak.near, weak.unless))
        for word in weak.any:
            yield squeeze(word), Meaning(licence.id, Role.WEAK, f"{licence.id}.weak-{number}", near, unless)


def compile_vocabulary(known: Mapping[str, Licence]) -> Vocabulary:
    """Raises nothing: the licences were checked when they were read."""
    meanings: dict[str, list[Meaning]] = defaultdict(list)
    hides: dict[str, set[str]] = defaultdict(set)
    for licence in known.values():
        for word, meaning in _meanings(licence):
            meanings[word].append(meaning)
            if meaning.role is Role.MASK:
                hides[licence.id].add(word)
            elif meaning.role is not Role.WEAK and licence.parent:
                hides[licence.parent].add(word)  # specific beats generic
    for licence in known.values():
        own = {squeeze(word) for word in (*licence.strong, *licence.laws)}
        hides[licence.id] -= own
    excludes = {licence.id: frozenset(map(squeeze, licence.exclude)) for licence in known.values()}
    contexts = {
        word for found in meanings.values() for meaning in found for word in meaning.near | meaning.unless
    }.union(*excludes.values())
    return Vocabulary(
        matcher=Matcher(meanings.keys() | contexts),
        contexts=frozenset(contexts),
        meanings={word: tuple(found) for word, found in meanings.items()},
        excludes=excludes,
        hides={licence: frozenset(words) for licence, words in hides.items()},
        parents={licence.id: licence.parent for licence in known.values() if licence.parent},
        families=frozenset(licence.id for licence in known.values() if licence.family),
        order=tuple(known),
        subjects=_subjects(known.values()),
    )


def rule_name(title: str) -> str:
    """A squeezed title without 《》, 中华人民共和国 and what stands in brackets behind: the name a rule is known by."""
    return _BEHIND.sub("", title.strip("《》\n")).removeprefix("中华人民共和国").strip("《》")


def _subjects(known: Iterable[Licence]) -> Mapping[str, tuple[str, ...]]:
    subjects: dict[str, list[str]] = defaultdict(list)
    for licence in known:
        for name in {rule_name(squeeze(basis.title)) for basis in licence.basis}:
            subjects[name].append(licence.id)
    return {name: tuple(found) for name, found in subjects.items()}


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    return compile_vocabulary(licences())
