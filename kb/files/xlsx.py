"""XLSX as its viewer sees it: merged cells whole, dates in ISO form, formulas by the value they last had."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, time
from html import escape
from typing import Any

from kb.files.limits import MARK, MAX_COLUMNS, MAX_ROWS, Answer, LimitExceeded, unpacked

_Spans = dict[tuple[int, int], tuple[int, int]]  # top left corner -> rows, columns covered


def read(body: bytes, kind: str = "xlsx") -> Answer:  # noqa: ARG001  (one signature for all readers)
    from openpyxl import load_workbook

    unpacked(body)
    book = load_workbook(io.BytesIO(body), data_only=True)
    answer, parts = Answer(), []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            answer.notes.append(f"隐藏的工作表“{sheet.title}”未读入")
            continue
        hidden = sum(1 for row in sheet.row_dimensions.values() if row.hidden)
        if hidden:
            answer.notes.append(f"工作表“{sheet.title}”有 {hidden} 行隐藏，已一并读入")
        if rows := list(_rows(sheet)):
            parts += [f"<h2>{escape(sheet.title)}</h2>", *_markup(rows)]
    answer.html = "\n".join(parts)
    return answer


def _rows(sheet: Any) -> Iterator[list[tuple[str, int, int]]]:
    """Of each row that says something its cells as (text, rows covered, columns covered)."""
    if sheet.max_row > MAX_ROWS:
        raise LimitExceeded(f"表格超过 {MAX_ROWS} 行")
    width = min(sheet.max_column, MAX_COLUMNS)
    spans, covered = _merged(sheet)
    for number, row in enumerate(sheet.iter_rows(max_col=width), 1):
        cells, says = [], False
        for column, cell in enumerate(row, 1):
            text = shown(cell.value, getattr(cell, "number_format", ""))
            says = says or bool(text) or covered.get((number, column), False)
            if (number, column) not in covered:
                cells.append((text, *spans.get((number, column), (1, 1))))
        if says:
            yield _without_empty_end(cells)


def _merged(sheet: Any) -> tuple[_Spans, dict[tuple[int, int], bool]]:
    """Spans by their corner, and every other place they cover with whether the span says something."""
    spans: _Spans = {}
    covered: dict[tuple[int, int], bool] = {}
    for area in sheet.merged_cells.ranges:
        if len(covered) > MAX_ROWS * 4:
            raise LimitExceeded("合并的单元格过多")
        height = min(area.max_row, MAX_ROWS) - area.min_row + 1
        width = min(area.max_col, MAX_COLUMNS) - area.min_col + 1
        spans[area.min_row, area.min_col] = (height, width)
        says = sheet.cell(area.min_row, area.min_col).value is not None
        for row in range(area.min_row, area.min_row + height):
            for column in range(area.min_col, area.min_col + width):
                covered[row, column] = says
        del covered[area.min_row, area.min_col]
    return spans, covered


def _without_empty_end(cells: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    size = len(cells)
    while size and not cells[size - 1][0]:
        size -= 1
    return cells[:size]


def _markup(rows: list[list[tuple[str, int, int]]]) -> Iterator[str]:
    """Lines above the table, each a single cell, are its title and no row."""
    at = 0
    while at < len(rows) and sum(1 for text, _, _ in rows[at] if text) == 1 and rows[at][0][1] == 1:
        yield f"<p>{''.join(escape(text) for text, _, _ in rows[at])}</p>"
        at += 1
    if at < len(rows):
        yield f"<table>{''.join(map(_row, rows[at:]))}</table>"


def _row(cells: list[tuple[str, int, int]]) -> str:
    tags = (
        f'<td rowspan="{height}" colspan="{width}">{escape(text).replace(chr(10), "<br>")}</td>'
        for text, height, width in cells
    )
    return f"<tr>{''.join(tags)}</tr>"


def shown(value: Any, number_format: str = "") -> str:
    """A cell's value as people write it: ``2026-01-05``, ``3`` and not ``3.0``, ``5%``, leading zeros of a code kept."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, int | float):
        return _number(value, number_format)
    return "" if value is None else str(value).replace(MARK, "")  # a date or time is ISO as it is


def _number(value: int | float, number_format: str) -> str:
    if number_format.endswith("%"):
        return f"{_plain(round(value * 100, 6))}%"
    plain = _plain(value)
    return plain.zfill(len(number_format)) if number_format and set(number_format) == {"0"} else plain


def _plain(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.12g}" if isinstance(value, float) else str(value)
