"""Rows of a filing list: keyed by their filing number, and by subject and name where a number says too little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kb.filings import filing_columns, filing_number
from kb.model import Block

_ABOVE = 3  # rows that may stand above the heads: title, date, unit


def rows_above_heads(rows: Sequence[Sequence[str]]) -> int:
    """How many rows of titles stand above the heads of a filing list; 0 when the first row heads it or none does."""
    for at, row in enumerate(rows[: _ABOVE + 1]):
        if filing_columns(row) is not None:
            return at
        if len(set(filter(None, row))) > 2:
            return 0
    return 0


def keyed(rows: list[Block], header: Sequence[str]) -> list[Block]:
    """The rows with their keys; unchanged when the heads are not those of a filing list.

    One number may stand for several algorithms of one subject: such rows are known by number and name.
    """
    columns = filing_columns(header)
    if columns is None:
        return rows
    found = [_Row(row, header) for row in rows]
    numbers = [filing_number(row.text(columns.number)) for row in found]
    times = Counter(numbers)
    result = []
    for row, number in zip(found, numbers, strict=True):
        name, subject = row.text(columns.name), row.text(columns.subject)
        key = (number, *((name,) if times[number] > 1 else ())) if number else (subject, name)
        result.append(replace(row.block, row_key=tuple(part for part in key if part) or row.block.row_key))
    return result


class _Row:
    def __init__(self, block: Block, header: Sequence[str]) -> None:
        self.block, self.header = block, header
        self._texts = {cell.header: cell.text for cell in reversed(block.cells)}

    def text(self, column: int) -> str:
        return self._texts.get(self.header[column], "") if column >= 0 else ""
