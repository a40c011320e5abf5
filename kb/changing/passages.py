"""Blocks -> Passages with legal anchors: ``第三章/第十二条/第二款/（三）``, table row keys, ``图2``, ``回复1``.

Conventions: an article with one unnumbered paragraph is ``第三章/第十二条``; with several they are ``…/第一款``, ``…/第二款``,
and items hang below their 款. In texts without articles, unnumbered paragraphs are ``第N段`` below their heading.
A number that is printed is kept in ``Passage.ordinal`` and left out of ``Passage.text``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kb.changing.ordinals import Depth, Ordinal, read_ordinal
from kb.changing.outline import Node, Outline, raise_sections, table_of_contents
from kb.codes import BlockKind
from kb.filings import is_serial
from kb.model import Block, Document, Passage

_PRINTED = (BlockKind.HEADING, BlockKind.PARAGRAPH)
_FIRST = "/第一款"
_COUNTED = {BlockKind.IMAGE: ("image", "图"), BlockKind.REPLY: ("reply", "回复")}


def split_passages(document: Document) -> tuple[Passage, ...]:
    """The citable units of a document in reading order; anchors are unique within it."""
    nodes = list(_nodes(document))
    _name_rows(nodes)
    for node in nodes:
        owner = node.parent
        if owner is None:
            node.anchor = node.part
            continue
        node.anchor = _path(node, owner)
        if owner.kind == "item" and owner.heading and owner.depth <= Depth.BRACKETED:
            owner.kind = "heading"  # short words that something hangs below
    return tuple(_unique(nodes))


def _nodes(document: Document) -> Iterator[Node]:
    blocks = document.blocks
    ordinals = [read_ordinal(block.text) if block.kind in _PRINTED else None for block in blocks]
    article = Depth.ARTICLE
    has_articles = any(ordinal is not None and ordinal.depth is article for ordinal in ordinals)
    contents: frozenset[int] = frozenset()
    if has_articles:
        contents = table_of_contents(blocks, ordinals)
        raise_sections(blocks, ordinals)
    outline = Outline(document.title, has_articles=has_articles)
    counts: Counter[BlockKind] = Counter()
    for index, (block, ordinal) in enumerate(zip(blocks, ordinals, strict=True)):
        if ordinal is None and block.kind in _COUNTED:
            counts[block.kind] += 1
            yield _counted(block, counts[block.kind])
        elif ordinal is None and block.kind is BlockKind.ROW:
            yield _row(block, outline)
        elif ordinal is not None and index in contents:
            yield _content_line(block, ordinal)
        elif block.text and (node := outline.take(block, ordinal)) is not None:
            yield node


def _counted(block: Block, number: int) -> Node:
    kind, name = _COUNTED[block.kind]
    return Node(f"{block.text} {block.address}".strip(), kind, part=f"{name}{number}")


def _content_line(block: Block, ordinal: Ordinal) -> Node:
    return Node(block.text[ordinal.end :], "heading", ordinal=ordinal.printed, part=f"目录/{ordinal.printed}")


def _row(block: Block, outline: Outline) -> Node:
    headers = tuple(cell.header for cell in block.cells)
    key = "/".join(part for part in block.row_key if part)
    serial = next((cell.text for cell in block.cells if is_serial(cell.header, cell.text)), "")
    text = _row_text(block)
    return Node(text, "row", ordinal=serial, parent=outline.heading(), part=key, headers=headers)


def _row_text(block: Block) -> str:
    """Without the column that only counts the rows: that number is printed, and said by ``Passage.ordinal``."""
    told = [cell for cell in block.cells if not is_serial(cell.header, cell.text)]
    cells = [f"{cell.header}：{cell.text}" if cell.header else cell.text for cell in told]
    return "\n".join(cell for cell in cells if cell) or block.text


def _name_rows(nodes: Sequence[Node]) -> None:
    """A row is known by its key alone; the table's number joins it only where two tables share a key."""
    table = row = 0
    before: Node | None = None
    places: list[tuple[Node, int, int]] = []
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


def _path(node: Node, owner: Node) -> str:
    """Its owner's path, which is known by now, and its own part."""
    if node.kind == "row":
        return node.part
    if node.kind == "clause" and owner.clauses:  # a later 款 hangs below the article, not below its 第一款
        return f"{owner.anchor.removesuffix(_FIRST)}/{node.part}"
    path = f"{owner.anchor}/{node.part}" if owner.anchor else node.part
    return f"{path}{_FIRST}" if node.clauses else path


def _unique(nodes: Sequence[Node]) -> Iterator[Passage]:
    seen: dict[str, int] = {}
    for node in nodes:
        anchor, owner = node.anchor, node.parent
        if anchor in seen:
            anchor = _unseen(anchor, seen)
        else:
            seen[anchor] = 1
        yield Passage(anchor, node.text, node.kind, node.ordinal, owner.anchor if owner is not None else "")


def _unseen(anchor: str, seen: dict[str, int]) -> str:
    """An anchor that others had before, with a number behind it; ``seen`` counts."""
    seen[anchor] += 1
    while f"{anchor}〔{seen[anchor]}〕" in seen:
        seen[anchor] += 1
    numbered = f"{anchor}〔{seen[anchor]}〕"
    seen[numbered] = 1
    return numbered
