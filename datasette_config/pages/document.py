"""``/document/<id>``: a rule with all that is known of it, or one of its text versions."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import as_of, knowledge
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying import present, relating
from datasette_config.saying.anchors import contents, laid_out
from datasette_config.saying.attached import attached
from datasette_config.site import Connection, ask, cut_for, link, now, page
from kb.codes import PageRole, VersionKind
from kb.sources import Publish
from kb.store import queries

MOST_CHANGES, MOST_VERSIONS = 60, 20
"""Shown on the page of a rule; a page of a platform has hundreds."""


def in_list(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["document_id"],
        "title": row["title"] or _("（无题名）"),
        "facts": present.document_facts(row),
        "badges": [
            said
            for said, holds in (
                (_("征求意见稿"), row["is_draft"]),
                (_("原页面撤下（效力待核）"), row["withdrawn"]),
            )
            if holds
        ],
    }


async def document(datasette: Datasette, request: Request) -> Response:
    """The text that stands now; with ``?as-of=`` what stood and what was in force on a day."""
    identifier, asked = request.url_vars["id"], request.args.get("as-of")
    day = as_of.day_of(asked)
    cut = cut_for(datasette, request)

    def read(connection: Connection) -> dict[str, Any]:
        moment = now(datasette, knowledge.newest_look(connection))
        row = _found(connection, identifier, moment.date())
        if row["document_id"] != identifier:
            return {"moved": row["document_id"]}
        if day is not None and row["version_id"]:
            return as_of.read(connection, row, day, moment, cut=cut)
        full = not (cut and row["publish"] == Publish.EXCERPT)
        return {**_read(connection, row, moment.date(), full=full, cut=cut), "full": full}

    context = await ask(datasette, read)
    if "moved" in context:
        day_asked = f"?{urlencode({'as-of': asked})}" if asked else ""
        return Response.redirect(link(datasette, f"/document/{context['moved']}{day_asked}"), status=301)
    if "stood" in context:
        return await page(datasette, request, "as_of.html", **context)
    context["bad_day"] = as_of.not_a_day(asked) if asked and day is None else ""
    status = 400 if context["bad_day"] else 200
    return await page(datasette, request, "document.html", status=status, **context)


def _found(connection: Connection, identifier: str, day: date) -> dict[str, Any]:
    row = knowledge.document(connection, queries.document_id(connection, identifier))
    if row is None:
        raise NotFound(identifier)
    knowledge.with_standing(connection, [row], day)
    return row


def _read(connection: Connection, row: dict[str, Any], day: date, *, full: bool, cut: bool) -> dict[str, Any]:
    identifier = row["document_id"]
    tags = present.surest(queries.tags_of(connection, "document", identifier))
    versions = knowledge.versions(connection, identifier)
    changes = knowledge.changes_of_document(connection, identifier)
    parts = laid_out(*knowledge.text(connection, row["version_id"])) if full and row["version_id"] else []
    return {
        "document": {
            **present.document(row, day),
            "licences": [{"id": tag.licence, "name": present.licence_name(tag.licence)} for tag in tags],
        },
        "changes": [
            present.change({**found, "standing": row["standing"]}, day) for found in changes[:MOST_CHANGES]
        ],
        "change_count": len(changes),
        "text_seen": _seen(row, versions),
        "parts_of_text": parts,
        "headings": contents(parts),
        "versions": [_version(found, row) for found in versions[:MOST_VERSIONS]],
        "version_count": len(versions),
        "attachments": attached(versions, PageRole.ATTACHMENT),
        "images": attached(versions, PageRole.IMAGE),
        "related": relating.related(queries.relations_of(connection, identifier)),
        "copies": relating.copies(versions, row["url"]),
        "diverging": _diverging(connection, identifier, cut=cut),
        "from_draft": _from_draft(connection, row),
        "comparable": sum(version["role"] == PageRole.DOCUMENT for version in versions) > 1
        or bool(row["draft"]),
    }


def _from_draft(connection: Connection, row: dict[str, Any]) -> str:
    """The comparison with the last text of the draft that this rule follows."""
    last = knowledge.document(connection, row["draft"]) if row["draft"] else None
    if last is None or not last["version_id"] or not row["version_id"]:
        return ""
    return f"/document/{row['document_id']}/compare?from={last['version_id']}&to={row['version_id']}"


def _diverging(connection: Connection, identifier: str, *, cut: bool) -> list[dict[str, Any]]:
    return [
        relating.diverging(each, cut=cut and knowledge.any_in_excerpts(connection, [each.page, each.copy]))
        for each in queries.divergences(connection, identifier)
        if each.until is None
    ]


def _seen(row: dict[str, Any], versions: list[dict[str, Any]]) -> str:
    """Since when the text that stands now is known, and until when it was seen."""
    first = say.beijing(row["text_seen"])
    last = next((each["last_seen"] for each in versions if each["version_id"] == row["version_id"]), None)
    if not first:
        return ""
    return _("此版文字 %(first)s 首次看到，%(last)s 最后看到") % {
        "first": first,
        "last": say.beijing(last) or first,
    }


def _version(row: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    of_other_page = row["source_title"] if row["source_title"] != document["source_title"] else ""
    role = say.word(row["role"], PageRole) if row["role"] != PageRole.DOCUMENT else ""
    here = f"/document/{document['document_id']}"
    return {
        "id": row["version_id"],
        "kind": say.word(row["kind"], VersionKind),
        "first_seen": say.beijing(row["first_seen"]),
        "last_seen": _last_seen(row),
        "passed": not row["is_current"] and not row["next_seen"],
        "capture": row["capture"],
        "page_note": " ".join(part for part in (role, of_other_page) if part),
        "text": f"{here}/version/{row['version_id']}",
        "compare": f"{here}/compare?from={row['previous']}&to={row['version_id']}" if row["previous"] else "",
    }


def _last_seen(row: dict[str, Any]) -> str:
    """A text without one after it that does not stand was seen once: no second look has shown it again."""
    if row["is_current"]:
        return say.beijing(row["last_seen"])
    if row["next_seen"]:
        return _("%(time)s 前") % {"time": say.beijing(row["next_seen"])}
    return say.beijing(row["first_seen"])


async def version(datasette: Datasette, request: Request) -> Response:
    """``/document/<id>/version/<version>``: the whole of one text version, of the rule, a copy, an attachment or its draft."""
    given, cut = request.url_vars, cut_for(datasette, request)

    def read(connection: Connection) -> dict[str, Any]:
        known = queries.document_id(connection, given["id"])
        if known != given["id"]:
            return {"moved": known}
        versions = knowledge.versions(connection, known)
        row = next((each for each in versions if each["version_id"] == given["version"]), None)
        if row is None:
            raise NotFound(request.path)
        full = not (cut and row["publish"] == Publish.EXCERPT)
        parts = laid_out(*knowledge.text(connection, row["version_id"])) if full else []
        owner = knowledge.document(connection, given["id"]) or {}
        return {
            "document": {"id": given["id"], "title": owner.get("title") or _("（无题名）")},
            "version": {**_version(row, {**owner, "document_id": given["id"]}), "title": row["title"]},
            "current": bool(row["is_current"]),
            "url": say.safe_url(row["url"]),
            "parts": parts,
            "headings": contents(parts),
            "full": full,
        }

    context = await ask(datasette, read)
    if "moved" in context:
        same = f"/document/{context['moved']}/version/{given['version']}"
        return Response.redirect(link(datasette, same), status=301)
    return await page(datasette, request, "version.html", **context)
