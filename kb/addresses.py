"""Addresses as people read them. What programs read keeps them as they are."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

UNKNOWN_HOST = "imported.invalid"
"""The host of addresses that we made because nobody said where a page is from: reserved, it never resolves (RFC 2606)."""

_ESCAPED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def is_unknown(url: str) -> bool:
    """Whether we made this address for a page of which nobody said where it is from."""
    return f"//{UNKNOWN_HOST}/" in url and urlsplit(url).hostname == UNKNOWN_HOST


def shown(url: str) -> str:
    """An address with its characters beyond ASCII written out; of one that we made, that nobody knows the real one."""
    if is_unknown(url):
        return f"原网址未知（人工导入）　{_written(urlsplit(url).path.lstrip('/'))}"
    return _written(url)


def _written(url: str) -> str:
    return _ESCAPED.sub(_characters, url)


def _characters(match: re.Match[str]) -> str:
    """What is no UTF-8, or would not be seen, stays escaped."""
    try:
        found = unquote(match.group(), errors="strict")
    except UnicodeDecodeError:
        return match.group()
    return "".join(each if each.isprintable() and not each.isspace() else quote(each) for each in found)
