"""A first look at any answer, before a document is sought: what it shows, and what only stands in its source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from kb.reading import tree as trees
from kb.reading.messages import without_frame
from kb.reading.select import is_html, is_json

_MOUNTS = "#app, #root, #__nuxt, #__next, #__layout, #q-app, #main-app, #container-app, app-root, [data-reactroot], [ng-app], [data-v-app]"
_WAITING = re.compile(
    r"(?:数据|内容|页面)?(?:正在)?(?:加载|载入)中?|请稍[候后等]|loading|\{\{[^{}]{0,200}\}\}|\W", re.I
)
_PLACEHOLDER = re.compile(r"\{\{[^{}]{1,200}\}\}")
_ALERT = re.compile(r"\balert\(['\"]([^'\"\n]{2,80})['\"]\)")
_SAID = 15  # characters up to which the place that a script fills is empty


@dataclass(frozen=True, slots=True)
class Look:
    """``visible`` are the words of the whole page, ``own`` those outside links and the frame; ``hidden`` what is shown
    only without scripts; ``mount`` tells that the page has a place for a script to fill, and it is empty.
    """

    title: str
    visible: str
    own: str
    canonical: str = ""
    hidden: str = ""
    mount: bool = False
    password: bool = False


def look_at(text: str) -> Look:
    """Raises ``TooComplex``."""
    if is_json(text) or not is_html(text):
        return Look("", text.strip(), text.strip())
    tree = trees.parse(text)
    address = tree.css_first("link[rel=canonical][href]")
    title = trees.head_title(tree)
    canonical = (address.attributes.get("href") or "") if address is not None else ""
    hidden = " ".join(re.sub(r"<[^>]{0,500}>", " ", node.html or "") for node in tree.css("noscript"))
    password = tree.css_first("input[type=password i]") is not None
    trees.remove_unread(tree)
    lines = _lines(tree)
    mount = (
        any(len(_WAITING.sub("", node.text(deep=True))) < _SAID for node in tree.css(_MOUNTS))
        or len(_PLACEHOLDER.findall(" ".join(lines))) >= 2
    )
    tree.strip_tags(["a"])
    own = without_frame(_lines(tree)) or _alerted(text)
    return Look(title, " ".join(lines), own, canonical, hidden, mount, password)


def _alerted(text: str) -> str:
    """What a page without a word of its own says in a box."""
    return " ".join(_ALERT.findall(text[:20_000])[:3])


def _lines(tree: LexborHTMLParser) -> list[str]:
    body = tree.body
    if body is None:
        return []
    return [
        words
        for line in body.text(deep=True, separator="\n").split("\n")
        if (words := " ".join(line.split()))
    ]
