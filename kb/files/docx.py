"""DOCX as Word shows it once every change is accepted: automatic numbers written out, deleted words left out, merged
cells whole, text boxes and footnotes in, headers and footers out. Source: ECMA-376 part 1, 17 (WordprocessingML).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from lxml import etree

from kb.files.docx_grid import TRANSPARENT, Cell, grid_of, head_rows, rows_of
from kb.files.docx_parts import Parts, Styles
from kb.files.docx_runs import Runs, local
from kb.files.limits import MAX_NESTED_TABLES, Answer, LimitExceeded, unpacked

_TITLE_WITHIN = 30  # paragraphs from the beginning
_PROSE = 12  # characters from which a paragraph is text whose letters a title's are compared with
_LARGER = 1.15
_SHORTEST, _LONGEST = 5, 120
_BRACKETS = "、．.)）；;："


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
        return Answer("\n".join(html), self._title(body), self._notes())

    def _title(self, body: etree._Element) -> str:
        """The large letters near the beginning, also where they take several lines; "" where none are larger."""
        sized = [
            (text, self.styles.size(p, self._style_of(p.find(f"{self.w}pPr"))))
            for p in body.findall(f"{self.w}p")[:_TITLE_WITHIN]
            if (text := " ".join("".join(p.itertext(f"{self.w}t")).split()))
        ]
        largest = max((size for _, size in sized), default=0)
        others = [size for text, size in sized if size != largest and len(text) >= _PROSE]
        runs = groupby(sized, key=lambda one: one[1] == largest)
        title = next(("".join(text for text, _ in run) for is_large, run in runs if is_large), "")
        is_larger = bool(others) and largest > _LARGER * max(others)
        return title if is_larger and _SHORTEST <= len(title) <= _LONGEST else ""

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
            elif name in TRANSPARENT:
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
        rows = rows_of(table, self.w)
        lines = [
            f"<tr>{''.join(self._cell(cell, depth) for cell in row)}</tr>" for row in grid_of(rows, self.w)
        ]
        if heads := head_rows(rows, self.w):
            lines = ["<thead>", *lines[:heads], "</thead>", *lines[heads:]]
        return f"<table>{''.join(lines)}</table>"

    def _cell(self, cell: Cell, depth: int) -> str:
        lines = [line for line in self._blocks(cell.element, depth) if line != "<p></p>"]
        lines += self._end_of_carried()
        return f'<td colspan="{cell.columns}" rowspan="{cell.rows}">{"".join(lines)}</td>'


def _labelled(label: str, text: str) -> str:
    label = escape(label)
    if not label or not text:
        return label or text
    joined = label.endswith(tuple(_BRACKETS)) and not (label.endswith((".", "．")) and text[0].isdigit())
    return f"{label}{'' if joined else ' '}{text}"
