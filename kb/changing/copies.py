"""PURE. Two copies of one rule on two sites: the clauses in which their rule texts differ, whatever stands around them."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.changing.compare import compare
from kb.codes import Op, Significance
from kb.model import Block, Document, PassageChange

_ARTICLE = re.compile(r"^第[0-9一二三四五六七八九十百千零〇]{1,6}条")
_FOOT = re.compile(
    r"^(?:附件|附[:：]|(?:信息)?来源|责任编辑|编辑|打印|分享|扫一扫|相关|上一篇|下一篇|【|（此件)"
)
_ENDS_A_SENTENCE = re.compile(r"[。；：:;，,]$")
_SHORT = 30
MIN_ARTICLES = 2


def differing_clauses(one: Document, other: Document) -> tuple[PassageChange, ...]:
    """The clauses that differ in substance; ``before`` is the first copy's text, ``after`` the second's. Numbers, orders
    and signatures around the rule, and what is editorial, do not count."""
    articles = _in_articles(one) and _in_articles(other)
    first, second = (_articles(each) if articles else each for each in (one, other))
    if [block.text for block in first.blocks] == [block.text for block in second.blocks]:
        return ()
    passages = compare(_bare(first), _bare(second)).passages
    if not articles:
        passages = _inner(passages)
    return tuple(
        each for each in passages if each.op is not Op.SAME and each.significance is Significance.SUBSTANTIVE
    )


def _in_articles(document: Document) -> bool:
    return sum(1 for block in document.blocks if _ARTICLE.match(block.text)) >= MIN_ARTICLES


def _articles(document: Document) -> Document:
    """From the first article to the foot after the last."""
    at = [n for n, block in enumerate(document.blocks) if _ARTICLE.match(block.text)]
    end = at[-1] + 1
    while end < len(document.blocks) and not _is_foot(document.blocks[end]):
        end += 1
    return replace(document, blocks=document.blocks[at[0] : end])


def _is_foot(block: Block) -> bool:
    text = block.text.strip()
    return bool(_FOOT.match(text)) or (len(text) <= _SHORT and not _ENDS_A_SENTENCE.search(text))


def _bare(document: Document) -> Document:
    return Document("", document.blocks)


def _inner(passages: tuple[PassageChange, ...]) -> tuple[PassageChange, ...]:
    """Without what only one copy has before the first and after the last passage that both have."""
    shared = [n for n, each in enumerate(passages) if each.op not in {Op.ADDED, Op.REMOVED}]
    return passages[shared[0] : shared[-1] + 1] if shared else ()
