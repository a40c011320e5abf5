"""Entries of filing lists as rows are printed (``列名：值`` a line), and the names that stand in them. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kb.filings import filing_columns, filing_number
from kb.folding import fold

_COLON = "："
_LOOSE = re.compile(r"[\s\u200b\ufeff·•\"'“”‘’《》〈〉「」『』()\[\]〔〕【】<>-]+")
_STRUCK = re.compile("注销|撤销|撤回|吊销|终止备案|取消备案|已下架|清退")
_NOT_STRUCK = re.compile(
    "未注销|未撤销|不予注销|(?:注销|撤销)(?:情况|日期|时间)?[:：]\\s*(?:无|否|/|-|—)\\s*$", re.M
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Who filed what under which number; a part that the list does not have is empty. ``text`` is the row as printed."""

    number: str
    subject: str
    name: str
    text: str


def read_entry(text: str) -> Entry | None:
    """None for a row whose heads are not those of a filing list."""
    parts = [line.partition(_COLON) for line in text.split("\n")]
    columns = filing_columns(tuple(head for head, _, _ in parts))
    if columns is None:
        return None
    number, subject, name = (
        parts[at][2].strip() if at >= 0 else "" for at in (columns.number, columns.subject, columns.name)
    )
    return Entry(filing_number(number), subject, name, text)


def plain_name(text: str) -> str:
    """A name to compare by: folded (NFKC, one script, small letters), without spaces, brackets, quotes and hyphens."""
    return _LOOSE.sub("", fold(text)).casefold()


def is_named(name: str, text: str) -> bool:
    """Whether a row names it in its columns of names, subjects or numbers, or a notice anywhere in its words.

    ``name`` may be a part of the longer name that lists print (``文心`` in ``文心大模型``); a Latin word is no part of another.
    """
    entry = read_entry(text)
    places = (entry.number, entry.subject, entry.name) if entry else (text,)
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
    """Whether a cell of the row is this name and no more."""
    entry = read_entry(text)
    wanted = plain_name(name)
    return entry is not None and wanted in {
        plain_name(each) for each in (entry.number, entry.subject, entry.name)
    }


def names_in(names: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of the names that a row or notice names."""
    return tuple(name for name in names if is_named(name, text))


def is_struck(text: str) -> bool:
    """Whether the title of a list, or a row by its own remark, says that filings were struck off."""
    return _STRUCK.search(_NOT_STRUCK.sub("", text)) is not None
