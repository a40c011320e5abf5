"""Rows of a converted table that lack cells: converters print a cell that spans rows once, and not where it reaches to.

Which columns a short row's own cells stand in is told by likeness: a cell stands where cells of its length and of its
first words stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from statistics import median

MAX_WIDTH = 20  # columns; in a wider table cells are taken to be spanned from the left
FIRST, LAST = 0.6, 0.3  # what a short row's own cell in the first column costs, and a last column without one
_EMPTY = frozenset(["", "/", "-", "—"])


def completed(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """The rows, the first being the head, with short ones completed from the row above; longer ones as they stand."""
    whole = [row for row in rows[1:] if len(row) == width]
    usual = [median(map(_size, column)) for column in zip(*whole, strict=True)] if whole else [1.0] * width
    done: list[list[str]] = []
    for number, row in enumerate(rows):
        if number < 2 or len(row) >= width or len(done[-1]) < width:
            done.append(list(row))
        else:
            done.append(_completed(row, done[-1], usual))
    return done


def _completed(row: Sequence[str], above: list[str], usual: Sequence[float]) -> list[str]:
    filled = list(above)
    for cell, column in zip(row, _places(row, above, usual), strict=True):
        filled[column] = cell
    return filled


def _places(row: Sequence[str], above: Sequence[str], usual: Sequence[float]) -> list[int]:
    """The columns of a short row's cells, in order.

    Names nest from the left: what is new in the first column does not share the second with the row above.
    """
    width, count = len(usual), len(row)
    if width > MAX_WIDTH:
        return list(range(width - count, width))
    places = _cheapest(row, above, usual, 0)
    nests = places[:1] != [0] or places[:2] == [0, 1] or above[1] in _EMPTY
    return places if nests else _cheapest(row, above, usual, 1)


def _cheapest(row: Sequence[str], above: Sequence[str], usual: Sequence[float], first: int) -> list[int]:
    """The likeliest columns from ``first`` on, the rightmost among equals."""
    width = len(usual)
    best: list[tuple[float, list[int]]] = [(0.0, [])] * (
        width + 1
    )  # of no cells, in columns from each one on
    for cell in reversed(row):
        longer: list[tuple[float, list[int]]] = [(float("inf"), [])] * (width + 1)
        for column in range(width - 1, first - 1, -1):
            cost, rest = best[column + 1]
            cost += _unlikeness(cell, above[column], usual[column]) + (0.0 if column else FIRST)
            here = (cost, [column, *rest])
            longer[column] = here if here[0] < longer[column + 1][0] else longer[column + 1]
        best = longer
    return best[first][1]


def _unlikeness(cell: str, above: str, usual: float) -> float:
    if (cell in _EMPTY) != (above in _EMPTY):
        return 1.0 + abs(log(_size(cell) / usual)) / 2
    unlike = (abs(log(_size(cell) / _size(above))) + abs(log(_size(cell) / usual))) / 2
    return unlike / 4 if cell[:2] == above[:2] else unlike


def _size(cell: str) -> float:
    return len(cell) + 1.0
