"""``/search?q=``: rules by their words, the best first, with the words where they stand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.paging import page_number, pages
from datasette_config.site import Connection, ask, page, site_of
from kb.search import highlights, match_query, snippet
from kb.sources import Publish

PER_PAGE = 20
LONGEST = 200


async def search(datasette: Datasette, request: Request) -> Response:
    query = (request.args.get("q") or "").strip()[:LONGEST]
    number = page_number(request)
    if not query:
        return await page(datasette, request, "search.html", asked="")
    public = site_of(datasette).public
    context = await ask(datasette, lambda connection: _read(connection, query, number, public=public))
    return await page(
        datasette,
        request,
        "search.html",
        asked=query,
        page=number,
        address=lambda other: f"{datasette.urls.path('/search')}?{urlencode({'q': query, 'page': other})}",
        **context,
    )


def _read(connection: Connection, query: str, number: int, *, public: bool) -> dict[str, Any]:
    expression = match_query(query)
    total = knowledge.matching(connection, expression)
    found = knowledge.best_matches(connection, expression, query, PER_PAGE, (number - 1) * PER_PAGE)
    return {
        "total_documents": knowledge.document_count(connection),
        "found": f"{total} 份文件中有“{query}”，最相关的在前",
        "pages": pages(total, PER_PAGE),
        "results": [_result(row, query, public=public) for row in found],
    }


def _result(row: dict[str, Any], query: str, *, public: bool) -> dict[str, Any]:
    """On a public site a page that may only be excerpted around its changes is found, but not quoted."""
    quoted = not (public and row["publish"] == Publish.EXCERPT)
    shown = snippet(row["text"] if quoted else "", query)
    title = row["title"] or "（无题名）"
    return {
        "id": row["document_id"],
        "fragment": present.fragment(row["anchor"]),
        "title": say.pieces(title, highlights(title, query)),
        "snippet": say.pieces(shown.text, shown.highlights),
        "cited": say.cited(row["anchor"]),
        "facts": present.document_facts(row),
    }
