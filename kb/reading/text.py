"""Plain or Markdown texts of a rule -> Selection in canonical markup, read like any page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from kb.model import Document
from kb.reading.document import document_of
from kb.reading.markup import canonical, without_noise
from kb.reading.selection import Selection, Way

_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FRONT_MATTER = re.compile(r"\A---\n((?:[^\n]*\n){0,60}?)---\n")
_ANCHOR = re.compile(r"\[#\]\(#[^)\s]*\)|\{#[\w-]+\}")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\(([^)\s]{1,1000})(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(r"\[([^\]\n]{0,500})\]\(([^)\s]{0,1000})(?:\s+\"[^\"\n]*\")?\)")
_EMPHASIS = re.compile(
    r"(\*\*|__)(?=\S)([^*_\n]{1,500}?)(?<=\S)\1|(?<![\w*])\*(?=\S)([^*\n]{1,500}?)(?<=\S)\*(?![\w*])"
)
_CODE = re.compile(r"`([^`\n]{1,500})`")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"^\s*[-*+•]\s+")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_DELIMITER = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_CONTAINER = re.compile(r"^:::.*$")


def read_text(text: str, title: str = "") -> Document:
    """The document of a plain or Markdown text; its title is the first heading or title-like line when not given."""
    return document_of(select_text(text), base="", source=None, title=title)


def select_text(text: str, noise: tuple[re.Pattern[str], ...] = ()) -> Selection:
    text = _COMMENT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff"))
    text = _FRONT_MATTER.sub("", text)
    markup = canonical("<br>".join(_lines(text.split("\n"))))
    return Selection(Way.TEXT, markup=without_noise(markup, noise) if noise else markup)


def _lines(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if "|" in line and at + 1 < len(lines) and _DELIMITER.match(lines[at + 1]) and "|" in lines[at + 1]:
            end = at + 2
            while end < len(lines) and "|" in lines[end] and lines[end].strip():
                end += 1
            yield _table([line, *lines[at + 2 : end]])
            at = end
            continue
        yield _line(line)
        at += 1


def _line(line: str) -> str:
    if _RULE.match(line) or _CONTAINER.match(line):
        return ""
    if heading := _HEADING.match(line):
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    return _inline(_BULLET.sub("", _QUOTE.sub("", line)))


def _table(rows: list[str]) -> str:
    cells = [_cells(row) for row in rows]
    head = "".join(f"<th>{_inline(cell)}</th>" for cell in cells[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in cells[1:]
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _cells(row: str) -> list[str]:
    row = row.strip().removeprefix("|")
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    return re.split(r"(?<!\\)\|", row)


def _inline(text: str) -> str:
    """One line without Markdown's signs, escaped; images and links to files stay as tags."""
    text = _ANCHOR.sub("", text)
    parts: list[str] = []
    at = 0
    for match in re.finditer(rf"{_IMAGE.pattern}|{_LINK.pattern}", text):
        parts.append(_words(text[at : match.start()]))
        alt, source, words, href = match.groups()
        if source:
            parts.append(f'<img src="{escape(source)}" alt="{escape(alt)}">')
        else:
            parts.append(f'<a href="{escape(href)}">{_words(words)}</a>')
        at = match.end()
    return "".join([*parts, _words(text[at:])])


def _words(text: str) -> str:
    text = _CODE.sub(r"\1", _TAG.sub(_tag, text))
    text = _EMPHASIS.sub(lambda match: match[2] or match[3], text)
    return escape(_ESCAPED.sub(r"\1", text), quote=False).replace("\x00", "<br>")


def _tag(match: re.Match[str]) -> str:
    return "\x00" if match[0].lower().startswith(("<br", "<p", "</p", "<div", "</div", "<li", "</li")) else ""
