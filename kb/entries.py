"""Entries of filing lists as rows are printed (``列名：值`` a line), and the names that stand in them. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kb.filings import filing_columns, filing_number
from kb.folding import fold

_COLON = "："
_LOOSE = re.compile(r"[\s\u200b\ufeff·•・‧_–—\"'“”‘’《》〈〉「」『』()\[\]〔〕【】<>-]+")
_REMARK = re.compile(r"[(（][^()（）]*[)）]")
_AND = re.compile(r"[、，,;；/]")
_STRUCK = re.compile("注销|撤销|撤回|吊销|终止备案|取消备案|已下架|清退")
_NOT_STRUCK = re.compile(
    "未注销|未撤销|不予注销|(?:注销|撤销)(?:情况|日期|时间)?[:：]\\s*(?:无|否|/|-|—)\\s*$", re.M
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Who filed what under which number; a part that the list does not have is empty. ``beside``: the cells of further
    names. ``text`` is the row as printed."""

    number: str
    subject: str
    name: str
    text: str
    beside: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All cells that a name may stand in."""
        return (self.number, self.subject, self.name, *self.beside)


def read_entry(text: str) -> Entry | None:
    """None for a row whose heads are not those of a filing list."""
    parts = [line.partition(_COLON) for line in text.split("\n")]
    columns = filing_columns(tuple(head for head, _, _ in parts))
    if columns is None:
        return None
    number, subject, name = (
        parts[at][2].strip() if at >= 0 else "" for at in (columns.number, columns.subject, columns.name)
    )
    beside = tuple(parts[at][2].strip() for at in columns.beside)
    return Entry(filing_number(number), subject, name, text, beside)


def plain_name(text: str) -> str:
    """A name to compare by: folded (NFKC, one script, small letters), without spaces, brackets, quotes and hyphens."""
    return _LOOSE.sub("", fold(text)).casefold()


def is_named(name: str, text: str) -> bool:
    """Whether a row names it in its columns of names, products, subjects, numbers or remarks, or a notice anywhere.

    ``name`` may be a part of the longer name that lists print (``文心`` in ``文心大模型``); a Latin word is no part of another.
    """
    entry = read_entry(text)
    places = entry.names if entry else (text,)
    pattern = _pattern(name)
    return pattern is not None and any(pattern.search(fold(place).casefold()) for place in places)


@lru_cache(maxsize=1024)
def _pattern(name: str) -> re.Pattern[str] | None:
    """The characters of a name, whatever spaces and brackets stand between them."""
    wanted = plain_name(name)
    if not wanted:
        return None
    begins = "(?<![a-z0-9])" if wanted[0].isascii() else ""
    ends = "(?![a-z0-9])" if wanted[-1].isascii() else ""
    return re.compile(begins + f"{_LOOSE.pattern[:-1]}*".join(map(re.escape, wanted)) + ends)


def is_exactly(name: str, text: str) -> bool:
    """Whether a cell of the row, or one of the products in it (``甲（App、网站）、乙（小程序）``), is this name and no more."""
    entry = read_entry(text)
    if entry is None:
        return False
    products = [part for cell in entry.beside for part in _AND.split(_REMARK.sub("", cell))]
    return plain_name(name) in {*map(plain_name, entry.names), *map(plain_name, products)} - {""}


def names_in(names: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of the names that a row or notice names."""
    return tuple(name for name in names if is_named(name, text))


def is_struck(text: str) -> bool:
    """Whether the title of a list, or a row by its own remark, says that filings were struck off."""
    return _STRUCK.search(_NOT_STRUCK.sub("", text)) is not None
