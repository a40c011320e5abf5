"""Changed passages of a page that may only be quoted around its changes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from datasette_config.saying.format import ELLIPSIS
from kb.excerpts import windows
from kb.model import ObligationDelta, PassageChange, Span


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Windows of a text joined by …; ``windows`` are (start, end) in the text and where it begins in ``text``."""

    text: str
    windows: tuple[tuple[int, int, int], ...]

    def place(self, offset: int) -> int:
        """Where a character of the text stands in the excerpt; the end of the window before where it was cut away."""
        past = 0
        for start, end, at in self.windows:
            if offset < start:
                return past
            past = at + min(offset, end) - start
        return past

    def holds(self, start: int, end: int) -> bool:
        return any(first <= start and end <= past for first, past, _ in self.windows)


def excerpt(text: str, spans: Iterable[tuple[int, int]]) -> Excerpt:
    """What stands around the spans; without any, the beginning."""
    shown, past = "", 0
    placed = []
    for start, end in windows(spans, len(text)):
        shown += ELLIPSIS if start > past else ""
        placed.append((start, end, len(shown)))
        shown += text[start:end]
        past = end
    return Excerpt(shown + (ELLIPSIS if past < len(text) else ""), tuple(placed))


def cut_passages(passages: Iterable[PassageChange]) -> tuple[PassageChange, ...]:
    """Each with what stands around its changed words; offsets are those in the excerpt."""
    return tuple(_cut(passage) for passage in passages)


def _cut(passage: PassageChange) -> PassageChange:
    before = excerpt(passage.before, [(span.before_start, span.before_end) for span in passage.spans])
    after = excerpt(passage.after, [(span.after_start, span.after_end) for span in passage.spans])
    return replace(
        passage,
        before=before.text,
        after=after.text,
        spans=tuple(_span(span, before, after) for span in passage.spans),
        deltas=tuple(_delta(delta, before, after) for delta in passage.deltas),
    )


def _span(span: Span, before: Excerpt, after: Excerpt) -> Span:
    old = before.place(span.before_start), before.place(span.before_end)
    new = after.place(span.after_start), after.place(span.after_end)
    return Span(span.op, *old, *new, before.text[slice(*old)], after.text[slice(*new)])


def _delta(delta: ObligationDelta, before: Excerpt, after: Excerpt) -> ObligationDelta:
    return replace(
        delta,
        before_start=_found(delta.before_start, len(delta.before), before),
        after_start=_found(delta.after_start, len(delta.after), after),
    )


def _found(start: int, length: int, shown: Excerpt) -> int:
    return shown.place(start) if start >= 0 and shown.holds(start, start + length) else -1
