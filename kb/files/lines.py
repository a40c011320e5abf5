"""Printed lines -> paragraphs: page furniture taken off, letter-spaced words closed up, broken lines joined.

For formats that know where ink stands but not what a paragraph is (PDF, OFD).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_EDGE = 3  # lines at the top and at the bottom of a page where furniture stands
_SHARE = 0.6  # of the pages that must carry a line before it counts as furniture
_NARROWEST = 15  # characters of a full line; shorter ones are titles, cells and signatures
_CJK = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_HAN = "[\u3400-\u9fff]"
_SPACED = re.compile(rf"(?<={_CJK}) (?={_CJK})")
_FIGURE = re.compile(rf"(?<={_HAN}) (?=[0-9])|(?<=[0-9%]) (?={_CJK})")
_IN_DATE = re.compile(r"(?<=\d) (?=[年月日号])|(?<=年) (?=\d{1,2} ?月)|(?<=月) (?=\d{1,2} ?日)")
_PROSE = re.compile("[，。；]")
_TOUCHING = re.compile(rf"{_HAN}(?={_HAN})")
_APART = re.compile(rf"{_HAN}(?= {_HAN})")
_PAGE_NUMBER = re.compile(
    r"[—–\-－―·• ]{1,4}\d{1,4}[—–\-－―·• ]{1,4}|第 ?\d{1,4} ?页(?:[，,/ ]{0,3}共 ?\d{1,4} ?页)?|\d{1,4} ?/ ?\d{1,4}|[Pp]age \d{1,4}(?: of \d{1,4})?"
)
_DIGITS = re.compile(r"\d+")
_CLOSED = ("。", "；", "：", "！", "？", ";", ":", "。”", "。）", "！”")
_OPENS = re.compile(
    r"第[一二三四五六七八九十百零〇千\d]{1,7}[条章节编款]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d)|附件|附录|[①-⑳]"
)
_COLUMNS = re.compile(r"\S(?: {2,}|\t)\S")


def paragraphs(pages: Sequence[Sequence[str]], title: str = "") -> list[list[str]]:
    """Of each page its paragraphs. A paragraph that runs over a page's end stands on the page where it begins; a line
    that is the ``title`` stands alone."""
    kept = without_furniture([[closed_up(line) for line in page if line.strip()] for page in pages])
    result: list[list[str]] = []
    open_line = False
    width = max(_NARROWEST, _width([line for page in kept for line in page]))
    for page in kept:
        found: list[str] = []
        for line in page:
            if open_line and line != title and not _OPENS.match(line):
                target = found if found else next(earlier for earlier in reversed(result) if earlier)
                target[-1] = _joined(target[-1], line)
            else:
                found.append(line)
            full = len(line) >= 0.8 * width and line != title
            open_line = full and not line.endswith(_CLOSED) and not _COLUMNS.search(line)
        result.append(found)
    return result


def closed_up(line: str) -> str:
    """``第 一 条 为 了`` -> ``第一条为了`` where most neighbours are set apart; two spaces stay, they part columns."""
    line = line.strip()
    apart, touching = len(_APART.findall(line)), len(_TOUCHING.findall(line))
    line = _SPACED.sub("", line) if apart > touching else line
    line = _IN_DATE.sub("", line)
    return _FIGURE.sub("", line) if _PROSE.search(line) else line


def without_furniture(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Running heads, footers and page numbers off. The head of a table that is printed anew on every page stays once."""
    pages = [
        [line for at, line in enumerate(page) if not _is_page_number(line, number, at, len(page))]
        for number, page in enumerate(pages, 1)
    ]
    shape = (
        _numberless if sum(map(bool, pages)) > 2 else _unspaced
    )  # two pages alike but for numbers may be a table
    heads = _repeated([[shape(line) for line in page[:_EDGE]] for page in pages])
    feet = _repeated([[shape(line) for line in page[-_EDGE:]] for page in pages])
    result: list[list[str]] = []
    seen: set[str] = set()
    for page in pages:
        kept = []
        for at, line in enumerate(page):
            form = shape(line)
            at_edge = (at < _EDGE and form in heads) or (at >= len(page) - _EDGE and form in feet)
            if not at_edge or (form not in seen and _is_table_head(line)):
                kept.append(line)
            if at_edge:
                seen.add(form)
        result.append(kept)
    return result


def _is_page_number(line: str, number: int, at: int, count: int) -> bool:
    at_edge = at < 2 or at >= count - 2
    return at_edge and (
        _PAGE_NUMBER.fullmatch(line) is not None or (line == str(number) and at in (0, count - 1))
    )


def _unspaced(line: str) -> str:
    return "".join(line.split())


def _numberless(line: str) -> str:
    return _DIGITS.sub("#", _unspaced(line))


def _repeated(edges: Sequence[Sequence[str]]) -> frozenset[str]:
    filled = [edge for edge in edges if edge]
    if len(filled) < 2:
        return frozenset()
    counts = Counter(shape for edge in filled for shape in set(edge))
    least = max(2, _SHARE * len(filled))
    return frozenset(shape for shape, n in counts.items() if n >= least and not shape.endswith(_CLOSED))


def _is_table_head(line: str) -> bool:
    words = line.split()
    return len(words) >= 3 and all(len(word) <= 12 and not word.isdigit() for word in words)


def _width(lines: Sequence[str]) -> int:
    """Of a full line: nine in ten are no longer."""
    return sorted(map(len, lines))[max(0, len(lines) * 9 // 10 - 1)] if lines else 0


def _joined(before: str, after: str) -> str:
    """Without a space, but between two Latin words with one."""
    latin = before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalnum()
    return f"{before}{' ' if latin else ''}{after}"
