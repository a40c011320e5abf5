"""Dates as Chinese sites print them, or hide them in addresses -> ``YYYY-MM-DD``."""

from __future__ import annotations

import re
from datetime import date

_PRINTED = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s{0,3}[-/.年]\s{0,3}(\d{1,2})\s{0,3}[-/.月]\s{0,3}(\d{1,2})(?!\d)"
)
_IN_URL = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_"),  # t-date lists
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)\d*/"),  # /20260522/ and node ids that begin with the day
    re.compile(r"/((?:19|20)\d\d)-(\d\d)/(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
)


def printed_date(text: str) -> str:
    """The first calendar date a text prints, or an empty text."""
    return next((day for match in _PRINTED.finditer(text) if (day := _valid(match))), "")


def date_in_url(url: str) -> str:
    """The date an address carries, or an empty text."""
    for pattern in _IN_URL:
        if (match := pattern.search(url)) and (day := _valid(match)):
            return day
    return ""


def _valid(match: re.Match[str]) -> str:
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
