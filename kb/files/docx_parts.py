"""The parts of a DOCX package, and what its styles say of a paragraph."""

from __future__ import annotations

import hashlib
import posixpath
import re
import zipfile
from functools import cached_property

from lxml import etree

from kb.files.limits import LimitExceeded, parse_xml, read_member
from kb.files.numbering import Numbering, read_numbering

_HEADING = re.compile(r"(?:heading|标题) ?([1-6])$", re.I)
_CONTENTS = re.compile(r"(?:toc|目录) ?[1-9]$", re.I)
_MAIN = "word/document.xml"


class Parts:
    """Main document and the parts beside it. ``w`` is the namespace prefix the main part uses (transitional or strict)."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.main_name = _MAIN if _MAIN in self.names else self._declared_main()
        self.main = parse_xml(read_member(archive, self.main_name))
        self.w = f"{{{etree.QName(self.main).namespace}}}"

    def _declared_main(self) -> str:
        """Some writers call the main part otherwise (``word/document2.xml``)."""
        root = parse_xml(read_member(self.archive, "_rels/.rels"))
        targets = [e.get("Target", "") for e in root if e.get("Type", "").endswith("/officeDocument")]
        return targets[0].lstrip("/") if targets else _MAIN

    def body(self) -> etree._Element:
        body = self.main.find(f"{self.w}body")
        if body is None:
            raise LimitExceeded("文档没有正文部分")
        return body

    def tree(self, name: str) -> etree._Element | None:
        path = posixpath.join(posixpath.dirname(self.main_name), f"{name}.xml")
        return parse_xml(read_member(self.archive, path)) if path in self.names else None

    def numbering(self) -> Numbering:
        return read_numbering(self.tree("numbering"))

    @cached_property
    def _targets(self) -> dict[str, str]:
        folder, name = posixpath.split(self.main_name)
        path = f"{folder}/_rels/{name}.rels"
        if path not in self.names:
            return {}
        root = parse_xml(read_member(self.archive, path))
        return {
            e.get("Id", ""): posixpath.normpath(posixpath.join(folder, e.get("Target", "")))
            for e in root
            if e.get("TargetMode") != "External"
        }

    def media_digest(self, relation: str) -> str:
        """First 16 hex digits of the SHA-256 of a picture in the package, or "" when it holds none of that name."""
        path = self._targets.get(relation, "")
        if path not in self.names:
            return ""
        return hashlib.sha256(read_member(self.archive, path)).hexdigest()[:16]


class Styles:
    """Paragraph styles by their id."""

    def __init__(self, root: etree._Element | None, w: str) -> None:
        self.w, self.default = w, ""
        self._styles: dict[str, etree._Element] = {}
        for style in root.iterfind(f"{w}style") if root is not None else ():
            if style.get(f"{w}type", "paragraph") == "paragraph":
                name = style.get(f"{w}styleId", "")
                self._styles[name] = style
                if style.get(f"{w}default") in ("1", "true", "on"):
                    self.default = name

    def name(self, style: str) -> str:
        element = self._styles.get(style)
        name = element.find(f"{self.w}name") if element is not None else None
        return name.get(f"{self.w}val", "") if name is not None else ""

    def heading(self, style: str) -> str:
        """``h1`` … for a heading or title style, else ""."""
        name = self.name(style).strip()
        if name.lower() in ("title", "标题"):
            return "h1"
        match = _HEADING.match(name)
        return f"h{match[1]}" if match else ""

    def is_contents(self, style: str) -> bool:
        return _CONTENTS.match(self.name(style).strip()) is not None

    def size(self, paragraph: etree._Element, style: str) -> int:
        """Of a paragraph's largest letters, in half points: its runs' own, else its style's; 0 when neither says."""
        own = [
            _half_points(run.find(f"{self.w}rPr/{self.w}sz"), self.w) for run in paragraph.iter(f"{self.w}r")
        ]
        element = self._styles.get(style)
        return max(own, default=0) or (
            _half_points(element.find(f"{self.w}rPr/{self.w}sz"), self.w) if element is not None else 0
        )

    def number_of(self, style: str) -> etree._Element | None:
        """The list a style belongs to, its own or that of a style it builds on."""
        for _ in range(12):
            element = self._styles.get(style)
            if element is None:
                return None
            found = element.find(f"{self.w}pPr/{self.w}numPr")
            if found is not None and found.find(f"{self.w}numId") is not None:
                return found
            based = element.find(f"{self.w}basedOn")
            style = based.get(f"{self.w}val", "") if based is not None else ""
        return None


def _half_points(size: etree._Element | None, w: str) -> int:
    value = size.get(f"{w}val", "") if size is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0
