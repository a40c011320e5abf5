"""A DOCX table as a grid: which cell covers how many rows and columns. Source: ECMA-376 part 1, 17.4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from kb.files.docx_runs import local

TRANSPARENT = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})
_MAX_HEAD_ROWS = 3


@dataclass(frozen=True)
class Cell:
    element: etree._Element
    column: int
    columns: int = 1
    rows: int = 1
    goes_on: bool = False  # with the cell above it


def head_rows(rows: list[etree._Element], w: str) -> int:
    """Rows that Word repeats on every page; 0 when they are so many that somebody marked them by mistake."""
    count = 0
    while count < len(rows) and _has(rows[count], "tblHeader", w):
        count += 1
    return count if count <= _MAX_HEAD_ROWS and count < len(rows) else 0


def rows_of(table: etree._Element, w: str) -> list[etree._Element]:
    """Without the rows whose deletion is tracked."""
    return [row for row in _children(table, "tr") if not _has(row, "del", w)]


def grid_of(rows: list[etree._Element], w: str) -> list[list[Cell]]:
    """Of each row the cells that begin in it, with what they cover."""
    grid = [_cells(row, w) for row in rows]
    if grid:
        grid = [_straightened(row, grid[0]) for row in grid]
    return [
        [replace(cell, rows=_reach(grid, at, cell.column)) for cell in row if not cell.goes_on]
        for at, row in enumerate(grid)
    ]


def _cells(row: etree._Element, w: str) -> list[Cell]:
    column = _count(row.find(f"{w}trPr/{w}gridBefore"), w, 0)
    cells = []
    for element in _children(row, "tc"):
        properties = element.find(f"{w}tcPr")
        merge = properties.find(f"{w}vMerge") if properties is not None else None
        span = _count(properties.find(f"{w}gridSpan"), w, 1) if properties is not None else 1
        goes_on = merge is not None and merge.get(f"{w}val") != "restart"
        cells.append(Cell(element, column, span, goes_on=goes_on))
        column += span
    return cells


def _straightened(row: list[Cell], first: list[Cell]) -> list[Cell]:
    """Edges drawn by hand that are off by a hair make grid columns of their own, which a cell here and there then spans:
    rows of as many cells as the first one have its columns."""
    if len(row) != len(first) or any(cell.columns > 1 for cell in first[:1]):
        return row
    return [
        replace(cell, column=like.column, columns=like.columns) for cell, like in zip(row, first, strict=True)
    ]


def _reach(grid: list[list[Cell]], at: int, column: int) -> int:
    """How many rows a cell covers: itself and those right below that go on with it."""
    rows = 1
    while at + rows < len(grid) and any(cell.column == column and cell.goes_on for cell in grid[at + rows]):
        rows += 1
    return rows


def _children(container: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in container:
        if local(child) == name:
            yield child
        elif local(child) in TRANSPARENT:
            yield from _children(child, name)


def _has(row: etree._Element, name: str, w: str) -> bool:
    mark = row.find(f"{w}trPr/{w}{name}")
    return mark is not None and mark.get(f"{w}val", "1") not in ("0", "false", "off")


def _count(element: etree._Element | None, w: str, default: int) -> int:
    value = element.get(f"{w}val", "") if element is not None else ""
    return min(int(value), 100) if value.isascii() and value.isdigit() and len(value) < 5 else default
