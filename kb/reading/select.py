"""Any decoded text -> Selection, by what it is: a community page, HTML, JSON, Markdown or plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from kb.reading import html, wechat
from kb.reading.furniture import furniture_of
from kb.reading.lists import parsed, wrapped_html
from kb.reading.markup import without_comments
from kb.reading.noise import compile_noise
from kb.reading.selection import Selection, Way
from kb.reading.text import select_text
from kb.sources import Source

_OPENING = re.compile(
    r"<(?:!doctype|html|head|body|div|p|table|meta|script|style|title|link|section|span|font|ul|h[1-6])[\s>/]",
    re.I,
)
_ENDS = re.compile(r"</(?:html|body|div|p|td|li|script|ul)>", re.I)
_BLANK = "\ufeff \t\r\n"
_MARKDOWN = re.compile(r"^(?:#{1,6} |\|? ?:?-{3,})", re.M)


def is_html(text: str) -> bool:
    """Whether tags carry the text. A Markdown file may hold some tags, or begin with a comment."""
    if _OPENING.match(text.lstrip(_BLANK)):
        return True
    head = without_comments(text[:20_000]).lstrip(_BLANK)
    if _OPENING.match(head) or head.startswith(("<?xml", "<!--")):
        return True
    return len(_ENDS.findall(head)) >= 6 and not _MARKDOWN.search(head)


def is_json(text: str) -> bool:
    return text.lstrip(_BLANK)[:1] in {"{", "["}


def select(text: str, source: Source | None, on: date | None, url: str = "") -> Selection:
    """``url`` chooses the noise of one document. Raises ``TooComplex``, ``BadSelector`` or ``DeclarationError``."""
    return without_furniture(_select(text, source, on), source, url)


def without_furniture(selection: Selection, source: Source | None, url: str) -> Selection:
    """A selection without the noise that its document inherits."""
    body = furniture_of(source, url).out_of(selection.markup)
    return selection if body == selection.markup else replace(selection, markup=body)


def _select(text: str, source: Source | None, on: date | None) -> Selection:
    if is_json(text) and (data := parsed(text.lstrip(_BLANK))) is not None:
        if selection := wechat.select_json(data, source):
            return selection
        inner = wrapped_html(data)
        return html.select(inner, source, on) if inner else Selection(Way.NONE)
    if not is_html(text):
        return select_text(text, compile_noise(source.noise.patterns) if source else ())
    return (wechat.select_page if wechat.is_community(text, source) else html.select)(text, source, on)
