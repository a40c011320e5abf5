"""Text for people on a terminal: paragraphs that hang under their first word, folded where the screen ends."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

from kb.helptext import wrapped
from kb.terminal import out, printable, say

WIDEST = 100  # columns; longer lines are hard to read
NARROWEST = 24


def paragraph(lead: str, text: str) -> None:
    """The lead and the text; on a terminal the following lines stand under the text, elsewhere there is one line."""
    if not out.is_terminal:
        say(f"{lead}{text}")
        return
    indent = cell_len(lead)
    room = max(NARROWEST, min(out.width, WIDEST) - indent)
    first, *rest = list(wrapped(printable(text), room)) or [""]
    say(f"{lead}{first}")
    for line in rest:
        say(f"{' ' * indent}{line}")


def fact(name: str, text: str, column: int) -> None:
    """``name`` filled up to a column, then the text; nothing where there is no text."""
    if text:
        paragraph(f"{name}{' ' * max(2, column - cell_len(name))}", text)


def entries(heading: str, texts: Iterable[tuple[str, str]]) -> None:
    """A heading with the number of entries, then each: what it is, and below it the rest. Nothing without entries."""
    found = list(texts)
    if not found:
        return
    say("")
    say(f"{heading}　{len(found)}")
    for title, rest in found:
        paragraph("　", title)
        if rest:
            paragraph("　　", rest)
