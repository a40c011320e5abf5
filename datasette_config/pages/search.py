"""``/search?q=``: rules by their words, the best first, with the words where they stand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import anchors, knowledge, present
from datasette_config import format as say
from datasette_config.paging import page_number
from datasette_config.site import Connection, ask, cut_for, page
from kb.changing.labels import label
from kb.search import highlights
from kb.sources import Publish
from kb.store import queries

PER_PAGE = 30  # passages
LONGEST = 200


async def search(datasette: Datasette, request: Request) -> Response:
    asked = (request.args.get("q") or "").strip()[:LONGEST]
    number = page_number(request)
    if not asked:
        return await page(datasette, request, "search.html", asked="")
    public = cut_for(datasette, request)
    context = await ask(datasette, lambda connection: _read(connection, asked, number, public=public))
    return await page(
        datasette,
        request,
        "search.html",
        asked=asked,
        page=number,
        address=lambda other: f"{datasette.urls.path('/search')}?{urlencode({'q': asked, 'page': other})}",
        **context,
    )


def _read(connection: Connection, asked: str, number: int, *, public: bool) -> dict[str, Any]:
    hits = queries.search(connection, asked, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    by_document: dict[str, list[queries.Hit]] = {}
    for hit in hits[:PER_PAGE]:
        by_document.setdefault(hit.document, []).append(hit)
    known = knowledge.documents_by_id(connection, list(by_document))
    return {
        "total_documents": knowledge.document_count(connection),
        "more": len(hits) > PER_PAGE,
        "results": [
            _result(found, known.get(identifier), asked, public=public)
            for identifier, found in by_document.items()
        ],
    }


def _result(
    hits: list[queries.Hit], row: dict[str, Any] | None, asked: str, *, public: bool
) -> dict[str, Any]:
    """One document with its passages. On a public site a page that may only be excerpted around its changes is found,
    but not quoted."""
    title = hits[0].title or "（无题名）"
    return {
        "id": hits[0].document,
        "title": say.pieces(title, highlights(title, asked)),
        "facts": present.document_facts(row) if row else [],
        "quoted": not public or (row is not None and row["publish"] == Publish.FULL),
        "passages": [
            {
                "fragment": anchors.fragment(hit.anchor),
                "cited": label(hit.anchor),
                "snippet": say.pieces(hit.snippet, hit.highlights),
            }
            for hit in hits
        ],
    }
