"""A notice of one sentence on an undeclared page: too light to be weighed, it is found under its own title."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.reading import tree as trees
from kb.reading.messages import is_document, without_frame

MAX_CLIMB = 6  # elements between a title and the one that stands beside the text
MAX_TITLES = 20
MAX_PARTS = 100  # elements after a title: what is longer was weighed already
_TITLES = "h1, h2, h3, [class*=title], [id*=title]"


def brief_body(text: str) -> str:
    """Serialised HTML of what follows the heading that repeats the page's ``<title>``, when that is a document, or "".

    Raises ``TooComplex``.
    """
    tree = trees.parse(text)
    trees.remove_unread(tree)
    trees.remove(tree, trees.NOISE)
    for heading in _headings(tree):
        title = _words(heading)
        node: LexborNode | None = heading
        for _ in range(MAX_CLIMB):
            if node is None or node.tag == "body":
                break
            parts = list(_following(node))
            if parts and is_document(title, without_frame([_words(part) for part in parts])):
                return "".join(part.html or "" for part in parts)
            node = node.parent
    return ""


def _headings(tree: LexborHTMLParser) -> list[LexborNode]:
    named = "".join(trees.head_title(tree).split())
    return [
        node
        for node in tree.css(_TITLES)[:MAX_TITLES]
        if 2 <= len(title := "".join(_words(node).split())) <= 200 and named.startswith(title)
    ]


def _following(node: LexborNode) -> Iterator[LexborNode]:
    """The elements after a node, up to the frame's foot or a list of links."""
    following = node.next
    for _ in range(MAX_PARTS):
        if following is None:
            return
        words = _words(following)
        if words and not following.is_text_node:
            linked = sum(len(_words(link)) for link in following.css("a[href]"))
            if not without_frame([words]) or linked * 2 > len(words):
                return
            yield following
        following = following.next


def _words(node: LexborNode) -> str:
    return " ".join(node.text(deep=True).split())
