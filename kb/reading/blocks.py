"""Canonical markup -> blocks, tables, attachment links and images, in reading order: a walk over its BeautifulSoup tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag

from kb.codes import BlockKind
from kb.model import Block, Link, Table
from kb.reading import tables
from kb.reading.tables import RawCell, RawTable
from kb.reading.tree import TooComplex

MAX_DEPTH = 150  # open tags around a text of canonical markup: fifty tables one in another

_HAN = "[\u3400-\u9fff]"
_ORDINAL = re.compile(r"第((?: ?[一二三四五六七八九十百千零〇两\d]){1,12}) ?([条章节编款项])")
_SPACED_HAN = re.compile(rf"(?<!\S)(?:{_HAN} ){{1,8}}{_HAN}(?!\S)")
_DIVISION = re.compile(r"^第[一二三四五六七八九十百零〇\d]{1,6}([编章节])(?:\s|$|(?=[^的规至和、，。]))")
_LEVELS = {"编": 2, "章": 3, "节": 4}
_STRUCTURE = re.compile(
    r"\n?(</?(?:h[1-6]|table|thead|tr|td|th|caption)(?: [^>]*)?>)\n?"
)  # ends a line anyway
_NESTING = re.compile(r"<(/?)(?!img)[a-z]")


@dataclass
class ReadBody:
    """What a body holds; tuples are made by the caller."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    attachments: list[Link] = field(default_factory=list)
    images: list[Link] = field(default_factory=list)


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


def read_blocks(markup: str, base: str, key_headers: Sequence[str] = ()) -> ReadBody:
    """``base`` makes addresses absolute. Raises ``TooComplex`` for nesting deeper than any text has."""
    if _depth(markup) > MAX_DEPTH:
        raise TooComplex("页面结构异常：表格嵌套过深，不予读取", do="请核对网址是否指向网页")
    # Line ends as tags: a parser may drop white space where it thinks that it says nothing.
    lines = _STRUCTURE.sub(r"\1", markup).replace("\n", "<br>")
    soup = BeautifulSoup(f"<body>{lines}</body>", "lxml")
    reader = _Reader(base, key_headers)
    flow = reader.flow(soup)
    return ReadBody(flow.blocks, flow.tables, reader.attachments, reader.images)


def _depth(markup: str) -> int:
    depth = deepest = 0
    for match in _NESTING.finditer(markup):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


@dataclass
class _Flow:
    """The lines, images and tables of one container: the body or a cell."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    in_tables: int = 0  # characters of its blocks that stand in tables
    level: int = 0  # of the open heading
    line: list[str] = field(default_factory=list)
    line_images: list[Block] = field(default_factory=list)

    def end_line(self) -> None:
        """The line so far as a block, followed by its images."""
        if text := tidy("".join(self.line)):
            self.blocks.append(
                Block(BlockKind.HEADING, text, level=self.level) if self.level else paragraph(text)
            )
        self.blocks += self.line_images
        self.line.clear()
        self.line_images.clear()

    def take(self, inner: _Flow) -> None:
        self.end_line()
        self.blocks += inner.blocks
        self.tables += inner.tables
        self.in_tables += inner.in_tables

    @property
    def text(self) -> str:
        return tidy(" ".join(block.text for block in self.blocks if block.kind is not BlockKind.IMAGE))


class _Reader:
    """Walks the tree. Calls itself once for each open tag, at most ``MAX_DEPTH`` deep."""

    def __init__(self, base: str, key_headers: Sequence[str]) -> None:
        self.base, self.key_headers = base, key_headers
        self.attachments: list[Link] = []
        self.images: list[Link] = []

    def flow(self, container: Tag) -> _Flow:
        flow = _Flow()
        self._read_inside(container, flow)
        flow.end_line()
        return flow

    def _read_inside(self, tag: Tag, flow: _Flow) -> None:
        for child in tag.children:
            self._read(child, flow)

    def _read(self, element: PageElement, flow: _Flow) -> None:
        if not isinstance(element, Tag):
            flow.line.append(str(element))
            return
        match element.name:
            case "br":
                flow.end_line()
            case "img":
                self._read_image(element, flow)
            case "a":
                self._read_inside(element, flow)
                if address := self._absolute(element, "href"):
                    self.attachments.append(Link(address, tidy(element.get_text())))
            case "table":
                self._read_table(element, flow)
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                flow.end_line()
                flow.level = int(element.name[1])
                self._read_inside(element, flow)
                flow.end_line()
                flow.level = 0
            case "thead" | "tr" | "td" | "th" | "caption":  # of a selected part of a table
                flow.end_line()
                self._read_inside(element, flow)
                flow.end_line()
            case _:
                self._read_inside(element, flow)

    def _read_image(self, tag: Tag, flow: _Flow) -> None:
        if address := self._absolute(tag, "src"):
            alt = tidy(str(tag.get("alt", "")))
            flow.line_images.append(Block(BlockKind.IMAGE, alt, address=address))
            self.images.append(Link(address, alt))

    def _absolute(self, tag: Tag, attribute: str) -> str:
        """Absolute http(s) address, or "" for data, script and broken ones."""
        try:
            joined = urljoin(self.base, str(tag.get(attribute, "")).strip())
            parts = urlsplit(joined)
        except ValueError:
            return ""
        return joined if parts.scheme in {"http", "https"} and parts.netloc else ""

    # ---- tables

    def _read_table(self, table: Tag, flow: _Flow) -> None:
        """As rows; or, of a table that only arranges the page, as the lines in its cells."""
        raw, inner = RawTable(), _Flow()
        self._read_rows(table, raw, inner)
        inner.end_line()
        if not _arranges_the_page(raw, inner):
            rows, read = tables.blocks_of(raw, self.key_headers)
            inner.blocks = rows + [block for block in inner.blocks if block.kind is BlockKind.IMAGE]
            inner.tables = [read] if read else inner.tables
        inner.in_tables = sum(len(block.text) for block in inner.blocks)
        flow.take(inner)

    def _read_rows(self, part: Tag, raw: RawTable, inner: _Flow) -> None:
        for child in part.children:
            if not isinstance(child, Tag):
                self._read(child, inner)
                continue
            match child.name:
                case "thead":
                    self._read_rows(child, raw, inner)
                    raw.head_rows = len(raw.rows)
                case "tr":
                    raw.rows.append([])
                    self._read_rows(child, raw, inner)
                case "td" | "th":
                    cell = self.flow(child)
                    if not raw.rows:
                        raw.rows.append([])
                    raw.rows[-1].append(_cell(child, cell.text))
                    inner.take(cell)
                case "caption":
                    caption = self.flow(child)
                    raw.caption = caption.text
                    inner.take(caption)
                case _:
                    self._read(child, inner)


def _cell(tag: Tag, text: str) -> RawCell:
    heads = tag.name == "th" or tag.get("scope") == "col"
    return RawCell(text, heads, _span(tag, "colspan"), _span(tag, "rowspan"))


def _span(tag: Tag, attribute: str) -> int:
    value = str(tag.get(attribute, ""))
    return (
        max(1, min(int(value), tables.MAX_SPAN))
        if value.isascii() and value.isdigit() and len(value) < 5
        else 1
    )


def _arranges_the_page(raw: RawTable, inner: _Flow) -> bool:
    """A table that only lays out the page: one column, one row, one filled cell a row, or most of its text in tables
    inside it."""
    rows = [row for row in raw.rows if row]
    widest = max((sum(cell.columns for cell in row) for row in rows), default=0)
    most = max((sum(bool(cell.text) for cell in row) for row in rows), default=0)
    if widest < 2 or most < 2 or len(rows) < 2:
        return True
    headed = raw.head_rows > 0 or all(cell.is_header for cell in rows[0])
    return not headed and inner.in_tables > 0.5 * sum(len(cell.text) for row in rows for cell in row)
