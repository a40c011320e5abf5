"""Reads one attachment from stdin and writes ``{"title", "html"}`` or ``{"error"}`` to stdout.

Run as ``python -I attachment_worker.py docx|xlsx|pdf|zip`` and importing nothing of this project: parsers of foreign binary formats get a process of
their own, with limits on processor time, memory and file size, and no chance to take the reader down with them.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from typing import Any

CPU_SECONDS = 40
MEMORY = 1 << 30
MAX_UNPACKED = 256 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_PAGES = 2_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100


class LimitExceeded(Exception):
    pass


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable(logging.CRITICAL)
    read = _READERS[sys.argv[1]]
    try:
        answer = read(sys.stdin.buffer.read())
    except MemoryError:
        answer = {"error": "超出内存限额"}
    except LimitExceeded as error:
        answer = {"error": str(error)}
    except Exception as error:
        answer = {"error": f"文件损坏或不受支持（{type(error).__name__}）"}
    sys.stdout.write(json.dumps(answer))
    return 0


def _unpacked(body: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(body))
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise LimitExceeded("压缩包解开后超出限额")
    return archive


def read_docx(body: bytes) -> dict[str, str]:
    from docx import Document
    from docx.table import Table

    _unpacked(body)
    document = Document(io.BytesIO(body))
    parts = [
        _docx_table(block) if isinstance(block, Table) else _docx_paragraph(block)
        for block in document.iter_inner_content()
    ]
    return {"title": "", "html": "\n".join(parts)}


def _docx_paragraph(paragraph: Any) -> str:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    level = style.removeprefix("Heading ").strip()
    tag = (
        f"h{level}"
        if style.startswith("Heading ") and level in "123456"
        else "h1"
        if style == "Title"
        else "p"
    )
    return f"<{tag}>{escape(paragraph.text).replace(chr(10), '<br>')}</{tag}>"


def _docx_table(table: Any) -> str:
    rows = ("<tr>" + "".join(_docx_cells(row)) + "</tr>" for row in table.rows)
    return f"<table>{''.join(rows)}</table>"


def _docx_cells(row: Any) -> Iterator[str]:
    """python-docx gives a merged cell once for every place it covers: side by side it is a span again."""
    for _, places in groupby(row.cells, key=lambda cell: id(cell._tc)):
        cells = list(places)
        text = escape(cells[0].text).replace("\n", "<br>")
        yield f'<td colspan="{len(cells)}">{text}</td>'


def read_xlsx(body: bytes) -> dict[str, str]:
    from openpyxl import load_workbook

    _unpacked(body)
    book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
    parts = []
    for sheet in book.worksheets:
        rows = []
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)):
            if number >= MAX_ROWS:
                raise LimitExceeded(f"表格超过 {MAX_ROWS} 行")
            if any(value is not None for value in row):
                rows.append([("" if value is None else str(value)) for value in row])
        width = max((at + 1 for row in rows for at, value in enumerate(row) if value), default=0)
        cells = (
            "<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row[:width]) + "</tr>" for row in rows
        )
        if rows:
            parts.append(f"<h2>{escape(sheet.title)}</h2><table>{''.join(cells)}</table>")
    return {"title": "", "html": "\n".join(parts)}


def read_pdf(body: bytes) -> dict[str, str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        raise LimitExceeded("文件有密码")
    if len(reader.pages) > MAX_PAGES:
        raise LimitExceeded(f"超过 {MAX_PAGES} 页")
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    return {"title": "", "html": "\n".join(f"<p>{escape(line)}</p>" for line in _joined(lines))}


def _joined(lines: list[str]) -> Iterator[str]:
    """Printed lines joined to paragraphs: a full line without a closing mark runs on into the next."""
    width = max((len(line.strip()) for line in lines), default=0)
    current = ""
    for line in lines:
        text = line.strip()
        if not text:
            continue
        current += text
        if len(text) < 0.8 * width or text.endswith(("。", "；", "：", "！", "？")):
            yield current
            current = ""
    if current:
        yield current


def read_zip(body: bytes) -> dict[str, str]:
    names = sorted(entry.filename for entry in _unpacked(body).infolist() if not entry.is_dir())
    return {"title": "", "html": "\n".join(f"<p>{escape(name)}</p>" for name in names)}


_READERS: dict[str, Callable[[bytes], dict[str, str]]] = {
    "docx": read_docx,
    "xlsx": read_xlsx,
    "pdf": read_pdf,
    "zip": read_zip,
}

if __name__ == "__main__":
    sys.exit(main())
