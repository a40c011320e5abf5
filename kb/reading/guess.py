"""Where the text of an undeclared page stands: the smallest part that holds most of its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb.reading.frame import FOOTER, INDEX, LABEL
from kb.reading.markup import ATTACHMENT

SHARE = 0.6  # of a part's sentences that one child must hold to be the better, narrower part
MAX_LEVELS = 80
CELL_SHARE = (
    0.95  # the same for rows and cells: the tables of old pages lay out, other tables belong together
)
LONGEST_INDEX = 60  # characters of a part that can be one line of an index
LEAST = 30  # characters of running text below which a page has no body
_SENTENCE = re.compile("[，。；：！？,;]")
_INLINE = frozenset(
    (
        "a",
        "b",
        "i",
        "u",
        "em",
        "strong",
        "span",
        "font",
        "sup",
        "sub",
        "small",
        "big",
        "code",
        "label",
        "s",
        "del",
        "ins",
        "mark",
        "o:p",
        "st1",
        "abbr",
        "time",
    )
)


@dataclass
class _Part:
    """A block element: its own words outside and inside links, and the running text of its whole subtree."""

    node: LexborNode
    words: int = 0
    linked: int = 0
    sentences: bool = False
    footer: bool = False
    index: bool = False  # begins like a line of the page's index, or of its date and source: 索引号, 发布时间
    weight: int = 0
    children: list[_Part] = field(default_factory=list)

    def own_weight(self) -> int:
        """Characters of running text: link lists and labels count nothing."""
        free = self.words - self.linked
        reads = free >= (10 if self.sentences else 40)
        tells = not self.footer and not (self.index and self.words <= LONGEST_INDEX)
        return free if reads and tells and self.linked <= 0.5 * self.words else 0


def guess_body(tree: LexborHTMLParser) -> str:
    """Serialised HTML of the guessed part without its link lists; "" when the page holds no sentences."""
    if tree.body is None:
        return ""
    part = _weighed(tree.body)
    if part.weight < LEAST:
        return ""
    for _ in range(MAX_LEVELS):
        ranked = sorted(part.children, key=lambda child: child.weight, reverse=True)
        if not ranked or ranked[0].node.tag in {"p", "li"}:
            break
        if ranked[0].weight >= (CELL_SHARE if ranked[0].node.tag in {"tr", "td"} else SHARE) * part.weight:
            part = ranked[0]
        elif _printed_twice(ranked):
            part = max(ranked[:2], key=lambda copy: len(copy.node.css("p, br, div, tr")))
        else:
            break
    _drop_link_lists(part)
    return part.node.html or ""


def _printed_twice(ranked: list[_Part]) -> bool:
    """Whether the two heaviest parts say the same: a copy for small screens, for printing or for reading aloud."""
    if len(ranked) < 2 or not ranked[1].weight or ranked[1].weight < 0.7 * ranked[0].weight:
        return False
    smaller, larger = sorted((_shingles(part) for part in ranked[:2]), key=len)
    return len(smaller & larger) >= 0.9 * len(smaller)


def _shingles(part: _Part) -> set[str]:
    text = "".join(part.node.text(deep=True).split())
    return {text[at : at + 8] for at in range(0, len(text) - 7)}


def _weighed(body: LexborNode) -> _Part:
    """The tree of block parts with their weights summed upwards. Each node is visited once."""
    root = _Part(body)
    known = {body.mem_id: root}
    order = [root]
    for node in body.traverse(include_text=True):
        if node.mem_id == body.mem_id or node.parent is None or node.is_comment_node:
            continue
        above = known.get(node.parent.mem_id, root)
        if node.is_text_node:
            _count(above, node)
        elif node.tag in _INLINE:
            known[node.mem_id] = above
        else:
            part = _Part(node)
            above.children.append(part)
            known[node.mem_id] = part
            order.append(part)
    for part in reversed(order):
        part.weight = part.own_weight() + sum(child.weight for child in part.children)
    return root


def _count(part: _Part, text_node: LexborNode) -> None:
    text = "".join((text_node.text_content or "").split())
    if not text:
        return
    part.index = part.index or (not part.words and bool(INDEX.match(text) or LABEL.match(text)))
    part.words += len(text)
    part.footer = part.footer or bool(FOOTER.search(text))
    part.sentences = part.sentences or bool(_SENTENCE.search(text))
    above = text_node.parent
    while above is not None and above.tag in _INLINE:
        if above.tag == "a":
            part.linked += len(text)
            break
        above = above.parent


def _drop_link_lists(part: _Part) -> None:
    """Take out sub-parts without a sentence whose words are mostly links; links to attachments stay."""
    pending = list(part.children)
    while pending:
        child = pending.pop()
        if child.weight:
            pending.extend(child.children)
        elif child.node.css_matches("a[href]") and child.node.tag not in {
            "p",
            "h1",
            "h2",
            "h3",
            "table",
            "tr",
            "td",
        }:
            links = child.node.css("a[href]")
            linked = sum(len("".join(link.text(deep=True).split())) for link in links)
            words = len("".join(child.node.text(deep=True).split()))
            if linked > 0.5 * words and not any(
                ATTACHMENT.search(link.attributes.get("href") or "") for link in links
            ):
                child.node.decompose()
