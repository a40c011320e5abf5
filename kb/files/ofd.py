"""OFD, the Chinese layout format: the words of its pages, line by line. Source: GB/T 33190-2016, 7 and 11."""

from __future__ import annotations

import posixpath
import zipfile
from html import escape

from lxml import etree

from kb.files.limits import MARK, MAX_PAGES, Answer, LimitExceeded, parse_xml, read_member, unpacked
from kb.files.lines import paragraphs

_SAME_LINE = 1.5  # millimetres


def read(body: bytes, kind: str = "ofd") -> Answer:  # noqa: ARG001  (one signature for all readers)
    archive = unpacked(body)
    names = set(archive.namelist())
    pages = [
        _lines(parse_xml(read_member(archive, name))) if name in names else []
        for root in _roots(archive)
        for name in _pages(archive, root)
    ]
    if len(pages) > MAX_PAGES:
        raise LimitExceeded(f"超过 {MAX_PAGES} 页")
    html = [f"<p>{escape(line)}</p>" for page in paragraphs(pages) for line in page]
    return Answer("\n".join(html))


def _found(element: etree._Element, name: str) -> list[etree._Element]:
    return list(element.iter("{*}" + name))


def _roots(archive: zipfile.ZipFile) -> list[str]:
    head = parse_xml(read_member(archive, "OFD.xml"))
    return [(e.text or "").strip().lstrip("/") for e in _found(head, "DocRoot")]


def _pages(archive: zipfile.ZipFile, root: str) -> list[str]:
    document = parse_xml(read_member(archive, root))
    folder = posixpath.dirname(root)
    return [
        posixpath.normpath(posixpath.join(folder, e.get("BaseLoc", "")))
        for pages in _found(document, "Pages")
        for e in _found(pages, "Page")
    ]


def _lines(page: etree._Element) -> list[str]:
    """Pieces of text on one height are a line, from left to right."""
    pieces = sorted(
        (y, x, text) for item in _found(page, "TextObject") for y, x, text in _pieces(item) if text.strip()
    )
    lines: list[list[tuple[float, float, str]]] = []
    for piece in pieces:
        if lines and abs(piece[0] - lines[-1][0][0]) <= _SAME_LINE:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return ["".join(text for _, _, text in sorted(line, key=lambda piece: piece[1])) for line in lines]


def _pieces(item: etree._Element) -> list[tuple[float, float, str]]:
    left, top = [*_numbers(item.get("Boundary", "")), 0.0, 0.0][:2]
    return [
        (
            top + sum(_numbers(code.get("Y", ""))[:1]),
            left + sum(_numbers(code.get("X", ""))[:1]),
            (code.text or "").replace(MARK, ""),
        )
        for code in _found(item, "TextCode")
    ]


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split()[:4]]
    except ValueError:
        return []
