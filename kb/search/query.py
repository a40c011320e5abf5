"""What a person typed -> terms -> an FTS5 expression that SQLite always accepts.

Terms are divided by white space and all must occur. ``“…”`` or ``"…"`` is taken literally; a leading ``-`` excludes. In
a bare term the last Latin word or number may go on (``EDI`` finds ``EDI许可证``, ``2025`` finds ``20251``), a legal
number is found in its other writing too (``第55条``, ``第五十五条``), and a term that has a synonym finds that as well,
unless ``=`` stands before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.search.numbers import otherwise
from kb.search.synonyms import synonyms
from kb.search.zh import BOUNDARY, tokens

MAX_TERMS = 32
MAX_TOKENS = 128
"""Beyond these a query is cut: SQLite limits the size of an expression, and no reader types more."""

NOTHING = '""'
_QUOTES = '"“”„‟「」『』＂'
_TERM = re.compile(
    rf"(?P<minus>[-－]?)(?P<alone>[=＝]?)(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s{_QUOTES}]+))"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive tokens; with ``open_end`` the last one is a prefix."""

    tokens: tuple[str, ...]
    open_end: bool = False

    @property
    def expression(self) -> str:
        return f'"{" ".join(self.tokens)}"' + ("*" if self.open_end else "")


@dataclass(frozen=True, slots=True)
class Term:
    """One of its phrases must occur, or, when ``excluded``, none of them. ``asked`` is what was typed, ``synonyms`` the
    other names that are looked for with it."""

    asked: str
    phrases: tuple[Phrase, ...]
    synonyms: tuple[str, ...] = ()
    excluded: bool = False

    @property
    def expression(self) -> str:
        joined = " OR ".join(phrase.expression for phrase in self.phrases)
        return f"({joined})" if len(self.phrases) > 1 else joined


def parse(query: str) -> tuple[Term, ...]:
    """The terms of a query in order; terms without a letter, digit or Han character are left out."""
    terms: list[Term] = []
    for match in _TERM.finditer(query):
        asked = match["bare"] or match["quoted"] or ""
        words = _trim(tokens(asked))
        if words:
            phrases = (Phrase(words),) if match["quoted"] is not None else _phrases(words)
            others = () if match["quoted"] is not None or match["alone"] else synonyms().get(words, ())
            phrases += tuple(Phrase(tuple(tokens(name))) for name in others)
            terms.append(Term(asked, phrases, others, excluded=bool(match["minus"])))
        if len(terms) == MAX_TERMS:
            break
    return tuple(terms)


def match_query(query: str) -> str:
    """The FTS5 expression of a query. Never raises; ``'""'``, which finds nothing, when nothing is asked for."""
    terms = parse(query)
    wanted = [term.expression for term in terms if not term.excluded]
    unwanted = [term.expression for term in terms if term.excluded]
    if not wanted:
        return NOTHING
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


def also_asked(query: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each word of a query that is looked for under other names as well, with these names."""
    return tuple((term.asked, term.synonyms) for term in parse(query) if term.synonyms)


def without_synonyms(query: str) -> str:
    """The query that asks for the same words and for no other names of them."""
    return _TERM.sub(_alone, query)


def _alone(term: re.Match[str]) -> str:
    return term[0] if term["bare"] is None or term["alone"] else f"{term['minus']}={term['bare']}"


def _trim(words: list[str]) -> tuple[str, ...]:
    start, end = 0, min(len(words), MAX_TOKENS)
    while start < end and words[start] == BOUNDARY:
        start += 1
    while end > start and words[end - 1] == BOUNDARY:
        end -= 1
    return tuple(words[start:end])


def _phrases(words: tuple[str, ...]) -> tuple[Phrase, ...]:
    """A bare term as it is typed and with its legal numbers in their other writing."""
    other = otherwise(words)
    asked = Phrase(words, open_end=words[-1].isascii())
    return (asked, Phrase(other)) if other else (asked,)
