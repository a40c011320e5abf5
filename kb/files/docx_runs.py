"""The words of one DOCX paragraph: insertions in, deletions out; its text boxes, pictures and footnotes set aside."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml import etree

from kb.files.docx_parts import Parts
from kb.files.limits import MARK

_SYMBOLS = {
    "F0A8": "□",
    "F06F": "□",
    "F0FE": "☑",
    "F052": "☑",
    "F0FC": "√",
    "F0A3": "□",
    "F0D8": "",
    "F06C": "",
}
_NOTES = {"footnoteReference": ("footnote", "注"), "endnoteReference": ("endnote", "尾注")}
_INSIDE = frozenset({"r", "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir",
                     "bdo", "ruby", "rubyBase", "oMath", "oMathPara", "AlternateContent", "Choice"})  # fmt: skip
_FORMULA = "/math}"


def local(element: etree._Element) -> str:
    """The tag without its namespace; "" for comments, entities and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class Runs:
    """Reads paragraphs one after another and remembers what stands outside their line."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.w = parts, parts.w
        self.deletions = self.insertions = self.pictures = 0
        self._boxes: list[etree._Element] = []
        self._images: list[str] = []
        self._notes: list[tuple[str, etree._Element]] = []
        self._counts = {"footnote": 0, "endnote": 0}
        self._trees: dict[str, dict[str, etree._Element]] = {}

    def text(self, paragraph: etree._Element) -> str:
        """Escaped, with ``<br>`` for line ends."""
        return "".join(self._inside(paragraph))

    def take_boxes(self) -> list[etree._Element]:
        boxes, self._boxes = self._boxes, []
        return boxes

    def take_pictures(self) -> list[str]:
        images, self._images = self._images, []
        return images

    def notes_in_order(self) -> list[tuple[str, etree._Element]]:
        return list(self._notes)

    def _inside(self, container: etree._Element) -> Iterator[str]:
        for child in container:
            name = local(child)
            if name == "r":
                if not self._hidden(child):
                    yield from self._inside(child)
            elif name == "t":
                yield escape((child.text or "").replace(MARK, ""))
            elif name in ("tab", "ptab"):
                yield " "
            elif name in ("br", "cr"):
                yield "<br>" if child.get(f"{self.w}type", "textWrapping") == "textWrapping" else ""
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "sym":
                yield self._symbol(child)
            elif name in ("del", "moveFrom"):
                self.deletions += any(True for _ in child.iter(f"{self.w}delText", f"{self.w}t"))
            elif name in _NOTES:
                yield self._note(child, *_NOTES[name])
            elif name in ("drawing", "pict", "object"):
                self._drawing(child)
            elif name in _INSIDE or _FORMULA in str(child.tag):
                self.insertions += name == "ins"
                yield from self._inside(child)

    def _hidden(self, run: etree._Element) -> bool:
        mark = run.find(f"{self.w}rPr/{self.w}vanish")
        return mark is not None and mark.get(f"{self.w}val", "1") not in ("0", "false", "off")

    def _symbol(self, element: etree._Element) -> str:
        code = element.get(f"{self.w}char", "").upper()
        if code in _SYMBOLS:
            return _SYMBOLS[code]
        try:
            value = int(code, 16)
        except ValueError:
            return ""
        return (
            escape(chr(value)) if 0x20 <= value < 0xD800 else ""
        )  # private letters of a symbol font say nothing

    def _drawing(self, element: etree._Element) -> None:
        boxes = list(element.iter(f"{self.w}txbxContent"))
        inner = {nested for box in boxes for nested in box.iterdescendants(f"{self.w}txbxContent")}
        self._boxes += [box for box in boxes if box not in inner]
        relations = {
            value
            for part in element.iter()
            if local(part) in ("blip", "imagedata")
            for key, value in part.attrib.items()
            if str(key).rpartition("}")[2] in ("embed", "id")
        }
        for relation in sorted(relations):
            if digest := self.parts.media_digest(relation):
                self.pictures += 1
                self._images.append(f"{MARK}文中图片，未读出文字（SHA-256 {digest}）")

    def _note(self, reference: etree._Element, part: str, word: str) -> str:
        if part not in self._trees:
            root = self.parts.tree(f"{part}s")
            self._trees[part] = {
                e.get(f"{self.w}id", ""): e for e in (root if root is not None else ()) if local(e) == part
            }
        note = self._trees[part].get(reference.get(f"{self.w}id", ""))
        if note is None:
            return ""
        self._counts[part] += 1
        name = f"{word}{self._counts[part]}"
        self._notes.append((name, note))
        return f"〔{name}〕"
