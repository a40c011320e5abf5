"""The tree of an HTML page, and the parts of it that selectors name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kb.errors import BadSelector, ReadingError
from kb.sources import Selector

MAX_TAGS = 300_000
MAX_DEPTH = 2_000
MAX_ATTRIBUTES = 10_000  # of one tag; the parser compares each with all before it
_SUSPICIOUS_TAGS = 10_000

# Raw-text elements and controls: never text of a rule.
UNREAD = (
    "script", "style", "noscript", "iframe", "template", "xmp", "noembed", "noframes", "select", "button", "textarea",
    "svg", "object", "embed", "video", "audio", "canvas",
)  # fmt: skip
_UNREAD_CSS = ", ".join(UNREAD)
_UNREAD_TAG = re.compile(rf"<(?:{'|'.join(UNREAD)})[ >]")
NOISE = (
    ".share, .bdsharebuttonbox, #share, .share-box, .bshare-custom, .print, .font-size, .fontsize, #qr_container, .ewm, "
    ".qrcode, .pages_print, .header-anchor"
)  # what site builders put around and into a text, and no rule is made of

LONGEST_HEAD_TITLE = 500  # characters; patterns look through it more than once
LONGEST_HEAD = 60  # characters of a cell that heads a column
_BOLD = "b, strong, [style*='font-weight:bold'], [style*='font-weight: bold'], [style*='font-weight:700']"


class TooComplex(ReadingError):
    """More tags or deeper nesting than any page of text has."""


def parse(text: str) -> LexborHTMLParser:
    """The tree of an HTML text by the WHATWG algorithm: an early ``</html>`` loses nothing. Raises ``TooComplex``."""
    tags = text.count("<") if len(text) > _SUSPICIOUS_TAGS * len("<p>") else 0
    too_deep = tags > _SUSPICIOUS_TAGS and _depth(text) > MAX_DEPTH
    if tags > MAX_TAGS or too_deep or _attributes(text) > MAX_ATTRIBUTES:
        raise TooComplex("页面结构异常：标签、属性过多或嵌套过深，不予解析", do="请核对网址是否指向网页")
    return LexborHTMLParser(text)


_LONG_TAG = 40_000  # characters in which so many attributes can stand
_TAG_PART = re.compile(r"[\"'>]")
_OPENED = re.compile(r"(?!script\b|style\b)[a-z]", re.I)


def _attributes(text: str) -> int:
    """The words of the longest tags outside quotes: about their attributes. Linear; most pages have no such tag."""
    if len(text) < _LONG_TAG or max(map(len, text.split("<"))) < _LONG_TAG:
        return 0
    most = at = 0
    while len(text) - at >= _LONG_TAG and (at := text.find("<", at) + 1):
        end = text.find("<", at)
        end = len(text) if end < 0 else end
        if end - at >= _LONG_TAG and _OPENED.match(text, at):
            most = max(most, _words_of_tag(text, at, end))
    return most


def _words_of_tag(text: str, at: int, end: int) -> int:
    words = 0
    while found := _TAG_PART.search(text, at, end):
        words += len(text[at : found.start()].split())
        closed = found.end() if found[0] == ">" else text.find(found[0], found.end(), end) + 1
        if found[0] == ">" or not closed:
            return words
        at = closed
    return words + len(text[at:end].split())


_DEPTH_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
_SHALLOW = frozenset(
    ["p", "li", "br", "img", "input", "meta", "link", "hr", "td", "tr", "th", "option", "dt", "dd", "a"]
)


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _DEPTH_TAG.finditer(text):
        if match[2].lower() in _SHALLOW:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def css(tree: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """Nodes a selector matches, in document order. Raises ``BadSelector``."""
    try:
        return tree.css(selector)
    except (SelectolaxError, ValueError) as error:
        raise BadSelector(f"选择器不是有效的 CSS：{selector}", do="请改正来源配置") from error


def head_title(tree: LexborHTMLParser) -> str:
    """The words of ``<title>`` on one line; of an absurdly long one the beginning."""
    head = tree.css_first("title")
    return " ".join(head.text(deep=True).split())[:LONGEST_HEAD_TITLE] if head is not None else ""


def remove(tree: LexborHTMLParser | LexborNode, selector: str) -> None:
    """Take out what a selector matches, inner nodes first. Raises ``BadSelector``."""
    for node in reversed(css(tree, selector)):
        if node.parent is not None:
            node.decompose()


def remove_unread(tree: LexborHTMLParser) -> None:
    """Take out what no reader sees as text, wherever it stands."""
    tree.strip_tags(list(UNREAD))


def mark_bold_heads(tree: LexborHTMLParser) -> None:
    """Give ``scope="col"`` to the cells of a table's first full row where they, and not those below, are bold."""
    first_rows: dict[int, list[list[LexborNode]]] = {}
    for row in tree.css("tr"):
        table = row.parent.parent if row.parent is not None and row.parent.tag != "table" else row.parent
        rows = first_rows.setdefault(table.mem_id, []) if table is not None else []
        if len(rows) < 2 and len(cells := [cell for cell in row.iter() if cell.tag == "td"]) > 1:
            rows.append(cells)
    for rows in first_rows.values():
        if len(rows) > 1 and _are_bold(rows[0]) and not _are_bold(rows[1]):
            for cell in rows[0]:
                cell.attrs["scope"] = "col"


def _are_bold(cells: list[LexborNode]) -> bool:
    """Whether all cells with words are bold, and more than one is: a corner may be empty."""
    worded = [cell for cell in cells if cell.css_first("table") is not None or cell.text(deep=True).strip()]
    return len(worded) > 1 and all(map(_is_bold, worded))


def _is_bold(cell: LexborNode) -> bool:
    """Whether a cell has words and all are printed bold; none are in a cell too long for a head."""
    if cell.css_first("table") is not None:
        return False
    words = "".join(cell.text(deep=True).split())
    bold = "".join("".join(node.text(deep=True).split()) for node in cell.css(_BOLD))
    return 0 < len(words) <= min(LONGEST_HEAD, len(bold))


def select_html(tree: LexborHTMLParser, selectors: Iterable[Selector]) -> str:
    """The serialised parts that any of the selectors matches, in document order, each once; "" when none matches.

    Without unread elements and noise. These are looked for in the selected parts only: most of a page is frame.
    """
    nodes: list[LexborNode] = []
    ranges: list[str] = []
    for selector in selectors:
        if selector.until:
            ranges.append(_range(tree, selector))
        else:
            nodes += css(tree, selector.css)
    parts = [_clean_html(node) for node in (nodes if len(nodes) == 1 else _outermost(tree, nodes))]
    return "\n".join(filter(None, [*parts, *ranges]))


def _clean_html(node: LexborNode) -> str:
    """A part's serialisation without unread elements and noise inside it; the part itself was asked for and stays."""
    for inner in reversed(node.css(NOISE)):
        if inner.mem_id != node.mem_id and inner.parent is not None:
            inner.decompose()
    html = node.html or ""
    if not _UNREAD_TAG.search(html):
        return html
    remove(node, _UNREAD_CSS)
    return node.html or ""


def _outermost(tree: LexborHTMLParser, nodes: list[LexborNode]) -> list[LexborNode]:
    """Of nodes that may hold or repeat each other, the outer ones in document order."""
    mark = "data-zhengce-part"
    for node in nodes:
        node.attrs[mark] = ""
    marked = tree.css(f"[{mark}]") if nodes else []
    outer = [node for node in marked if not _inside(node, mark)]
    for node in marked:
        del node.attrs[mark]
    return outer


def _inside(node: LexborNode, mark: str) -> bool:
    parent = node.parent
    while parent is not None:
        if mark in parent.attributes:
            return True
        parent = parent.parent
    return False


def _range(tree: LexborHTMLParser, selector: Selector) -> str:
    """From the first node of ``css`` up to the next node of ``until``; "" when either is missing."""
    remove_unread(tree)
    remove(tree, NOISE)
    starts = css(tree, selector.css)
    if not starts:
        return ""
    starts[0].attrs["data-zhengce-from"] = ""
    for node in css(tree, selector.until):
        node.attrs["data-zhengce-until"] = ""
    html = tree.html or ""
    at = html.index('data-zhengce-from=""')
    end = html.find('data-zhengce-until=""', at)
    for node in tree.css("[data-zhengce-from], [data-zhengce-until]"):
        for name in ("data-zhengce-from", "data-zhengce-until"):
            if name in node.attributes:
                del node.attrs[name]
    return "" if end < 0 else html[html.rindex("<", 0, at) : html.rindex("<", 0, end)]
