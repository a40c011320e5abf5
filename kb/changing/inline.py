"""The words that changed inside a passage, as spans: small, and reconstructing both texts exactly."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from kb.changing.sequence import MATRIX_LIMIT, match_sequences
from kb.changing.tokens import is_fixed, tokenise
from kb.model import Span

TOKEN_LIMIT = 400_000  # characters of the differing middle that are looked at word by word

Edit = tuple[int, int, int, int]  # token ranges: before start and end, after start and end


def changed_spans(before: str, after: str) -> tuple[Span, ...]:
    """Spans in order, offsets in code points into the two texts; empty when the texts are equal."""
    if before == after:
        return ()
    head = _common_prefix(before, after)
    tail = _common_prefix(before[head:][::-1], after[head:][::-1])
    middle_before, middle_after = len(before) - tail, len(after) - tail
    if max(middle_before, middle_after) - head > TOKEN_LIMIT:
        return (_span(before, after, head, middle_before, head, middle_after),)
    return _by_words(before, after)


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


def _by_words(before: str, after: str) -> tuple[Span, ...]:
    old, new = tokenise(before), tokenise(after)
    edits = _join_close(_edits(old, new), old)
    old_places, new_places = _places(old), _places(new)
    return tuple(
        _span(before, after, old_places[i0], old_places[i1], new_places[j0], new_places[j1])
        for i0, i1, j0, j1 in edits
    )


def _edits(old: list[str], new: list[str]) -> list[Edit]:
    ids: dict[str, int] = {}
    first = [ids.setdefault(token, len(ids)) for token in old]
    second = [ids.setdefault(token, len(ids)) for token in new]
    if len(first) * len(second) <= MATRIX_LIMIT:
        blocks = [(b.a, b.b, b.size) for b in Indel.opcodes(first, second).as_matching_blocks()]
    else:
        blocks = [(i, j, 1) for i, j in match_sequences(first, second)]
    edits: list[Edit] = []
    i = j = 0
    for a, b, size in [*blocks, (len(old), len(new), 0)]:
        if a > i or b > j:
            edits.append((i, a, j, b))
        i, j = a + size, b + size
    return edits


def _join_close(edits: list[Edit], old: list[str]) -> list[Edit]:
    """A lone character between two replaced words is chance, not something that stayed."""
    joined: list[Edit] = []
    for edit in edits:
        if joined and _is_chance(joined[-1], edit, old):
            last = joined.pop()
            edit = (last[0], edit[1], last[2], edit[3])  # noqa: PLW2901
        joined.append(edit)
    return joined


def _is_chance(last: Edit, edit: Edit, old: list[str]) -> bool:
    kept = old[last[1] : edit[0]]
    size = sum(map(len, kept))
    if size > 2 or any(is_fixed(token) for token in kept):
        return False
    one, other = (max(e[1] - e[0], e[3] - e[2]) for e in (last, edit))
    both_replace = all(e[0] < e[1] and e[2] < e[3] for e in (last, edit))
    return (size == 1 and both_replace) or (min(one, other) >= 2 * size and min(one, other) >= 3)


def _places(tokens: list[str]) -> list[int]:
    places = [0]
    for token in tokens:
        places.append(places[-1] + len(token))
    return places


def _span(before: str, after: str, i0: int, i1: int, j0: int, j1: int) -> Span:
    op = "insert" if i0 == i1 else "delete" if j0 == j1 else "replace"
    return Span(op, i0, i1, j0, j1, before[i0:i1], after[j0:j1])
