"""``/document/<id>`` (metadata, text by passages, versions) and ``/documents`` (all of them, newest first)."""

from __future__ import annotations

from datetime import date
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present, relating
from datasette_config.errors import EMPTY
from datasette_config.paging import page_number, pages
from datasette_config.site import Connection, ask, cut_for, now, page
from kb.changing.labels import label
from kb.codes import PageRole, VersionKind
from kb.model import Passage
from kb.sources import Publish
from kb.store import queries

PER_PAGE = 50


async def documents(datasette: Datasette, request: Request) -> Response:
    number = page_number(request)
    total = await ask(datasette, knowledge.document_count)
    found = await ask(
        datasette, lambda connection: knowledge.documents(connection, PER_PAGE, (number - 1) * PER_PAGE)
    )
    return await page(
        datasette,
        request,
        "documents.html",
        total=total,
        documents=[in_list(row) for row in found],
        page=number,
        pages=pages(total, PER_PAGE),
        address=lambda other: datasette.urls.path(f"/documents?page={other}"),
        notice=EMPTY if total == 0 else "这一页没有文件。",
    )


def in_list(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["document_id"],
        "title": row["title"] or "（无题名）",
        "facts": present.document_facts(row),
        "badges": [
            said
            for said, holds in (("征求意见稿", row["is_draft"]), ("原页面撤下（效力待核）", row["withdrawn"]))
            if holds
        ],
    }


async def document(datasette: Datasette, request: Request) -> Response:
    identifier = request.url_vars["id"]
    known = await ask(datasette, lambda connection: queries.document_id(connection, identifier))
    if known != identifier:
        return Response.redirect(datasette.urls.path(f"/document/{known}"), status=301)
    row = await ask(datasette, lambda connection: knowledge.document(connection, identifier))
    if row is None:
        raise NotFound(identifier)
    day = now(datasette, await ask(datasette, knowledge.newest_look)).date()
    public = cut_for(datasette, request)
    full = not (public and row["publish"] == Publish.EXCERPT)
    context = await ask(datasette, lambda connection: _read(connection, row, day, full=full, public=public))
    return await page(datasette, request, "document.html", full=full, **context)


def _read(
    connection: Connection, row: dict[str, Any], day: date, *, full: bool, public: bool
) -> dict[str, Any]:
    identifier = row["document_id"]
    tags = present.surest(queries.tags_of(connection, "document", identifier))
    seen = say.beijing(row["text_seen"])
    versions = knowledge.versions(connection, identifier)
    knowledge.with_standing(connection, [row], day)
    return {
        "document": {
            **present.document(row, day),
            "licences": [{"id": tag.licence, "name": present.licence_name(tag.licence)} for tag in tags],
        },
        "changes": [
            present.change(found, day)
            for found in knowledge.with_standing(
                connection, knowledge.changes_of_document(connection, identifier), day
            )
        ],
        "text_seen": f"此版文字首次看到于 {seen}" if seen else "",
        "passages": [_passage(one) for one in queries.passages(connection, row["version_id"])]
        if full
        else [],
        "versions": [_version(found, row) for found in versions],
        "related": relating.related(queries.relations_of(connection, identifier)),
        "copies": relating.copies(versions, row["url"]),
        "diverging": [
            relating.diverging(
                each, cut=public and knowledge.any_in_excerpts(connection, [each.page, each.copy])
            )
            for each in queries.divergences(connection, identifier)
            if each.until is None
        ],
    }


def _passage(one: Passage) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "ordinal": one.ordinal,
        "text": one.text,
        "printed": one.printed,
        "fragment": present.fragment(one.anchor),
        "cited": label(one.anchor),
    }


def _version(row: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    compared = row["previous"] and row["role"] == PageRole.DOCUMENT
    of_other_page = row["source_title"] if row["source_title"] != document["source_title"] else ""
    role = say.word(row["role"], PageRole) if row["role"] != PageRole.DOCUMENT else ""
    return {
        "kind": say.word(row["kind"], VersionKind),
        "first_seen": say.beijing(row["first_seen"]),
        "last_seen": say.beijing(row["last_seen"])
        if row["is_current"]
        else f"{say.beijing(row['next_seen'])} 前",
        "capture": row["capture"],
        "page_note": " ".join(part for part in (role, of_other_page) if part),
        "compare": f"/document/{document['document_id']}/compare?from={row['previous']}&to={row['version_id']}"
        if compared
        else "",
    }
