"""What may be quoted of a text that is published in excerpts only: what stands around its changed words. PURE."""

from __future__ import annotations

from collections.abc import Iterable

AROUND = 60
"""Characters on each side of changed words. Of a long run of changed words five times as many are quoted."""

Span = tuple[int, int]


def windows(spans: Iterable[Span], length: int, around: int = AROUND) -> list[Span]:
    """The parts of a text that are quoted, in order and apart; a span may be empty (words were put in or taken out
    there). Without any span it is the beginning."""
    joined: list[Span] = []
    for start, end in sorted((start, min(end, start + 4 * around)) for start, end in spans) or [(0, 0)]:
        window = (max(0, start - around), min(length, end + around))
        if joined and window[0] <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], window[1]))
        else:
            joined.append(window)
    return joined


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with all but its quoted parts made unreadable; every offset stays what it was."""
    kept = ["…"] * len(text)
    for start, end in windows(spans, len(text)):
        kept[start:end] = text[start:end]
    return "".join(kept)
