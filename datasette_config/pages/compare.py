"""``/document/<id>/compare/<from>..<to>``: two text versions of a document, clause by clause."""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import groupby
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.site import TooSlow, ask, cut_for, page
from kb.changing.compare import compare
from kb.changing.labels import label
from kb.codes import Op
from kb.model import Comparison, Document, PassageChange
from kb.sources import Publish
from kb.store import queries

LONGEST = 600_000  # characters of both texts together: beyond it a comparison takes more than a page may
TOO_LONG = "两个版本的文字太长，网页上不做全文对照。变动页列有改动的条款；全文对照可用 zhengce diff。"
WAITING = 8
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compare")
_queued = 0


@lru_cache(maxsize=32)
def _compared(old: Document, new: Document) -> Comparison:
    return compare(old, new)


TOGETHER = {Op.SAME, Op.RENUMBERED}


async def compared(old: Document, new: Document) -> Comparison | None:
    """The comparison, made beside the event loop by one worker; ``None`` for texts too long for a page.

    Raises ``TooSlow`` when too many readers already wait.
    """
    global _queued  # noqa: PLW0603 - one count for the one worker
    if len(old.text) + len(new.text) > LONGEST:
        return None
    if _queued >= WAITING:
        raise TooSlow
    _queued += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_worker, _compared, old, new)
    finally:
        _queued -= 1


async def compare_versions(datasette: Datasette, request: Request) -> Response:
    wanted = request.url_vars
    row = await ask(datasette, lambda connection: knowledge.document(connection, wanted["id"]))
    before = await ask(datasette, lambda connection: knowledge.version_belongs(connection, wanted["before"]))
    after = await ask(datasette, lambda connection: knowledge.version_belongs(connection, wanted["after"]))
    if row is None or before is None or after is None:
        raise NotFound(request.path)
    if after["document_id"] != row["document_id"] or before["document_id"] not in {
        row["document_id"],
        row["draft"],
    }:
        raise NotFound(request.path)
    excerpt = Publish.EXCERPT in {before["publish"], after["publish"]}
    full = not (cut_for(datasette, request) and excerpt)
    old = await ask(datasette, lambda connection: queries.version_document(connection, wanted["before"]))
    new = await ask(datasette, lambda connection: queries.version_document(connection, wanted["after"]))
    comparison = await compared(old, new)
    if comparison is None:
        return await page(datasette, request, "message.html", title="文字太长", message=TOO_LONG)
    return await page(
        datasette,
        request,
        "compare.html",
        document={"id": row["document_id"], "title": row["title"]},
        before_said=_said(before),
        after_said=_said(after),
        summary=_summary(comparison.passages),
        full=full,
        blocks=_blocks(comparison.passages, full=full),
    )


def _said(version: dict[str, Any]) -> str:
    return f"{version['title']}　首次看到于 {say.beijing(version['first_seen'])}　留存 {version['capture']}"


def _summary(passages: tuple[PassageChange, ...]) -> str:
    counts = Counter(say.op_word(passage.op) for passage in passages if passage.op is not Op.SAME)
    return " · ".join(f"{word} {number} 处" for word, number in counts.items()) or "未见变动"


def _blocks(passages: tuple[PassageChange, ...], *, full: bool) -> list[dict[str, Any]]:
    """Changed passages one by one; unchanged ones run together, only where the full text may be shown, and so do those
    whose number alone is another."""
    blocks: list[dict[str, Any]] = []
    for op, run in groupby(
        enumerate(passages), key=lambda pair: pair[1].op if pair[1].op in TOGETHER else None
    ):
        if op is None:
            blocks.extend({"change": present.passage(passage, seq, cut=not full)} for seq, passage in run)
        elif op is Op.RENUMBERED:
            blocks.append(
                {"shifted": [f"{label(one.anchor_before)} → {label(one.anchor)}" for _, one in run]}
            )
        elif full:
            blocks.append({"same": [passage.after for _, passage in run]})
    return blocks
