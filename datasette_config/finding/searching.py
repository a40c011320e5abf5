"""What a search finds, gathered by document: which, in what order, and the passages of one page of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from datasette_config import knowledge
from datasette_config.choosing.filters import Filter
from datasette_config.choosing.selecting import where_documents
from datasette_config.knowledge import Connection
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying import present
from datasette_config.saying.anchors import fragment
from kb.changing.labels import label
from kb.search import highlights
from kb.sources import Publish
from kb.store.queries.among import EVERY, Among
from kb.store.queries.hits import Hit, hits
from kb.store.queries.search import find

PER_PAGE = 10  # documents
PASSAGES = 3  # of each; with ``inside``, of the one
INSIDE = 100
MOST = 1000  # passages of common words that are gathered
LOOKED = 200  # documents whose status is reckoned


@dataclass(frozen=True, slots=True)
class Question:
    """``words`` as the engine reads them; ``inside`` is the one document that is searched, or empty."""

    words: str
    chosen: Filter
    newest_first: bool
    inside: str
    page: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """One page of documents with their passages (at most ``PASSAGES`` each). ``documents`` and ``passages`` count all
    that was found; not ``complete``: of common words the newest, or of a status the first ``LOOKED``."""

    results: list[dict[str, Any]]
    documents: int
    passages: int
    complete: bool


def gather(connection: Connection, asked: Question, day: date, *, public: bool) -> Gathered:
    found = find(connection, asked.words, MOST, among(asked, day))
    places: dict[str, list[int]] = {}
    for passage, document in found.places:
        places.setdefault(document, []).append(passage)
    order = _newest_first(connection, list(places)) if asked.newest_first else list(places)
    complete = found.complete
    if asked.chosen.status:
        complete = complete and len(order) <= LOOKED
        order = _standing(connection, order[:LOOKED], asked.chosen, day)
    begin = (asked.page - 1) * PER_PAGE
    shown = order[begin : begin + PER_PAGE]
    return Gathered(
        results=_results(connection, asked, {each: places[each] for each in shown}, day, public=public),
        documents=len(order),
        passages=sum(len(places[each]) for each in order),
        complete=complete,
    )


def among(asked: Question, day: date) -> Among:
    """The documents that are searched."""
    conditions: list[str] = []
    values: list[object] = []
    if asked.chosen:
        condition, bound = where_documents(asked.chosen, day)
        conditions, values = [condition], [*bound]
    if asked.inside:
        conditions, values = [*conditions, "d.document_id = ?"], [*values, asked.inside]
    return Among(" AND ".join(conditions), tuple(values)) if conditions else EVERY


def _newest_first(connection: Connection, documents: list[str]) -> list[str]:
    rows = connection.execute(
        "SELECT d.document_id FROM documents d WHERE d.document_id IN (SELECT value FROM json_each(?))"
        " ORDER BY coalesce(d.published, d.made, d.first_seen) DESC, d.id DESC",
        (json.dumps(documents),),
    )
    dated = [row[0] for row in rows]
    return list(dict.fromkeys((*dated, *documents)))


def _standing(connection: Connection, documents: list[str], chosen: Filter, day: date) -> list[str]:
    rows = [{"document_id": each} for each in documents]
    known = set(knowledge.documents_by_id(connection, documents))
    knowledge.with_standing(connection, [row for row in rows if row["document_id"] in known], day)
    return [row["document_id"] for row in rows if row.get("standing") in chosen.status]


def _results(
    connection: Connection, asked: Question, places: dict[str, list[int]], day: date, *, public: bool
) -> list[dict[str, Any]]:
    known = knowledge.documents_by_id(connection, list(places))
    knowledge.with_standing(connection, list(known.values()), day)
    most = INSIDE if asked.inside else PASSAGES
    wanted = [passage for passages in places.values() for passage in passages[:most]]
    shown: dict[str, list[Hit]] = {}
    for hit in hits(connection, asked.words, wanted):
        shown.setdefault(hit.document, []).append(hit)
    return [
        _result(each, shown[each], known.get(each), asked.words, day, public=public)
        | {"more": len(passages) - len(shown[each])}
        for each, passages in places.items()
    ]


def _result(
    document: str, found: list[Hit], row: dict[str, Any] | None, words: str, day: date, *, public: bool
) -> dict[str, Any]:
    """One document with its passages. On a public site a page that may only be excerpted around its changes is found,
    but not quoted."""
    title = found[0].title or _("（无题名）")
    quoted = [hit for hit in found if not public or hit.publish is Publish.FULL]
    return {
        "id": document,
        "title": say.pieces(title, highlights(title, words)),
        "draft": bool(row and row["is_draft"]),
        "status": present.status({**row, "in_force_from": row["effective"]}, day) if row else "",
        "level": say.level_word(row["level"]) if row else "",
        "facts": present.document_facts(row) if row else [],
        "quoted": bool(quoted),
        "passages": [_passage(hit) for hit in quoted],
    }


def _passage(hit: Hit) -> dict[str, Any]:
    """Its printed number is said by the link to it and not once more, unless the number is what was looked for."""
    number = hit.anchor.rpartition("/")[2]
    printed = len(number) if number and hit.snippet.startswith(number) else 0
    if any(start < printed for start, _end in hit.highlights):
        printed = 0
    return {
        "fragment": fragment(hit.anchor),
        "cited": label(hit.anchor),
        "snippet": say.pieces(
            hit.snippet[printed:], [(start - printed, end - printed) for start, end in hit.highlights]
        ),
    }
