"""PURE. How well a source fits a document, by what the document is and what the source says that it takes."""

from __future__ import annotations

import re

from kb.model import Document
from kb.sources import Source

_ASKS = re.compile("征求意见|征集意见|意见征集")
_OF_RULES = re.compile("规章|法规")
_RULE = re.compile("(?:办法|规定|条例|细则|规则)(?:$|》|（)|令第|号令")


def unlike(source: Source, document: Document | None) -> tuple[bool, bool, bool]:
    """What speaks against it, the weightiest first: it asks for comments and this is no draft (or the reverse); its list
    rules leave the title out; it publishes rules and this is none (or the reverse). All false where nothing is known."""
    if document is None:
        return False, False, False
    asks = bool(_ASKS.search(source.title))
    is_rule = not document.is_draft and bool(_RULE.search(document.title))
    return (
        asks is not document.is_draft,
        _leaves_out(source, document.title),
        bool(_OF_RULES.search(source.title)) is not is_rule,
    )


def _leaves_out(source: Source, title: str) -> bool:
    rules = source.list
    if rules is None:
        return False
    return bool(
        (rules.include and not re.search(rules.include, title))
        or (rules.exclude and re.search(rules.exclude, title))
    )
