"""Documents built from plain lines, without the reading room."""

from __future__ import annotations

from kb.codes import BlockKind
from kb.model import Block, Cell, Document


def rule(*lines: str, title: str = "示例办法") -> Document:
    return Document(title, tuple(Block(BlockKind.PARAGRAPH, line) for line in lines))


def row(key: tuple[str, ...], **cells: str) -> Block:
    return Block(
        BlockKind.ROW,
        " ".join([*key, *cells.values()]),
        row_key=key,
        cells=(Cell("类目", key[-1]), *(Cell(header, text) for header, text in cells.items())),
    )


def blocks(*items: Block, title: str = "示例页面") -> Document:
    return Document(title, items)
