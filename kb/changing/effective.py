"""From when a text applies, as the document's metadata or its own words say."""

from __future__ import annotations

import re
from datetime import date

from kb.model import Document
from kb.numerals import to_int

_YEAR = r"(?P<year>[0-9]{4}|[〇零○一二三四五六七八九]{4})"
_FROM = re.compile(
    rf"自?{_YEAR}年(?P<month>[0-9一二三四五六七八九十]{{1,2}})月(?P<day>[0-9一二三四五六七八九十]{{1,3}})日起(?:正式)?(?:施行|实施|执行|生效)"
)
_AT_ONCE = re.compile(r"自(?:公布|发布|印发)之日起(?:正式)?(?:施行|实施|执行|生效)")


def effective_date(document: Document) -> date | None:
    """The date read by the reading room; else the last 自…起施行 of the text; None when neither says."""
    if document.effective:
        return document.effective
    starting = [text for block in document.blocks if "日起" in (text := block.text)]
    dates = [day for text in starting if "年" in text for day in _dates(text)]
    if dates:
        return dates[-1]
    if any(_AT_ONCE.search(text) for text in starting):
        return document.published or document.made
    return None


def _dates(text: str) -> list[date]:
    found = []
    for match in _FROM.finditer(text):
        year, month, day = (to_int(match[part]) or 0 for part in ("year", "month", "day"))
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found
