"""``/search?q=``: rules by their words, the best first, with the clauses in which the words stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.choosing import filterform, filters
from datasette_config.choosing.paging import page_number, pages
from datasette_config.finding.jumping import destination
from datasette_config.finding.phrases import told
from datasette_config.finding.searching import PER_PAGE, Question, gather
from datasette_config.saying import present
from datasette_config.site import Connection, ask, cut_for, link, now, page
from kb.licences import alike, bearers
from kb.numerals import NUMERAL
from kb.search import also_asked, without_synonyms

LONGEST = 200
FIELDS = ("licence", "status", "draft", "authority", "region", "level", "source")
_ONLY_A_NUMBER = re.compile(rf"第?[{NUMERAL}]{{1,7}}条(?:第?[{NUMERAL}]{{1,4}}[款项])?")
_DOCUMENT = re.compile("[a-z]{2}-[0-9a-f]{1,64}")


async def search(datasette: Datasette, request: Request) -> Response:
    typed = " ".join((request.args.get("q") or "").split())[:LONGEST]
    chosen = replace(filters.parse(request.args), words=())
    inside = request.args.get("in") or ""
    alone = request.args.get("syn") == "0"
    history = request.args.get("history") == "1"
    asked = Question(
        words=without_synonyms(typed) if alone else typed,
        chosen=chosen,
        newest_first=request.args.get("sort") == "date",
        inside=inside if _DOCUMENT.fullmatch(inside) else "",
        page=page_number(request),
    )
    public = cut_for(datasette, request)
    moment = now(datasette, await ask(datasette, knowledge.newest_look))
    read = await ask(
        datasette,
        lambda connection: _read(connection, asked, typed, moment.date(), history=history, public=public),
    )
    if read["moved"]:
        return Response.redirect(link(datasette, read["moved"]))
    address = _addresses(datasette, typed, asked, alone=alone)
    return await page(
        datasette,
        request,
        "search.html",
        asked=typed,
        only_a_number=bool(_ONLY_A_NUMBER.fullmatch(typed.replace(" ", ""))),
        question=asked,
        fields=filterform.fields(chosen, read["known"], FIELDS),
        chips=filterform.chips(chosen, read["known"], address),
        notes=filterform.notes(chosen),
        also=also_asked(asked.words),
        history=history,
        alone=alone and bool(also_asked(typed)),
        licences=_licences(typed, found=bool(read["found"] and read["found"].documents)),
        address=address,
        turned=lambda page: address(page=str(page)),
        **read,
    )


def _read(
    connection: Connection, asked: Question, typed: str, day: date, *, history: bool, public: bool
) -> dict[str, Any]:
    moved = destination(connection, typed) if typed else None
    found = gather(connection, asked, day, public=public) if typed and not moved else None
    shown = [result["id"] for result in found.results] if found else []
    looked = found is not None and (history or not found.documents)
    return {
        "moved": moved,
        "stood": told(connection, asked, shown if history else (), day, public=public) if looked else [],
        "found": found,
        "last": pages(found.documents, PER_PAGE) if found else 1,
        "known": knowledge.choices(connection),
        "total_documents": 0 if found and found.documents else knowledge.document_count(connection),
    }


def _addresses(datasette: Datasette, typed: str, asked: Question, *, alone: bool) -> Callable[..., str]:
    """``address(conditions, **others)``: of this search, with these conditions in place of its own and others changed."""
    own = filters.query(asked.chosen)
    kept = {
        "q": typed,
        "in": asked.inside,
        "syn": "0" if alone else "",
        "sort": "date" if asked.newest_first else "",
    }

    def address(conditions: str = own, **others: str) -> str:
        said = urlencode({name: value for name, value in {**kept, **others}.items() if value})
        return link(datasette, f"/search?{'&'.join(part for part in (said, conditions) if part)}")

    return address


def _licences(typed: str, *, found: bool) -> list[dict[str, str]]:
    """The licence types that bear the name typed; where nothing holds it, those that it may mean."""
    meant = bearers(typed) or (() if found or not typed else alike(typed))
    return [{"id": each, "name": present.licence_name(each)} for each in meant[:5]]
