"""The words that changed inside a passage, as spans: small, and reconstructing both texts exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from rapidfuzz.distance import Indel

from kb.changing.sequence import MATRIX_LIMIT, match_sequences
from kb.changing.tokens import is_fixed, tokenise
from kb.model import Span

WORDS_LIMIT = 20_000  # characters of a differing stretch that are looked at word by word
_SENTENCE = re.compile(r"[^。；\n]*[。；\n]|[^。；\n]+")
_STOPS = "。；\n"
_ENDS = "，。；：！？,.;:!?\n"
_LINKS = "和或与及"
_REACH = 400  # how far back or on a sentence may begin or end

Stretch = tuple[
    int, int, int, int
]  # before start and end, after start and end: characters, sentences or tokens


def changed_spans(before: str, after: str) -> tuple[Span, ...]:
    """Spans in order, offsets in code points into the two texts; empty when the texts are equal."""
    if before == after:
        return ()
    middle = _differing_sentences(before, after)
    stretches = [middle] if _within_limit(middle) else _by_sentences(before, after, middle)
    return tuple(
        _span(before, after, found) for stretch in stretches for found in _by_words(before, after, stretch)
    )


def whole_span(before: str, after: str) -> tuple[Span, ...]:
    """What lies between the equal beginning and the equal end, as one span; empty when the texts are equal."""
    if before == after:
        return ()
    head = _common_prefix(before, after)
    tail = _common_prefix(before[head:][::-1], after[head:][::-1])
    return (_span(before, after, (head, len(before) - tail, head, len(after) - tail)),)


def _differing_sentences(before: str, after: str) -> Stretch:
    """What lies between the equal beginning and the equal end, widened to whole sentences."""
    head = _common_prefix(before, after)
    tail = _common_prefix(before[head:][::-1], after[head:][::-1])
    start = max(before.rfind(stop, max(0, head - _REACH), head) for stop in _STOPS) + 1 or max(
        0, head - _REACH
    )
    end = len(before) - tail
    ends = [place for stop in _STOPS if (place := before.find(stop, end, end + _REACH)) >= 0]
    tail = len(before) - (min(ends) if ends else min(len(before), end + _REACH))
    return start, len(before) - tail, start, len(after) - tail


def _within_limit(stretch: Stretch) -> bool:
    return max(stretch[1] - stretch[0], stretch[3] - stretch[2]) <= WORDS_LIMIT


def _by_sentences(before: str, after: str, middle: Stretch) -> list[Stretch]:
    """The differing stretches of a long passage, found by comparing whole sentences first."""
    old = _SENTENCE.findall(before, middle[0], middle[1])
    new = _SENTENCE.findall(after, middle[2], middle[3])
    first, second = _numbered(old, new)
    gaps = _gaps([(i, j, 1) for i, j in match_sequences(first, second)], len(old), len(new))
    old_places, new_places = _places(old, middle[0]), _places(new, middle[2])
    return [(old_places[i0], old_places[i1], new_places[j0], new_places[j1]) for i0, i1, j0, j1 in gaps]


def apply_spans(before: str, spans: Sequence[Span]) -> str:
    """The after text: ``before`` with every span replaced."""
    parts: list[str] = []
    place = 0
    for span in spans:
        parts += [before[place : span.before_start], span.after]
        place = span.before_end
    return "".join([*parts, before[place:]])


def _common_prefix(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _by_words(before: str, after: str, stretch: Stretch) -> list[Stretch]:
    if not _within_limit(stretch):
        return [stretch]
    old, new = tokenise(before[stretch[0] : stretch[1]]), tokenise(after[stretch[2] : stretch[3]])
    first, second = _numbered(old, new)
    if len(first) * len(second) <= MATRIX_LIMIT:
        blocks = [(b.a, b.b, b.size) for b in Indel.opcodes(first, second).as_matching_blocks()]
    else:
        blocks = [(i, j, 1) for i, j in match_sequences(first, second)]
    edits = _join_close(_gaps(blocks, len(old), len(new)), old)
    old_places, new_places = _places(old, stretch[0]), _places(new, stretch[2])
    return [(old_places[i0], old_places[i1], new_places[j0], new_places[j1]) for i0, i1, j0, j1 in edits]


def _numbered(old: list[str], new: list[str]) -> tuple[list[int], list[int]]:
    ids: dict[str, int] = {}
    first, second = ([ids.setdefault(piece, len(ids)) for piece in side] for side in (old, new))
    return first, second


def _gaps(blocks: list[tuple[int, int, int]], old: int, new: int) -> list[Stretch]:
    """What lies between the matching blocks (start, start, size)."""
    gaps: list[Stretch] = []
    i = j = 0
    for a, b, size in [*blocks, (old, new, 0)]:
        if a > i or b > j:
            gaps.append((i, a, j, b))
        i, j = a + size, b + size
    return gaps


def _join_close(edits: list[Stretch], old: list[str]) -> list[Stretch]:
    """A lone character between two replaced words is no reason to show them apart, and one that two unlike passages share
    by chance is nothing that stayed."""
    joined: list[Stretch] = []
    for edit in edits:
        if joined and _belong_together(joined[-1], edit, old):
            last = joined.pop()
            joined.append((last[0], edit[1], last[2], edit[3]))
        else:
            joined.append(edit)
    return joined


def _belong_together(last: Stretch, edit: Stretch, old: list[str]) -> bool:
    kept = "".join(old[last[1] : edit[0]])
    if all(e[0] < e[1] and e[2] < e[3] for e in (last, edit)) and len(kept) == 1:
        return kept not in _ENDS
    if len(kept) > 2 or any(is_fixed(token) or token in _LINKS for token in old[last[1] : edit[0]]):
        return False
    one, other = (max(e[1] - e[0], e[3] - e[2]) for e in (last, edit))
    return min(one, other) >= 2 * len(kept) and min(one, other) >= 3


def _places(pieces: list[str], start: int) -> list[int]:
    return list(accumulate(map(len, pieces), initial=start))


def _span(before: str, after: str, stretch: Stretch) -> Span:
    i0, i1, j0, j1 = stretch
    op = "insert" if i0 == i1 else "delete" if j0 == j1 else "replace"
    return Span(op, i0, i1, j0, j1, before[i0:i1], after[j0:j1])
