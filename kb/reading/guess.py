"""Where the text of an undeclared page stands: the smallest part that holds most of its sentences."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

SHARE = 0.72  # of the best parent's weight that a part must keep to be preferred as narrower
_SENTENCE = re.compile("[，。；：、！？,;]")
MAX_LEVELS = 60


def guess_body(tree: LexborHTMLParser) -> str:
    """Serialised HTML of the guessed part; "" when the page holds no sentences."""
    node = tree.body
    if node is None:
        return ""
    weight = _weight(node)
    if weight <= 0:
        return ""
    for _ in range(MAX_LEVELS):
        best, best_weight = None, 0.0
        for child in node.iter():
            if (found := _weight(child)) > best_weight:
                best, best_weight = child, found
        if best is None or best_weight < SHARE * weight:
            break
        node, weight = best, best_weight
    return node.html or ""


def _weight(node: LexborNode) -> float:
    """Characters of running text: link words count against, punctuation for."""
    text = node.text(deep=True)
    linked = sum(len(link.text(deep=True)) for link in node.css("a"))
    return max(0.0, len("".join(text.split())) - 2.0 * linked) * min(
        1.0, 0.1 + len(_SENTENCE.findall(text)) / 10
    )
