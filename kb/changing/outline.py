"""The outline of a document while it is read from top to bottom: which passage hangs below which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.changing.ordinals import Depth, Ordinal
from kb.codes import BlockKind
from kb.model import Block
from kb.numerals import to_chinese

_APPENDIX = re.compile(r"附件[\s　]?[0-9一二三四五六七八九十]{0,3}[\s　]?[:：]?$")
_SENTENCE_END = ("。", "；", ";", "：", ":", "，", ",", "！", "？", ".")
_HEADING_LIMIT = 30
_PART_LIMIT = 24
_OUTERMOST = -1.0
_RAISED = {Depth.CHINESE: Depth.CHAPTER, Depth.BRACKETED: Depth.SECTION}


@dataclass(slots=True)
class Node:
    """A passage in the making. ``part`` is its own piece of the anchor; ``clauses`` counts the 款 after the first."""

    text: str
    kind: str
    depth: float = 0
    ordinal: str = ""
    parent: Node | None = None
    heading: bool = False
    part: str = ""
    clauses: int = 0
    paragraphs: int = 0
    headers: tuple[str, ...] = ()
    anchor: str = ""


class Outline:
    """The open headings and numbers at the present place."""

    def __init__(self, title: str, *, has_articles: bool) -> None:
        self.title, self.has_articles = title, has_articles
        self.seen_article = self.seen_any = False
        self.root = Node("", "root", _OUTERMOST, heading=True)
        self.stack = [self.root]
        self.waiting: Node | None = None  # an article whose number stands alone on its line

    def heading(self) -> Node:
        return next(node for node in reversed(self.stack) if node.heading)

    def take(self, block: Block, ordinal: Ordinal | None) -> Node | None:
        """The node of a heading or paragraph; None when its words went to the article whose number stood before it."""
        if ordinal is not None:
            return self._numbered(block, ordinal)
        if _APPENDIX.match(block.text):
            part = short(block.text.rstrip(":： 　"))
            return self._open(Node(block.text, "heading", Depth.BOOK, heading=True, part=part))
        if block.kind is BlockKind.HEADING:
            return self._unnumbered_heading(block)
        return self._unnumbered(block)

    def _open(self, node: Node) -> Node:
        stack, depth = self.stack, node.depth
        while stack[-1].depth >= depth:
            stack.pop()
        node.parent = stack[-1]
        stack.append(node)
        self.waiting, self.seen_any = None, True
        return node

    def _numbered(self, block: Block, ordinal: Ordinal) -> Node:
        text = block.text[ordinal.end :]
        depth, printed = ordinal.depth, ordinal.printed
        if depth is Depth.ARTICLE:
            node = self._open(Node(text, "article", depth, printed, None, False, printed))
            self.seen_article, self.waiting = True, None if text else node
            return node
        division = depth < Depth.ARTICLE
        heading = division or block.kind is BlockKind.HEADING or looks_like_heading(text)
        return self._open(
            Node(text, "heading" if division else "item", depth, printed, None, heading, printed)
        )

    def _unnumbered_heading(self, block: Block) -> Node:
        title_like = block.text == self.title or (self.has_articles and not self.seen_article)
        if title_like or (not self.seen_any and block.level <= 1):
            self.stack, self.waiting, self.seen_any = [self.root], None, True
            return Node(block.text, "heading", parent=self.root, part=short(block.text))
        depth = Depth.CHAPTER if self.has_articles else min(max(block.level, 1), 9) / 10
        return self._open(Node(block.text, "heading", depth, heading=True, part=short(block.text)))

    def _unnumbered(self, block: Block) -> Node | None:
        if self.waiting is not None:
            self.waiting.text, self.waiting = block.text, None
            return None
        article = next((node for node in reversed(self.stack) if node.depth == Depth.ARTICLE), None)
        if article is not None:
            article.clauses += 1
            return self._open(
                Node(block.text, "clause", Depth.CLAUSE, part=f"第{to_chinese(article.clauses + 1)}款")
            )
        while not self.stack[-1].heading:
            self.stack.pop()
        owner = self.stack[-1]
        owner.paragraphs += 1
        return Node(block.text, "paragraph", parent=owner, part=f"第{owner.paragraphs}段")


def looks_like_heading(text: str) -> bool:
    """Short words without the marks of a sentence."""
    return 0 < len(text) <= _HEADING_LIMIT and not text.endswith(_SENTENCE_END) and "，" not in text


def short(text: str) -> str:
    return text.replace("/", "／")[:_PART_LIMIT]


def table_of_contents(blocks: Sequence[Block], ordinals: Sequence[Ordinal | None]) -> frozenset[int]:
    """Chapter headings printed twice: those that no article stands under are the table of contents."""
    divisions: list[int] = []
    leading: set[int] = set()
    open_now: dict[Depth, int] = {}
    for index, ordinal in enumerate(ordinals):
        if ordinal is None or ordinal.depth > Depth.ARTICLE:
            continue
        if ordinal.depth is Depth.ARTICLE:
            if open_now:  # the first article below them; the next ones say the same
                leading.update(open_now.values())
                open_now = {}
            continue
        divisions.append(index)
        open_now = {depth: i for depth, i in open_now.items() if depth < ordinal.depth} | {
            ordinal.depth: index
        }
    names = {index: "".join(blocks[index].text.split()) for index in divisions}
    total = Counter(names.values())
    return frozenset(index for index in divisions if index not in leading and total[names[index]] > 1)


def raise_sections(blocks: Sequence[Block], ordinals: list[Ordinal | None]) -> None:
    """Judicial interpretations head groups of articles with 一、: such a heading stands above the articles, not below."""
    for index, (here, after) in enumerate(pairwise(ordinals)):
        if here is None or here.depth < Depth.CHINESE or here.depth not in _RAISED:
            continue
        below = after is not None and after.depth is Depth.ARTICLE
        if below and looks_like_heading(blocks[index].text[here.end :]):
            ordinals[index] = Ordinal(_RAISED[here.depth], here.printed, here.end)
