"""Which feed accompanies a page. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode

_WITH_A_FEED = re.compile(
    r"/(?:licence/[a-z0-9_.-]{1,80}|source/[a-z0-9_.-]{1,80}|document/[a-z]{2}-[0-9a-f]{1,64})"
)
_LISTS = {"/changes": "/changes.atom", "/search": "/search.atom"}
_OF_THE_PAGE = {"before", "page", "lang"}


def feed_beside(path: str, query: str) -> str:
    """The path of the feed of what a page shows, or nothing where that is the feed of everything."""
    if _WITH_A_FEED.fullmatch(path):
        return f"{path}/feed.atom"
    asked = {name: given for name, given in parse_qs(query).items() if name not in _OF_THE_PAGE}
    if path not in _LISTS or not asked or (path == "/search" and "q" not in asked):
        return ""
    return f"{_LISTS[path]}?{urlencode(asked, doseq=True)}"
