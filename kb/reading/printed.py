"""A web page that somebody printed into a file: its own frame is read and taken off as on the page itself."""

from __future__ import annotations

import re
from html import unescape

from kb.reading import ends, frame
from kb.reading.selection import Selection, Way

_CRUMBS = re.compile(r"(?:[您你的]|现在|当前|目前|所在){1,5}位置 ?[:：].*[>＞»]")
_OPERATOR = re.compile(
    r"(?:主办|承办|协办|运维|技术支持)(?:单位)?[:：]|版权所有|网站标识码|网站地图|联系我们|关于我们"
)
_TAG = re.compile(r"<[^>]*>")
_TOP = 12  # lines in which a page says where in its site it stands


def has_crumbs(markup: str) -> bool:
    """Whether canonical markup begins like a page of a site."""
    lines = (line for line in markup.split("\n") if _TAG.sub("", line).strip())
    return any(_CRUMBS.match(unescape(line)) for line, _ in zip(lines, range(_TOP), strict=False))


def printed_page(markup: str, title: str) -> Selection:
    """The text below the title, without the lines of date and buttons; those above the title are the site's.

    ``title`` is the one told by the size of its letters, or "" where that tells none.
    """
    found = frame.read_frame(markup, title, "")
    lines = markup.split("\n")
    at = next((at for at, line in enumerate(lines) if unescape(line) == found.title), None)
    fields = (
        ("printed_date", found.published),
        ("printed_source", found.source),
        ("printed_number", found.number),
    )
    given = tuple((name, value) for name, value in fields if value)
    if not found.title or at is None:
        return Selection(Way.TEXT, title, ends.trimmed(markup, title), given)
    below = _after_tag(lines[at + 1 :])
    body = ends.trimmed("\n".join(["<h1>", lines[at], "</h1>", *_without_operator(below)]), lines[at])
    return Selection(Way.TEXT, found.title, body, given)


def _after_tag(lines: list[str]) -> list[str]:
    """Lines without the end tag of the element that the title stood in."""
    return lines[1:] if lines and lines[0].startswith("</") else lines


def _without_operator(lines: list[str]) -> list[str]:
    """Lines without those of the site's operator at the end."""
    end = max(
        (
            at
            for at, line in enumerate(lines)
            if line and not line.startswith("<") and not _OPERATOR.match(line)
        ),
        default=-1,
    )
    return lines[: end + 1]
