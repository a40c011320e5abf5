"""For each word of the term tables: a sentence made for it, and the vocabulary of its family without it.

A word that is taken out must change what its own sentence is tagged with; one that changes nothing is of no use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from kb.licences import Licence, WeakTerms, licences
from kb.tagging.evidence import Marked, hits
from kb.tagging.field import read_field
from kb.tagging.vocabulary import Role, Vocabulary, compile_vocabulary

Table = TypeVar("Table", Licence, WeakTerms)


@dataclass(frozen=True)
class Term:
    """``table`` is ``laws``, ``strong``, ``mask``, ``exclude``, or ``any``, ``near``, ``unless`` of the weak line ``line``."""

    licence: str
    table: str
    word: str
    line: int = -1


def terms(licence: Licence) -> Iterator[Term]:
    for table in ("laws", "strong", "mask", "exclude"):
        for word in getattr(licence, table):
            yield Term(licence.id, table, word)
    for line, weak in enumerate(licence.weak):
        for table in ("any", "near", "unless"):
            for word in getattr(weak, table):
                yield Term(licence.id, table, word, line)


def without(licence: Licence, term: Term) -> Licence:
    if term.line < 0:
        return _less(licence, term)
    weak = list(licence.weak)
    left = _less(weak[term.line], term)
    weak[term.line : term.line + 1] = [left] if left.any and left.near else []
    return licence.model_copy(update={"weak": tuple(weak)})


def _less(table: Table, term: Term) -> Table:
    words = tuple(word for word in getattr(table, term.table) if word != term.word)
    return table.model_copy(update={term.table: words})


def family(licence: Licence) -> dict[str, Licence]:
    """A licence, its parent, its siblings and its children, in the order of the vocabulary."""
    known = licences()
    return {
        other.id: other
        for other in known.values()
        if other.id in (licence.id, licence.parent)
        or other.parent == licence.id
        or (licence.parent and other.parent == licence.parent)
    }


def told(text: str, vocabulary: Vocabulary) -> set[tuple[str, Role]]:
    """What a text alone is hit by: licences, and how surely."""
    marked, title = Marked(read_field("text", text), vocabulary), Marked(read_field("title", ""), vocabulary)
    return {(hit.meaning.licence, hit.meaning.role) for hit in hits(marked, title)}


def sentences(licence: Licence, term: Term) -> Iterator[str]:
    """Texts that show what a word does, the plainest first."""
    weak = licence.weak[term.line] if term.line >= 0 else None
    if weak is None and term.table in ("laws", "strong"):
        yield term.word
    elif weak is None:
        yield from _against(licence, term.word)
    elif term.table == "any":
        yield from (f"{term.word},{near}" for near in weak.near)
    elif term.table == "near":
        yield from (f"{word},{term.word}" for word in weak.any)
    else:
        yield from (f"{word},{near},{term.word}" for word in weak.any for near in weak.near)


def _against(licence: Licence, word: str) -> Iterator[str]:
    """A word that voids hits or hides words, beside each word that it could void, or around it."""
    yield word
    yield from (f"{strong},{word}" for strong in licence.strong)
    for weak in licence.weak:
        yield from (f"{word},{near}" for near in weak.near)
        yield from (f"{one},{near},{word}" for one in weak.any[:2] for near in weak.near[:2])


def idle(licence: Licence) -> Iterator[Term]:
    """Words of a licence that no sentence made for them needs."""
    kin = family(licence)
    complete = compile_vocabulary(kin)
    for term in terms(licence):
        left = compile_vocabulary({**kin, licence.id: without(licence, term)})
        texts = sentences(licence, term)
        if all(told(text, complete) == told(text, left) for text in texts):
            yield term


def named(licence: Licence, term: Term) -> bool:
    """Whether a word is a name of the licence or of its rule: where a shorter word would do, the evidence shall still be
    the whole name."""
    names = (*licence.aliases, licence.short, licence.zh, *(basis.title for basis in licence.basis))
    return term.table in ("laws", "strong") and any(term.word in name for name in names)
