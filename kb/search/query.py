"""What a person typed -> terms -> an FTS5 expression that SQLite always accepts.

Terms are divided by white space and all must occur. ``“…”`` or ``"…"`` is taken literally; a leading ``-`` excludes. In
a bare term the last Latin word or number may go on (``EDI`` finds ``EDI许可证``, ``2025`` finds ``20251``), and a
term that has a synonym finds that too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.search.synonyms import synonyms
from kb.search.zh import BOUNDARY, tokens

MAX_TERMS = 32
MAX_TOKENS = 128
"""Beyond these a query is cut: SQLite limits the size of an expression, and no reader types more."""

NOTHING = '""'
_QUOTES = '"“”„‟「」『』＂'
_TERM = re.compile(
    rf"(?P<minus>[-－]?)(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s{_QUOTES}]+))"
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
    """One of its phrases must occur, or, when ``excluded``, none of them."""

    phrases: tuple[Phrase, ...]
    excluded: bool = False

    @property
    def expression(self) -> str:
        joined = " OR ".join(phrase.expression for phrase in self.phrases)
        return f"({joined})" if len(self.phrases) > 1 else joined


def parse(query: str) -> tuple[Term, ...]:
    """The terms of a query in order; terms without a letter, digit or Han character are left out."""
    terms: list[Term] = []
    for match in _TERM.finditer(query):
        literal = match["quoted"] is not None
        words = _trim(tokens(match["quoted"] if literal else match["bare"]))
        if words:
            terms.append(Term(_phrases(words, literal=literal), excluded=bool(match["minus"])))
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


def _trim(words: list[str]) -> tuple[str, ...]:
    start, end = 0, min(len(words), MAX_TOKENS)
    while start < end and words[start] == BOUNDARY:
        start += 1
    while end > start and words[end - 1] == BOUNDARY:
        end -= 1
    return tuple(words[start:end])


def _phrases(words: tuple[str, ...], *, literal: bool) -> tuple[Phrase, ...]:
    if literal:
        return (Phrase(words),)
    asked = Phrase(words, open_end=words[-1].isascii())
    return (asked, *(Phrase(other) for other in synonyms().get(words, ())))
