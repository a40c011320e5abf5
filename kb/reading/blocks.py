"""Canonical markup -> blocks, tables, attachment links and images, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from kb.model import Block, BlockKind, Link, Table
from kb.reading import tables
from kb.reading.tables import RawCell, RawTable

MAX_TABLE_DEPTH = 12

_HAN = "[\u3400-\u9fff]"
_ORDINAL = re.compile(r"第((?: ?[一二三四五六七八九十百千零〇两\d]){1,12}) ?([条章节编款项])")
_SPACED_HAN = re.compile(rf"(?<!\S)(?:{_HAN} ){{1,8}}{_HAN}(?!\S)")
_DIVISION = re.compile(r"^第[一二三四五六七八九十百零〇\d]{1,6}([编章节])(?:\s|$|(?=[^的规至和、，。]))")
_LEVELS = {"编": 2, "章": 3, "节": 4}
_TOKEN = re.compile(r"(<[^>]*>|\n)")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


@dataclass
class ReadBody:
    """What a body holds; tuples are made by the caller."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    attachments: list[Link] = field(default_factory=list)
    images: list[Link] = field(default_factory=list)


@dataclass
class _OpenTable:
    raw: RawTable = field(default_factory=RawTable)
    cell: RawCell | None = None
    lines: list[str] = field(default_factory=list)  # of the open cell
    items: list[Block] = field(default_factory=list)  # of the whole table, in case it only arranges the page
    nested: int = 0  # characters in tables inside
    inner: list[Table] = field(default_factory=list)
    in_head: bool = False
    in_caption: bool = False


def tidy(text: str) -> str:
    """One block's text: single spaces, none inside ``第 十 二 条`` or between letter-spaced characters."""
    text = " ".join(text.split())
    if " " not in text:
        return text
    text = _ORDINAL.sub(lambda match: f"第{match[1].replace(' ', '')}{match[2]}", text)
    return _SPACED_HAN.sub(lambda match: match[0].replace(" ", ""), text)


def paragraph(text: str) -> Block:
    """A heading when the line is 第…编, 第…章 or 第…节 with its short title, else a paragraph."""
    if len(text) <= 40 and (division := _DIVISION.match(text)) and not text.endswith(("。", "；", "，")):
        return Block(BlockKind.HEADING, text, level=_LEVELS[division[1]])
    return Block(BlockKind.PARAGRAPH, text)


def _tokens(markup: str) -> list[tuple[str, str]]:
    """Pairs of unescaped text and the tag or line end after it ("" after the last)."""
    parts = _TOKEN.split(markup)
    return [
        (unescape(parts[at]), parts[at + 1] if at + 1 < len(parts) else "") for at in range(0, len(parts), 2)
    ]


def read_blocks(markup: str, base: str, key_headers: Sequence[str] = ()) -> ReadBody:
    """Linear in the length of the markup. ``base`` makes addresses absolute."""
    reader = _Reader(base, key_headers)
    for text, tag in _tokens(markup):
        reader.take_text(text)
        reader.take_tag(tag)
    return reader.finish()


class _Reader:
    def __init__(self, base: str, key_headers: Sequence[str]) -> None:
        self.base, self.key_headers = base, key_headers
        self.body = ReadBody()
        self.line: list[str] = []
        self.level = 0
        self.stack: list[_OpenTable] = []
        self.images: list[Block] = []
        self.link: tuple[str, list[str]] | None = None

    def take_text(self, text: str) -> None:
        self.line.append(text)
        if self.link:
            self.link[1].append(text)

    def take_tag(self, tag: str) -> None:
        """A tag or the end of a line; "" after the last text."""
        if tag == "\n":
            self._end_line()
        elif tag:
            self._tag(tag[1:-1].split(" ", 1)[0], tag)

    def finish(self) -> ReadBody:
        self._end_line()
        while self.stack:
            self._end_table()
        return self.body

    # ---- lines

    def _end_line(self) -> None:
        text = tidy("".join(self.line))
        self.line.clear()
        if text:
            self._emit_text(text)
        for image in self.images:
            self._emit(image)
        self.images.clear()

    def _emit_text(self, text: str) -> None:
        if self.stack:
            self.stack[-1].lines.append(text)
        if self.level:
            self._emit(Block(BlockKind.HEADING, text, level=self.level))
        else:
            self._emit(paragraph(text))

    def _emit(self, block: Block) -> None:
        (self.stack[-1].items if self.stack else self.body.blocks).append(block)

    # ---- tags

    def _tag(self, name: str, token: str) -> None:
        if name.lstrip("/") in {"table", "thead", "tr", "td", "th", "caption"}:
            self._end_line()
            self._table_tag(name, token)
        elif name == "img":
            self._image(token)
        elif name == "a":
            self.link = (dict(_ATTRIBUTE.findall(token)).get("href", ""), [])
        elif name == "/a":
            self._end_link()
        else:
            self._end_line()
            self.level = 0 if name.startswith("/") else int(name[1])

    def _image(self, token: str) -> None:
        values = dict(_ATTRIBUTE.findall(token))
        source = _absolute(self.base, values.get("src", ""))
        if source:
            alt = tidy(unescape(values.get("alt", "")))
            self.images.append(Block(BlockKind.IMAGE, alt, address=source))
            self.body.images.append(Link(source, alt))

    def _end_link(self) -> None:
        if self.link:
            href, words = self.link
            if address := _absolute(self.base, href):
                self.body.attachments.append(Link(address, tidy("".join(words))))
            self.link = None

    # ---- tables

    def _table_tag(self, name: str, token: str) -> None:
        if name == "table":
            if len(self.stack) < MAX_TABLE_DEPTH:
                self.stack.append(_OpenTable())
        elif self.stack:
            match name:
                case "/table":
                    self._end_table()
                case "thead" | "/thead":
                    self.stack[-1].in_head = name == "thead"
                case "tr":
                    _start_row(self.stack[-1])
                case "td" | "th":
                    _start_cell(self.stack[-1], token, name == "th")
                case "/td" | "/th" | "/tr":
                    _end_cell(self.stack[-1])
                case _:
                    _caption(self.stack[-1], name == "caption")

    def _end_table(self) -> None:
        table = self.stack.pop()
        _end_cell(table)
        read: Table | None = None
        blocks = table.items
        if not _arranges_the_page(table):
            rows, read = tables.blocks_of(table.raw, self.key_headers)
            blocks = rows + [block for block in table.items if block.kind is BlockKind.IMAGE]
        for block in blocks:
            self._emit(block)
        if self.stack:
            texts = [block.text for block in blocks if block.text]
            self.stack[-1].lines.extend(texts)
            self.stack[-1].nested += sum(map(len, texts))
        found = (
            [read] if read else table.inner
        )  # tables inside one that only arranges the page stand on their own
        (self.stack[-1].inner if self.stack else self.body.tables).extend(found)


def _arranges_the_page(table: _OpenTable) -> bool:
    """A table that only lays out the page: one column, one row, or most of its text in tables inside it."""
    rows = [row for row in table.raw.rows if row]
    widest = max((sum(cell.columns for cell in row) for row in rows), default=0)
    most = max(map(len, rows), default=0)
    if widest < 2 or most < 2 or len(rows) < 2:
        return True
    headed = table.raw.head_rows > 0 or all(cell.is_header for cell in rows[0])
    return not headed and table.nested > 0.5 * sum(len(cell.text) for row in rows for cell in row)


def _start_row(table: _OpenTable) -> None:
    _end_cell(table)
    table.raw.rows.append([])
    if table.in_head:
        table.raw.head_rows = len(table.raw.rows)


def _start_cell(table: _OpenTable, token: str, is_header: bool) -> None:
    _end_cell(table)
    if not table.raw.rows:
        table.raw.rows.append([])
    values = dict(_ATTRIBUTE.findall(token))
    table.cell = RawCell("", is_header, _span(values.get("colspan")), _span(values.get("rowspan")))
    table.raw.rows[-1].append(table.cell)
    table.lines = []


def _end_cell(table: _OpenTable) -> None:
    if table.cell is not None:
        table.cell.text = tidy(" ".join(table.lines))
        table.cell = None


def _caption(table: _OpenTable, opening: bool) -> None:
    if opening:
        table.lines = []
    else:
        table.raw.caption = tidy(" ".join(table.lines))


def _span(value: str | None) -> int:
    return (
        max(1, min(int(value), tables.MAX_SPAN))
        if value and value.isascii() and value.isdigit() and len(value) < 5
        else 1
    )


def _absolute(base: str, address: str) -> str:
    """Absolute http(s) address, or "" for data, script and broken ones."""
    try:
        joined = urljoin(base, unescape(address).strip())
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in {"http", "https"} and parts.netloc else ""
