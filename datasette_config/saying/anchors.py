"""A text as a page shows it: passages under ids that people can write by hand, a table of contents, tables put together
again from their rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from kb.changing.labels import label
from kb.model import Block, Passage

Shown = dict[str, Any]

FIRST = "第一款"
LONG_TEXT = 20
"""Passages from which on a text gets a table of contents, given ``MANY_HEADINGS``."""
MANY_HEADINGS = 3
CONTENTS_LINE = "目录/"
BETWEEN_CELLS = " | "
OF_THE_PAGE = frozenset(
    {
        "main", "q", "text", "as-of", "changes", "attachments", "relations", "diverging", "versions", "site", "force",
        "text-in-force",
    }
)  # fmt: skip
"""Ids that the page itself has; a table row may be called so."""


def fragment(anchor: str) -> str:
    """The id of a passage by its whole path, white space (which an id may not hold) as ``_``."""
    return "_".join(anchor.split())


def fragments(passages: Sequence[Passage]) -> list[tuple[str, ...]]:
    """The ids of each passage, unique among all, the one to link with first.

    ``第十二条第二款`` as people say it, where no other passage is called so; its whole path always; of the 第一款 of an
    article the number of the article alone too.
    """
    taken: dict[str, int] = {}
    for place, passage in enumerate(passages):
        taken.setdefault(fragment(passage.anchor), place)
    for place, passage in enumerate(passages):
        for name in _names(passage):
            taken.setdefault(name, place)
    found: list[list[str]] = [[] for _ in passages]
    for name, place in taken.items():
        if name and name not in OF_THE_PAGE:
            found[place].append(name)
    return [
        tuple(sorted(names, key=lambda name: name != fragment(label(passage.anchor)))) or (f"p{place}",)
        for place, (passage, names) in enumerate(zip(passages, found, strict=True))
    ]


def _names(passage: Passage) -> tuple[str, ...]:
    spoken = fragment(label(passage.anchor))
    return (spoken, spoken.removesuffix(FIRST)) if passage.kind == "article" else (spoken,)


def laid_out(passages: Sequence[Passage], rows: Iterable[Block] = ()) -> list[Shown]:
    """The passages as parts of a page, neighbouring table rows as one ``table``; ``rows`` are the row blocks of the text."""
    named = list(zip(passages, fragments(passages), strict=True))
    blocks = iter(rows)
    parts: list[Shown] = []
    for is_row, run in groupby(named, key=lambda pair: pair[0].kind == "row"):
        if is_row:
            parts.extend(_tables([(_words(one, ids), next(blocks, None)) for one, ids in run]))
        else:
            parts.extend(_words(one, ids) for one, ids in run)
    return parts


def _words(passage: Passage, ids: tuple[str, ...]) -> Shown:
    heading = passage.kind == "heading" and not passage.anchor.startswith(CONTENTS_LINE)
    return {
        "kind": "heading" if heading else passage.kind,
        "ordinal": passage.ordinal,
        "text": passage.text,
        "printed": passage.printed,
        "fragment": ids[0],
        "also": ids[1:],
        "cited": label(passage.anchor),
        "depth": passage.anchor.count("/") if heading else 0,
    }


def _tables(rows: list[tuple[Shown, Block | None]]) -> list[Shown]:
    """Rows under the same headers are one table; a first row without headers names the columns itself."""
    tables: list[Shown] = []
    for shown, block in rows:
        cells = block.cells if block is not None else ()
        words = [cell.text for cell in cells] or shown["text"].split(BETWEEN_CELLS)
        headers = [cell.header for cell in cells] if any(cell.header for cell in cells) else []
        table = tables[-1] if tables else None
        if table is None or not (headers == table["headers"] or _heads(table, headers)):
            table = {"kind": "table", "headers": headers, "head": headers, "head_row": None, "rows": []}
            tables.append(table)
        table["headers"] = headers
        if not table["head"] and not table["rows"] and len(words) > 1:
            table.update(head=words, head_row=shown)
        else:
            table["rows"].append({**shown, "cells": words})
    return tables


def _heads(table: Shown, headers: list[str]) -> bool:
    """Whether what stands in a table so far is the head of a row with these headers."""
    return not table["rows"] and table["head"] == headers


def contents(parts: Sequence[Shown]) -> list[Shown]:
    """The headings of a long text; nothing for a short one."""
    headings = [part for part in parts if part["kind"] == "heading"]
    return headings if len(headings) >= MANY_HEADINGS and len(parts) >= LONG_TEXT else []
