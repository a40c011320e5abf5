"""DOCX as Word shows it once every change is accepted: automatic numbers written out, deleted words left out, merged
cells whole, text boxes and footnotes in, headers and footers out. Source: ECMA-376 part 1, 17 (WordprocessingML).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml import etree

from kb.files.docx_parts import Parts, Styles
from kb.files.docx_runs import Runs, local
from kb.files.limits import MAX_NESTED_TABLES, Answer, LimitExceeded, unpacked

_BRACKETS = "、．.)）；;："
_TRANSPARENT = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})
_MAX_HEAD_ROWS = 3


def read(body: bytes, kind: str = "docx") -> Answer:  # noqa: ARG001  (one signature for all readers)
    return _Reader(Parts(unpacked(body))).answer()


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self.parts, self.w = parts, parts.w
        self.styles = Styles(parts.tree("styles"), parts.w)
        self.numbering = parts.numbering()
        self.runs = Runs(parts)
        self.carried = ""  # text of a paragraph whose end mark was deleted: it runs on into the next
        self.contents = 0

    def answer(self) -> Answer:
        body = self.parts.body()
        html = [*self._blocks(body, 0), *self._end_of_carried()]
        for name, element in self.runs.notes_in_order():
            text = "<br>".join(self._plain(element))
            html.append(f"<p>〔{name}〕{text}</p>")
        return Answer("\n".join(html), notes=self._notes())

    def _notes(self) -> list[str]:
        notes = []
        if self.runs.deletions or self.runs.insertions:
            notes.append(
                f"文中有修订痕迹：{self.runs.insertions} 处插入已计入，{self.runs.deletions} 处删除已略去，按接受修订后的文字读"
            )
        if self.contents:
            notes.append(f"自动目录 {self.contents} 行未读入")
        if self.runs.pictures:
            notes.append(f"文中有 {self.runs.pictures} 幅图片，未读出文字")
        return notes

    # ---- blocks

    def _blocks(self, container: etree._Element, depth: int) -> Iterator[str]:
        for child in container:
            name = local(child)
            if name == "p":
                yield from self._paragraph(child, depth)
            elif name == "tbl":
                yield from self._end_of_carried()
                yield self._table(child, depth + 1)
            elif name in _TRANSPARENT:
                yield from self._blocks(child, depth)

    def _plain(self, container: etree._Element) -> list[str]:
        """The paragraphs of a footnote, without the mark that opens it."""
        return [text for p in container.iter(f"{self.w}p") if (text := self.runs.text(p).strip())]

    def _end_of_carried(self) -> Iterator[str]:
        if self.carried:
            text, self.carried = self.carried, ""
            yield f"<p>{text}</p>"

    def _paragraph(self, p: etree._Element, depth: int) -> Iterator[str]:
        properties = p.find(f"{self.w}pPr")
        style = self._style_of(properties)
        if self.styles.is_contents(style):
            self.contents += 1
            return
        deleted = properties is not None and properties.find(f"{self.w}rPr/{self.w}del") is not None
        text = self.runs.text(p)
        boxes = self.runs.take_boxes()
        pictures = self.runs.take_pictures()
        if deleted:
            self.carried += text
        else:
            text, self.carried = self.carried + text, ""
            label = self._label(properties, style)
            tag = self.styles.heading(style) or "p"
            yield f"<{tag}>{_labelled(label, text)}</{tag}>"
        yield from (f"<p>{picture}</p>" for picture in pictures)
        for box in boxes:
            if depth + 1 > MAX_NESTED_TABLES:
                raise LimitExceeded("文本框嵌套过深")
            yield from self._blocks(box, depth + 1)

    def _style_of(self, properties: etree._Element | None) -> str:
        style = properties.find(f"{self.w}pStyle") if properties is not None else None
        return style.get(f"{self.w}val", "") if style is not None else self.styles.default

    def _label(self, properties: etree._Element | None, style: str) -> str:
        own = properties.find(f"{self.w}numPr") if properties is not None else None
        number, depth = self._number(own)
        if not number:
            number, styled = self._number(self.styles.number_of(style))
            if depth is None:
                depth = self.numbering.level_of_style(number, style) if styled is None else styled
        if not number or number == "0":
            return ""
        return self.numbering.next(number, depth or 0)

    def _number(self, properties: etree._Element | None) -> tuple[str, int | None]:
        if properties is None:
            return "", None
        number, depth = (properties.find(f"{self.w}{name}") for name in ("numId", "ilvl"))
        level = depth.get(f"{self.w}val", "") if depth is not None else ""
        return (
            number.get(f"{self.w}val", "") if number is not None else "",
            int(level) if level.isdigit() else None,
        )

    # ---- tables

    def _table(self, table: etree._Element, depth: int) -> str:
        if depth > MAX_NESTED_TABLES:
            raise LimitExceeded("表格嵌套过深")
        rows = [row for row in self._rows(table) if not self._row_has(row, "del")]
        grid = [self._cells(row) for row in rows]
        heads = 0
        while heads < len(rows) and self._row_has(rows[heads], "tblHeader"):
            heads += 1
        lines = [
            f"<tr>{''.join(self._cell(cell, _reach(grid, at, column), span, depth) for cell, column, span, goes_on in row if not goes_on)}</tr>"
            for at, row in enumerate(grid)
        ]
        if 0 < heads <= _MAX_HEAD_ROWS and heads < len(rows):
            lines.insert(heads, "</thead>")
            lines.insert(0, "<thead>")
        return f"<table>{''.join(lines)}</table>"

    def _rows(self, container: etree._Element) -> Iterator[etree._Element]:
        for child in container:
            if local(child) == "tr":
                yield child
            elif local(child) in _TRANSPARENT:
                yield from self._rows(child)

    def _row_has(self, row: etree._Element, name: str) -> bool:
        mark = row.find(f"{self.w}trPr/{self.w}{name}")
        return mark is not None and mark.get(f"{self.w}val", "1") not in ("0", "false", "off")

    def _cells(self, row: etree._Element) -> list[tuple[etree._Element, int, int, bool]]:
        """Of each cell its element, first column, width in columns, and whether it goes on with the one above."""
        column = self._count(row.find(f"{self.w}trPr/{self.w}gridBefore"), 0)
        cells = []
        for cell in self._children(row, "tc"):
            properties = cell.find(f"{self.w}tcPr")
            span, merge = 1, None
            if properties is not None:
                span = self._count(properties.find(f"{self.w}gridSpan"), 1)
                merge = properties.find(f"{self.w}vMerge")
            cells.append((cell, column, span, merge is not None and merge.get(f"{self.w}val") != "restart"))
            column += span
        return cells

    def _children(self, container: etree._Element, name: str) -> Iterator[etree._Element]:
        for child in container:
            if local(child) == name:
                yield child
            elif local(child) in _TRANSPARENT:
                yield from self._children(child, name)

    def _count(self, element: etree._Element | None, default: int) -> int:
        value = element.get(f"{self.w}val", "") if element is not None else ""
        return min(int(value), 100) if value.isascii() and value.isdigit() and len(value) < 5 else default

    def _cell(self, cell: etree._Element, rows: int, columns: int, depth: int) -> str:
        lines = [line for line in self._blocks(cell, depth) if line != "<p></p>"]
        lines += self._end_of_carried()
        return f'<td colspan="{columns}" rowspan="{rows}">{"".join(lines)}</td>'


def _reach(grid: list[list[tuple[etree._Element, int, int, bool]]], at: int, column: int) -> int:
    """How many rows a cell covers: itself and those right below that go on with it."""
    rows = 1
    while at + rows < len(grid) and any(c == column and goes_on for _, c, _, goes_on in grid[at + rows]):
        rows += 1
    return rows


def _labelled(label: str, text: str) -> str:
    label = escape(label)
    if not label or not text:
        return label or text
    joined = label.endswith(tuple(_BRACKETS)) and not (label.endswith((".", "．")) and text[0].isdigit())
    return f"{label}{'' if joined else ' '}{text}"
