"""Blocks -> Passages with legal anchors: ``第三章/第十二条/第二款/（三）``, table row keys, ``图2``, ``回复1``.

Conventions: an article with one unnumbered paragraph is ``第三章/第十二条``; with several they are ``…/第一款``, ``…/第二款``,
and items hang below their 款. In texts without articles, unnumbered paragraphs are ``第N段`` below their heading.
A number that is printed is kept in ``Passage.ordinal`` and left out of ``Passage.text``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kb.changing.ordinals import Depth, Ordinal, read_ordinal, to_chinese
from kb.model import Block, BlockKind, Document, Passage

_APPENDIX = re.compile(r"附件[\s　]?[0-9一二三四五六七八九十]{0,3}[\s　]?[:：]?$")
_SENTENCE_END = ("。", "；", ";", "：", ":", "，", ",", "！", "？", ".")
_HEADING_LIMIT = 30
_PART_LIMIT = 24


@dataclass(slots=True)
class _Node:
    text: str
    kind: str
    depth: float
    ordinal: str = ""
    parent: _Node | None = None
    heading: bool = False
    part: str = ""
    clauses: int = 0
    paragraphs: int = 0
    headers: tuple[str, ...] = ()
    anchor: str = ""


def split_passages(document: Document) -> tuple[Passage, ...]:
    """The citable units of a document in reading order; anchors are unique within it."""
    nodes = list(_nodes(document))
    _name_rows(nodes)
    for node in nodes:
        node.anchor = _path(node)
        owner = node.parent
        if owner is not None and owner.heading and owner.kind == "item" and owner.depth <= Depth.BRACKETED:
            owner.kind = "heading"
    return tuple(_unique(nodes))


def _nodes(document: Document) -> Iterator[_Node]:
    blocks = document.blocks
    has_articles = any(_is_article(block) for block in blocks)
    contents = _table_of_contents(blocks) if has_articles else frozenset()
    outline = _Outline(document.title, has_articles)
    counts: Counter[str] = Counter()
    for index, block in enumerate(blocks):
        if index in contents:
            ordinal = read_ordinal(block.text)
            assert ordinal is not None
            yield _Node(
                block.text[ordinal.end :], "heading", 0, ordinal.printed, part=f"目录/{ordinal.printed}"
            )
        elif block.kind is BlockKind.ROW:
            headers = tuple(cell.header for cell in block.cells)
            key = "/".join(k for k in block.row_key if k)
            yield _Node(_row_text(block), "row", 0, parent=outline.heading(), part=key, headers=headers)
        elif block.kind is BlockKind.IMAGE:
            counts["图"] += 1
            yield _Node(f"{block.text} {block.address}".strip(), "image", 0, part=f"图{counts['图']}")
        elif block.kind is BlockKind.REPLY:
            counts["回复"] += 1
            yield _Node(block.text, "reply", 0, part=f"回复{counts['回复']}")
        elif block.text:
            node = outline.take(block)
            if node is not None:
                yield node


def _is_article(block: Block) -> bool:
    if not block.text.startswith("第") or block.kind not in (BlockKind.HEADING, BlockKind.PARAGRAPH):
        return False
    ordinal = read_ordinal(block.text)
    return ordinal is not None and ordinal.depth is Depth.ARTICLE


def _table_of_contents(blocks: tuple[Block, ...]) -> frozenset[int]:
    """Chapter headings printed twice: those with no article before the next chapter heading are the table of contents."""
    divisions: list[tuple[int, str]] = []
    followed: set[int] = set()
    for index, block in enumerate(blocks):
        ordinal = read_ordinal(block.text) if block.text.startswith("第") else None
        if ordinal is None or ordinal.depth > Depth.ARTICLE:
            continue
        if ordinal.depth is Depth.ARTICLE:
            followed.update(i for i, _ in divisions[-3:])
        else:
            divisions.append((index, "".join(block.text.split())))
    total = Counter(name for _, name in divisions)
    return frozenset(i for i, name in divisions if i not in followed and total[name] > 1)


class _Outline:
    """The open headings and numbers while reading from top to bottom."""

    def __init__(self, title: str, has_articles: bool) -> None:
        self.title, self.has_articles = title, has_articles
        self.seen_article = self.seen_any = False
        self.root = _Node("", "root", -1, heading=True)
        self.stack = [self.root]
        self.waiting: _Node | None = None  # an article whose number stands alone on its line

    def heading(self) -> _Node | None:
        return next((n for n in reversed(self.stack[1:]) if n.heading), None)

    def take(self, block: Block) -> _Node | None:
        ordinal = read_ordinal(block.text)
        if ordinal is not None:
            return self._numbered(block, ordinal)
        if _APPENDIX.match(block.text):
            return self._open(
                _Node(
                    block.text, "heading", Depth.BOOK, heading=True, part=_short(block.text.rstrip(":： 　"))
                )
            )
        if block.kind is BlockKind.HEADING:
            return self._unnumbered_heading(block)
        return self._unnumbered(block)

    def _open(self, node: _Node) -> _Node:
        while len(self.stack) > 1 and self.stack[-1].depth >= node.depth:
            self.stack.pop()
        node.parent = self.stack[-1]
        self.stack.append(node)
        self.waiting, self.seen_any = None, True
        return node

    def _numbered(self, block: Block, ordinal: Ordinal) -> _Node:
        text = block.text[ordinal.end :]
        heading = (
            ordinal.depth < Depth.ARTICLE or block.kind is BlockKind.HEADING or _looks_like_heading(text)
        )
        kind = (
            "article"
            if ordinal.depth is Depth.ARTICLE
            else "heading"
            if ordinal.depth < Depth.ARTICLE
            else "item"
        )
        node = self._open(
            _Node(text, kind, ordinal.depth, ordinal.printed, heading=heading, part=ordinal.printed)
        )
        if kind == "article":
            self.seen_article = True
            self.waiting = node if not text else None
        return node

    def _unnumbered_heading(self, block: Block) -> _Node:
        title_like = block.text == self.title or (self.has_articles and not self.seen_article)
        if title_like or (len(self.stack) == 1 and not self.seen_any and block.level <= 1):
            self.stack, self.waiting, self.seen_any = [self.root], None, True
            return _Node(block.text, "heading", 0, parent=self.root, part=_short(block.text))
        depth = Depth.CHAPTER if self.has_articles else min(max(block.level, 1), 9) / 10
        return self._open(_Node(block.text, "heading", depth, heading=True, part=_short(block.text)))

    def _unnumbered(self, block: Block) -> _Node | None:
        if self.waiting is not None:
            self.waiting.text, self.waiting = block.text, None
            return None
        article = next((n for n in reversed(self.stack) if n.depth == Depth.ARTICLE), None)
        if article is not None:
            article.clauses += 1
            node = _Node(block.text, "clause", Depth.CLAUSE, part=f"第{to_chinese(article.clauses + 1)}款")
            return self._open(node)
        while len(self.stack) > 1 and not self.stack[-1].heading:
            self.stack.pop()
        owner = self.stack[-1]
        owner.paragraphs += 1
        return _Node(block.text, "paragraph", 0, parent=owner, part=f"第{owner.paragraphs}段")


def _looks_like_heading(text: str) -> bool:
    return 0 < len(text) <= _HEADING_LIMIT and not text.endswith(_SENTENCE_END) and "，" not in text


def _short(text: str) -> str:
    return text.replace("/", "／")[:_PART_LIMIT]


def _row_text(block: Block) -> str:
    cells = [f"{cell.header}：{cell.text}" if cell.header else cell.text for cell in block.cells]
    return "\n".join(cell for cell in cells if cell) or block.text


def _name_rows(nodes: list[_Node]) -> None:
    """A row is known by its key alone; the table's number joins it only where two tables share a key."""
    table = row = 0
    before: _Node | None = None
    places: list[tuple[_Node, int, int]] = []
    for node in nodes:
        if node.kind == "row":
            starts = before is None or before.kind != "row" or before.headers != node.headers
            table, row = (table + 1, 1) if starts else (table, row + 1)
            places.append((node, table, row))
        before = node
    tables: dict[str, set[int]] = {}
    for node, number, _ in places:
        tables.setdefault(node.part, set()).add(number)
    for node, number, position in places:
        if not node.part:
            node.part = f"表{number}/第{position}行"
        elif len(tables[node.part]) > 1:
            node.part = f"表{number}/{node.part}"


def _path(node: _Node) -> str:
    if node.kind in ("row", "image", "reply"):
        return node.part
    if node.depth == Depth.ARTICLE and node.clauses:
        return f"{_own_path(node)}/第一款"
    return _own_path(node)


def _own_path(node: _Node) -> str:
    """Without the 第一款 that an article with several paragraphs gets; a later 款 hangs below the article, not below it."""
    parent = node.parent
    if parent is None or parent.kind == "root":
        return node.part
    return f"{_own_path(parent) if node.kind == 'clause' else _path(parent)}/{node.part}"


def _unique(nodes: list[_Node]) -> Iterator[Passage]:
    seen: Counter[str] = Counter()
    for node in nodes:
        anchor = node.anchor
        seen[anchor] += 1
        if seen[anchor] > 1:
            while f"{anchor}〔{seen[anchor]}〕" in seen:
                seen[anchor] += 1
            anchor = f"{anchor}〔{seen[anchor]}〕"
            seen[anchor] += 1
        parent = node.parent.anchor if node.parent is not None else ""
        yield Passage(anchor, node.text, node.kind, node.ordinal, parent)
