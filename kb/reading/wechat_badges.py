"""Official replies on a community page whose theme nobody described: told by the badge beside the name.

A badge is an element that says nothing but 官方 or the like. What stands beside it in the same item is the reply; the
items beside that one are other people's, and are taken off the page unread.
"""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.reading.wechat_replies import OFFICIAL_WORDS, without_names

LEAST = 15  # characters from which what stands beside a badge is a reply and not a name
CLIMB = 5  # elements between a badge and the item it belongs to
_BADGES = "span, i, em, b, strong, label, sup, small, div"
_INSIDE = frozenset({"p", "a", "h1", "h2", "h3", "h4", "td", "li"})
_TITLES = "h1, h2, title"


def badged_replies(tree: LexborHTMLParser) -> list[str]:
    """What badged items of a page say, as HTML without names, in the page's order. Takes the items and those beside
    them out of the tree."""
    found: list[str] = []
    badges = list(_badges(tree))
    items = [item for badge in badges if (item := _item(badge)) is not None]
    for item in items:
        said = _said(item)
        if said:
            found.append(without_names(said, answered=(), known=()))
    for item in items:
        for node in [*_beside(item), item]:
            if node.parent is not None:
                node.decompose()
    return list(dict.fromkeys(found))


def has_badge(text: str, tree: LexborHTMLParser) -> bool:
    """Whether a page marks anybody as official."""
    return "官方" in text and next(_badges(tree), None) is not None


def _badges(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    for node in tree.css(_BADGES):
        parent = node.parent
        is_word = node.text(deep=True).strip().lower() in OFFICIAL_WORDS
        if is_word and not _children(node) and parent is not None and parent.tag not in _INSIDE:
            yield node


def _item(badge: LexborNode) -> LexborNode | None:
    """The nearest element around a badge that also holds words; ``None`` when that is already a list of items."""
    node, child = badge.parent, badge
    for _ in range(CLIMB):
        if node is None or node.tag in {"body", "html", "main"} or node.css_first(_TITLES) is not None:
            return None
        if _beside(child):
            return None
        if _said(node):
            return node
        child = node
        node = node.parent
    return None


def _said(item: LexborNode) -> str:
    """The heaviest of an item's parts that hold no badge, when it is long enough for a reply."""
    parts = [
        (len("".join(node.text(deep=True).split())), node)
        for node in _children(item)
        if not _holds_badge(node)
    ]
    length, heaviest = max(parts, key=lambda part: part[0], default=(0, None))
    return (heaviest.html or "") if heaviest is not None and length >= LEAST else ""


def _holds_badge(node: LexborNode) -> bool:
    return any(one.text(deep=True).strip().lower() in OFFICIAL_WORDS for one in [node, *node.css(_BADGES)])


def _children(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter() if child.tag not in {"script", "style"}]


def _beside(item: LexborNode) -> list[LexborNode]:
    """The other items of the list an item stands in: same element, same first class."""
    if item.parent is None:
        return []
    kind = _kind(item)
    return [
        node
        for node in _children(item.parent)
        if node.mem_id != item.mem_id and kind[1] and _kind(node) == kind
    ]


def _kind(node: LexborNode) -> tuple[str, str]:
    return str(node.tag), (node.attributes.get("class") or "").split(" ")[0]
