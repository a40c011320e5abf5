"""The address that browsers write into a page they save (the "Mark of the Web" comment)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MARK = re.compile(rb"<!--\s{0,8}saved from url=\(\d{1,6}\)([^\s<>]{1,2000})\s{0,8}-->")
_HEAD = 4096  # bytes: the comment stands before or right after the first tag


def saved_from(body: bytes) -> str:
    """The http(s) address in a saved page's own mark, or nothing."""
    found = _MARK.search(body[:_HEAD])
    address = found[1].decode("utf-8", "replace") if found else ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""
