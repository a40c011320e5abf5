"""``/document/<id>/compare/<from>..<to>``: two text versions of a document, clause by clause."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.site import ask, page, site_of
from kb.changing import compare
from kb.model import Op, PassageChange
from kb.sources import Publish
from kb.store import queries


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
    full = not (site_of(datasette).public and excerpt)
    old = await ask(datasette, lambda connection: queries.version_document(connection, wanted["before"]))
    new = await ask(datasette, lambda connection: queries.version_document(connection, wanted["after"]))
    comparison = compare(old, new)
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
    """Changed passages one by one, runs of unchanged ones together; the latter only where the full text may be shown."""
    blocks: list[dict[str, Any]] = []
    numbered = enumerate(passages)
    for same, run in groupby(numbered, key=lambda pair: pair[1].op is Op.SAME):
        if not same:
            blocks.extend({"change": present.passage(passage, seq, cut=not full)} for seq, passage in run)
        elif full:
            blocks.append({"same": [passage.after for _, passage in run]})
    return blocks
