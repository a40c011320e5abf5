"""Tables: spans expanded, header rows found, rows named by their key cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kb.codes import BlockKind
from kb.model import Block, Cell, Table
from kb.reading import filings

MAX_SPAN = 200
MAX_CELLS = 60_000
MAX_CAPTIONS = 3

_CATEGORY = re.compile("类目|分类|类别|类型|种类|行业|业务|事项|项目|名称|条目|品类|情形|主体")
_SAYS_MORE = re.compile(
    "(?:资质|要求|材料|说明|范围|条件|内容|依据|描述|备注)$"
)  # what a category asks for names no row
_LEVEL = re.compile("^[一二三四]级")
_ORDINAL_HEADER = re.compile(r"^(?:序号|编号|序|号|No\.?|#)$", re.I)
_GROUP = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、．.]"
)  # a group of rows, and not the table, is numbered
_PLACEHOLDER = re.compile("^[/／\\-—–无]$")
_SENTENCE_END = re.compile("[。；！？]$")


@dataclass
class RawCell:
    text: str
    is_header: bool = False
    columns: int = 1
    rows: int = 1


@dataclass
class RawTable:
    """A table as read: rows of cells with their spans, before anything is expanded."""

    rows: list[list[RawCell]] = field(default_factory=list)
    caption: str = ""
    head_rows: int = 0


@dataclass(frozen=True)
class GridCell:
    text: str
    is_header: bool
    origin: int  # cells of one span share it


def blocks_of(raw: RawTable, key_headers: Sequence[str] = ()) -> tuple[list[Block], Table | None]:
    """The row blocks of a data table and the table itself; nothing when it has no row of text."""
    grid = expand(raw)
    if not grid:
        return [], None
    above = filings.rows_above_heads([[cell.text for cell in row] for row in grid[:4]])
    captions = above or _caption_rows(raw, grid)
    titles, grid = grid[:captions], grid[captions:]
    count = 1 if above else _header_rows(raw, grid, captions)
    width = max(map(len, grid))
    header = tuple(_header(grid[:count], column) for column in range(width))
    heads = {tuple(cell.text for cell in row) for row in grid[:count]}  # some print theirs again on each page
    body = [
        row for row in grid[count:] if any(texts := tuple(cell.text for cell in row)) and texts not in heads
    ]
    keys = _key_columns(header, body, key_headers)
    names = [text for text in (raw.caption, *(" ".join(_distinct(row)) for row in titles)) if text]
    caption = [Block(BlockKind.PARAGRAPH, text) for text in names]
    head = [Block(BlockKind.ROW, " | ".join(_distinct(row))) for row in grid[:count]]
    rows = [_row(row, header, keys) for row in body]
    rows = rows if key_headers else filings.keyed(rows, header)
    table = Table(
        " ".join(names), header if count else (), tuple(tuple(cell.text for cell in row) for row in body)
    )
    return [*caption, *(block for block in head if block.text), *rows], table


def expand(raw: RawTable) -> list[list[GridCell]]:
    """Rows of equal meaning: a cell that spans stands in every place it covers. Absurd spans are cut."""
    grid: list[list[GridCell]] = []
    pending: dict[int, tuple[GridCell, int]] = {}  # column -> cell still reaching down, rows left
    total = origin = 0
    for raw_row in raw.rows:
        row: list[GridCell] = []
        cells: Iterator[RawCell] = iter(raw_row)
        cell = next(cells, None)
        column = 0
        while cell is not None or any(at >= column for at in pending):
            if column in pending:
                grid_cell, left = pending.pop(column)
                row.append(grid_cell)
                if left > 1:
                    pending[column] = (grid_cell, left - 1)
                column += 1
            elif cell is None:
                row.append(GridCell("", False, -1))
                column += 1
            else:
                origin += 1
                grid_cell = GridCell(cell.text, cell.is_header, origin)
                for _ in range(min(cell.columns, MAX_SPAN)):
                    if column in pending:
                        break
                    row.append(grid_cell)
                    if cell.rows > 1:
                        pending[column] = (grid_cell, min(cell.rows, len(raw.rows)) - 1)
                    column += 1
                cell = next(cells, None)
        total += len(row)
        if total > MAX_CELLS:
            break
        if row:
            grid.append(row)
    return grid


def _caption_rows(raw: RawTable, grid: list[list[GridCell]]) -> int:
    """Rows of one cell over the whole width that stand above the heads and name the table."""
    count = 0
    while count < min(MAX_CAPTIONS, len(grid) - 2) and _is_caption(grid[count]):
        count += 1
    return count if count and not raw.head_rows and _header_rows(raw, grid[count:], count) else 0


def _is_caption(row: list[GridCell]) -> bool:
    texts = _distinct(row)
    return (
        len(row) > 1
        and len(texts) <= 1
        and row[0].origin == row[-1].origin
        and not _GROUP.match(texts[0] if texts else "")
    )


def _header_rows(raw: RawTable, grid: list[list[GridCell]], first_row: int = 0) -> int:
    """How many rows head the table: its ``thead``, rows of ``th``, or a first row that reads like one.

    ``first_row``: how many rows of the raw table were taken off the grid's top.
    """
    if raw.head_rows and raw.head_rows < len(grid):
        return raw.head_rows
    count = 0
    while count < len(grid) - 1 and all(cell.is_header for cell in grid[count]):
        count += 1
    if count or len(grid) < 2:
        return count
    first = grid[0]
    texts = _distinct(first)
    reads_like_one = (
        len(texts) >= 2
        and sum(1 for cell in first if cell.text) >= 0.7 * len(first)
        and len(set(texts)) == len(texts)
        and all(len(text) <= 30 and not _SENTENCE_END.search(text) and not text.isdigit() for text in texts)
        and not texts[0].endswith(("：", ":"))
    )
    if not reads_like_one:
        return 0
    top = next(iter([row for row in raw.rows if row][first_row:]), [])
    deep = max((cell.rows for cell in top), default=1)
    wide = any(cell.columns > 1 for cell in top)
    return deep if deep > 1 and wide and deep < len(grid) else 1


def _header(rows: list[list[GridCell]], column: int) -> str:
    parts = [row[column].text for row in rows if column < len(row)]
    return "/".join(dict.fromkeys(part for part in parts if part))


def _key_columns(
    header: Sequence[str], rows: list[list[GridCell]], declared: Sequence[str]
) -> tuple[int, ...]:
    """Columns that name a row: the declared headers, else leading category columns, else the first that tell rows apart.

    Category columns win over uniqueness, so that a new row never renames the others.
    """
    if declared:
        return tuple(at for at, name in enumerate(header) if any(want in name for want in declared))
    candidates = [at for at, name in enumerate(header) if not _ORDINAL_HEADER.match(name)]
    if candidates and any(header):
        leading: list[int] = []
        for at in candidates:
            names = _CATEGORY.search(header[at]) or _LEVEL.search(header[at])
            if not names or _SAYS_MORE.search(header[at]):
                break
            leading.append(at)
            if "名称" in header[at]:
                break
        if leading:
            return tuple(leading[:4])
    columns = [at for at in candidates if not _is_counting(rows, at)][:3]
    for size in range(1, len(columns) + 1):
        chosen = columns[:size]
        keys = [tuple(row[at].text for at in chosen if at < len(row)) for row in rows]
        if len(set(keys)) == len(keys) and all(len(part) <= 60 for key in keys for part in key):
            return tuple(chosen)
    return tuple(columns[:1])


def _is_counting(rows: list[list[GridCell]], column: int) -> bool:
    texts = [row[column].text for row in rows if column < len(row)]
    return bool(texts) and all(text.isdigit() for text in texts)


def _row(row: list[GridCell], header: Sequence[str], keys: tuple[int, ...]) -> Block:
    cells = tuple(
        Cell(header[at] if at < len(header) else "", cell.text)
        for at, cell in enumerate(row)
        if at == 0 or row[at - 1].origin != cell.origin or cell.origin < 0 or header[at - 1] != header[at]
    )
    named = {row[at].origin: row[at].text for at in keys if at < len(row)}  # a spanned cell names once
    key = tuple(text for text in named.values() if text and not _PLACEHOLDER.match(text))
    return Block(BlockKind.ROW, " | ".join(_distinct(row)), row_key=key, cells=cells)


def _distinct(row: list[GridCell]) -> list[str]:
    """The texts of a row, a spanned cell once."""
    return [
        cell.text
        for at, cell in enumerate(row)
        if cell.text and (at == 0 or row[at - 1].origin != cell.origin)
    ]
