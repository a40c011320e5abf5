"""Where a query is found in the original text, and the piece of it worth showing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from kb.folding import fold
from kb.search.query import Phrase, parse
from kb.search.zh import BOUNDARY, GAP, STOP

Spans = tuple[tuple[int, int], ...]

_CUT = "…"
_LEAD = 5  # one fifth of the width goes before the first hit
_WHITE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text of about ``width`` characters; ``highlights`` are (start, end) offsets into it, in order."""

    text: str
    highlights: Spans


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    term: int


def highlights(text: str, query: str) -> Spans:
    """Every place of the text that a wanted term of the query is found at, as (start, end), not overlapping."""
    return tuple((hit.start, hit.end) for hit in _hits(text, query))


def snippet(text: str, query: str, width: int = 120) -> Snippet:
    """The window with the most different terms of the query; the beginning of the text when none is in it."""
    hits = _hits(text, query)
    start, end = 0, min(len(text), width)
    if hits:
        densest = hits[_densest(hits, width)]
        start = max(0, min(densest.start - width // _LEAD, len(text) - width))
        end = min(len(text), max(start + width, min(densest.end, start + 2 * width)))
    before, after = (_CUT if start > 0 else ""), (_CUT if end < len(text) else "")
    shift = len(before) - start
    marks = tuple(
        (hit.start + shift, hit.end + shift) for hit in hits if start <= hit.start and hit.end <= end
    )
    return Snippet(before + _WHITE.sub(" ", text[start:end]) + after, marks)


_NUMERAL = re.compile(
    "[〇零一二两三四五六七八九十百千万亿]"
)  # a number in digits is one token: it has no tail


def starts_numbers(query: str) -> bool:
    """Whether a wanted term begins with a number, so that it may stand inside a longer one: 五个工作日 in 十五个工作日."""
    return any(
        len(phrase.tokens) > 1 and _NUMERAL.match(phrase.tokens[0])
        for term in parse(query)
        if not term.excluded
        for phrase in term.phrases
    )


def stands_alone(text: str, query: str) -> bool:
    """Whether some place where the query is found is no tail of a longer number."""
    folded = fold(text)
    return any(
        not (_NUMERAL.match(folded[hit.start]) and hit.start and _NUMERAL.match(folded[hit.start - 1]))
        for hit in _hits(text, query)
    )


def holds(text: str, query: str) -> bool:
    """Whether a text has every wanted term of a query and none that it excludes."""
    folded, terms = fold(text), _terms(query)
    return bool(terms) and all(bool(pattern.search(folded)) is not excluded for pattern, excluded in terms)


@lru_cache(maxsize=64)
def _terms(query: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """One pattern a term, and whether it is excluded; none where nothing is wanted."""
    terms = parse(query)
    if all(term.excluded for term in terms):
        return ()
    return tuple(
        (re.compile("|".join(_phrase_pattern(phrase) for phrase in term.phrases)), term.excluded)
        for term in terms
    )


def _densest(hits: list[_Hit], width: int) -> int:
    """The hit that opens the earliest window of ``width`` with the most different terms."""
    best, best_count, left = 0, 0, 0
    counts: Counter[int] = Counter()
    for hit in hits:
        counts[hit.term] += 1
        while hit.end - hits[left].start > width - width // _LEAD and hits[left] is not hit:
            counts[hits[left].term] -= 1
            left += 1
        different = len(+counts)
        if different > best_count:
            best, best_count = left, different
    return best


def _hits(text: str, query: str) -> list[_Hit]:
    pattern, terms = _pattern(query)
    if pattern is None:
        return []
    return [
        _Hit(*match.span(), term=terms[(match.lastindex or 1) - 1]) for match in pattern.finditer(fold(text))
    ]


@lru_cache(maxsize=64)
def _pattern(query: str) -> tuple[re.Pattern[str] | None, tuple[int, ...]]:
    """One alternation of the wanted phrases, longest first, and the term that each group stands for."""
    wanted = [
        (phrase, number)
        for number, term in enumerate(parse(query))
        if not term.excluded
        for phrase in term.phrases
    ]
    wanted.sort(key=lambda pair: -len(pair[0].tokens))
    if not wanted:
        return None, ()
    joined = "|".join(f"({_phrase_pattern(phrase)})" for phrase, _ in wanted)
    return re.compile(joined), tuple(number for _, number in wanted)


def _phrase_pattern(phrase: Phrase) -> str:
    """Linear: a gap shares no character with the tokens on its sides."""
    words = [_token_pattern(token) for token in phrase.tokens]
    if phrase.open_end:
        last = phrase.tokens[-1]
        words[-1] = rf"(?<!{_kind(last)}){last}{_kind(last)}*"
    return GAP.join(words)


def _token_pattern(token: str) -> str:
    if token == BOUNDARY:
        return f"[{STOP}]"
    if token.isascii():
        return rf"(?<!{_kind(token)}){token}(?!{_kind(token)})"
    return re.escape(token)


def _kind(token: str) -> str:
    return "[0-9]" if token[0].isdigit() else "[a-z]"
