"""Plain or Markdown texts of a rule -> Selection in canonical markup, read like any page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from kb.model import Document
from kb.reading.document import document_of
from kb.reading.markup import canonical, without_comments, without_noise
from kb.reading.selection import Selection, Way
from kb.reading.spanned import completed

_FRONT_MATTER = re.compile(r"\A---\n((?:[^\n]*\n){0,60}?)---\n")
MAX_LINE = 10_000  # characters beyond which a line is read as it stands: no paragraph of a rule is so long
_ANCHOR = re.compile(r"\[\\?#\]\([^)\s]{0,4000}\)|\{#[\w-]+\}")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\(\s*([^)\s]{1,500})(?:\s+\"[^\"\n]*\")?\s*\)")
_LINK = re.compile(
    r"\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,2000})\]\(\s*+([^)\s]{0,1000}+)(?:\s+\"[^\"\n]*\")?\s*\)"
)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,500})(?<=\S)\*(?![\w*])")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_CODE = re.compile(r"`([^`\n]{1,500})`")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"^\s*[-*+•]\s+")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_DELIMITER = re.compile(r"^\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_CONTAINER = re.compile(r"^:::.*$")


def read_text(text: str, title: str = "") -> Document:
    """The document of a plain or Markdown text; its title is the first heading or title-like line when not given."""
    return document_of(select_text(text), base="", source=None, title=title)


def select_text(text: str, noise: tuple[re.Pattern[str], ...] = ()) -> Selection:
    text = without_comments(text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff"))
    text = _FRONT_MATTER.sub("", text)
    markup = canonical("<br>".join(_lines(text.split("\n"))))
    return Selection(Way.TEXT, markup=without_noise(markup, noise) if noise else markup)


def _lines(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        if end > at:
            yield _table(lines[at:end])
            at = end
        else:
            yield _line(lines[at])
            at += 1


def _table_end(lines: list[str], at: int) -> int:
    """Where the table that starts at a line ends; the line itself when none does.

    A table is a head with its delimiter line, or, as converters leave it, two and more lines of piped cells, or one
    line in which the break between the head and the only row was lost.
    """
    if lines[at].count("|") < 2 and not (
        at + 1 < len(lines) and "|" in lines[at] and _DELIMITER.match(lines[at + 1])
    ):
        return at
    end = at
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        end += 1
    delimited = any(_DELIMITER.match(line) for line in lines[at + 1 : at + 2])
    piped = all(line.count("|") >= 2 or line.strip() == "|" for line in lines[at:end])
    piped = piped and lines[end - 1].rstrip().endswith("|")
    lines_needed = 1 if len(_rows(lines[at])) == 2 else 2
    return end if end - at >= lines_needed and (delimited or piped) else at


def _line(line: str) -> str:
    if _RULE.match(line) or _CONTAINER.match(line) or _FENCE.match(line):
        return ""
    if heading := _HEADING.match(line):
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    return _inline(_BULLET.sub("", _QUOTE.sub("", line)))


def _table(lines: list[str]) -> str:
    """HTML of piped lines."""
    rows: list[list[str]] = []
    for line in lines:
        if not _DELIMITER.match(line):
            rows += _rows(line)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    width = len(rows[0]) if rows else 0
    html = []
    for number, row in enumerate(completed([[cell.strip() for cell in row] for row in rows], width)):
        tag = "td" if number else "th"
        html.append("<tr>" + "".join(f"<{tag}>{_inline(cell)}</{tag}>" for cell in row) + "</tr>")
    return f"<table>{''.join(html)}</table>"


def _rows(line: str) -> list[list[str]]:
    """The cells of a line; of two rows, where a converter lost the break between head and first row."""
    head, lost, row = line.partition("||")
    if lost and row.strip(" |") and head.strip() and not head.lstrip().startswith("|"):
        halves = [_cells(head), _cells(f"|{row}")]
        if 1 < len(halves[0]) <= len(halves[1]):
            return halves
    return [_cells(line)]


def _cells(row: str) -> list[str]:
    row = row.strip().removeprefix("|")
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    return re.split(r"(?<!\\)\|", row)


def _inline(text: str) -> str:
    """One line without Markdown's signs, escaped; images and links to files stay as tags."""
    if len(text) > MAX_LINE:
        return _words(text)
    kept: list[str] = []

    def keep(tag: str) -> str:
        kept.append(tag)
        return f"\x01{len(kept) - 1}\x01"

    def link(match: re.Match[str]) -> str:
        return keep(f'<a href="{escape(_unescaped(match[2]))}">') + match[1] + keep("</a>")

    text = _ANCHOR.sub("", text.replace("\x01", ""))
    text = _IMAGE.sub(
        lambda match: keep(f'<img src="{escape(_unescaped(match[2]))}" alt="{escape(match[1])}">'), text
    )
    text = _words(_LINK.sub(link, text))
    return re.sub("\x01(\\d+)\x01", lambda match: kept[int(match[1])], text)


def _words(text: str) -> str:
    text = _CODE.sub(r"\1", _TAG.sub(_tag, _ADDRESS.sub(r"\1", text)))
    text = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", text))
    return escape(_unescaped(text), quote=False).replace("\x00", "<br>")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _tag(match: re.Match[str]) -> str:
    return "\x00" if match[0].lower().startswith(("<br", "<p", "</p", "<div", "</div", "<li", "</li")) else ""
