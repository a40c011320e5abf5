"""What a text version says, passage by passage."""

from __future__ import annotations

from datasette_config.knowledge.rows import Connection
from kb.codes import BlockKind
from kb.model import Block, Passage
from kb.store import queries


def text(connection: Connection, version_id: str) -> tuple[tuple[Passage, ...], tuple[Block, ...]]:
    """The passages of a text version, and the blocks of its table rows in the same order: their cells are kept there."""
    passages = queries.passages(connection, version_id)
    if not any(passage.kind == "row" for passage in passages):
        return passages, ()
    blocks = queries.version_document(connection, version_id).blocks
    return passages, tuple(block for block in blocks if block.kind is BlockKind.ROW)
