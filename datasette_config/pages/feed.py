"""Atom feeds: of everything, a licence, a source, a document, a list of changes under a filter, a search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import BadRequest, NotFound, Request, Response

from datasette_config import knowledge
from datasette_config.choosing import filterform, filters
from datasette_config.choosing.filters import Filter
from datasette_config.language import ENGLISH, language, localized
from datasette_config.language import gettext as _
from datasette_config.machines import feeding
from datasette_config.machines.atom import TAG, Entry, Feed, as_atom
from datasette_config.saying import present
from datasette_config.site import Connection, ask, cut_for, link, now, site_of
from kb.codes import Confirmation
from kb.licences import licences
from kb.store import queries

ENTRIES = 50
HITS = 200
KIND = "application/atom+xml; charset=utf-8"
SETTLED = (str(Confirmation.CONFIRMED), str(Confirmation.CORRECTED))
Read = Callable[[Connection, datetime], tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is about: its name, the path of the page that it accompanies, and its own path."""

    name: str
    page: str
    path: str


async def feed(datasette: Datasette, request: Request) -> Response:
    return await _changes(datasette, Subject(_("最新变动"), "/", request.path), Filter())


async def filtered(datasette: Datasette, request: Request) -> Response:
    """``/changes.atom?…``: the filter of the page ``/changes``. Raises ``BadRequest`` for what cannot be read."""
    chosen = filters.parse(request.args)
    if chosen.unread:  # nobody would see that a feed tells of more than was asked for
        raise BadRequest(str(chosen.unread))
    question = f"?{filters.query(chosen)}" if chosen else ""
    known = await ask(datasette, knowledge.choices)
    said = " · ".join(chip["said"] for chip in filterform.chips(chosen, known, str))
    name = _("变动：%(filter)s") % {"filter": said} if said else _("最新变动")
    subject = Subject(name, f"/changes{question}", f"/changes.atom{question}")
    return await _changes(datasette, subject, chosen)


async def of_licence(datasette: Datasette, request: Request) -> Response:
    licence = request.url_vars["id"]
    if licence not in licences():
        raise NotFound(licence)
    page = f"/licence/{licence}"
    subject = Subject(present.licence_name(licence), page, f"{page}/feed.atom")
    return await _changes(datasette, subject, Filter(licence=(licence,)))


async def of_source(datasette: Datasette, request: Request) -> Response:
    source = request.url_vars["id"]
    title = await ask(datasette, lambda connection: feeding.source_title(connection, source))
    if title is None:
        raise NotFound(source)
    page = f"/source/{source}"
    subject = Subject(title, page, f"{page}/feed.atom")
    return await _changes(datasette, subject, Filter(source=(source,)))


async def of_document(datasette: Datasette, request: Request) -> Response:
    asked = request.url_vars["id"]
    document = await ask(datasette, lambda connection: queries.document_id(connection, asked))
    if document != asked:
        return Response.redirect(link(datasette, f"/document/{document}/feed.atom"), status=301)
    row = await ask(datasette, lambda connection: knowledge.document(connection, document))
    if row is None:
        raise NotFound(document)
    page = f"/document/{document}"

    def read(connection: Connection, moment: datetime) -> tuple[Entry, ...]:
        rows = [
            each
            for each in knowledge.changes_of_document(connection, document)
            if each["origin"] == "live" and each["confirmation"] in SETTLED
        ][:ENTRIES]
        knowledge.with_standing(connection, rows, moment.date())
        return feeding.changes(connection, rows, site_of(datasette).base_url)

    return await _answer(datasette, Subject(row["title"] or _("（无题名）"), page, f"{page}/feed.atom"), read)


async def of_search(datasette: Datasette, request: Request) -> Response:
    """``/search.atom?q=``: rule documents whose text holds the words, those whose text is newest first."""
    words = " ".join((request.args.get("q") or "").split())[: filters.LONGEST]
    cut = cut_for(datasette, request)
    question = urlencode({"q": words})
    subject = Subject(
        _("检索“%(words)s”") % {"words": words}, f"/search?{question}", f"/search.atom?{question}"
    )

    def read(connection: Connection, _moment: datetime) -> tuple[Entry, ...]:
        hits = queries.search(connection, words, limit=HITS) if words else ()
        return feeding.documents(connection, hits, site_of(datasette).base_url, cut=cut)[:ENTRIES]

    return await _answer(datasette, subject, read)


async def _changes(datasette: Datasette, subject: Subject, chosen: Filter) -> Response:
    """Changes observed live: settled ones, unless the filter asks for others."""
    settled = chosen if chosen.confirmation else replace(chosen, confirmation=SETTLED)

    def read(connection: Connection, moment: datetime) -> tuple[Entry, ...]:
        rows = knowledge.live_changes(connection, settled, moment.date(), ENTRIES)
        return feeding.changes(connection, rows, site_of(datasette).base_url)

    return await _answer(datasette, subject, read)


async def _answer(datasette: Datasette, subject: Subject, read: Read) -> Response:
    site = site_of(datasette)

    def reading(connection: Connection) -> tuple[tuple[Entry, ...], str | None]:
        newest = knowledge.newest_look(connection)
        return read(connection, now(datasette, newest)), newest

    entries, newest = await ask(datasette, reading)
    warning = _("演示数据，内容虚构。") if site.demo else ""
    body = as_atom(
        Feed(
            id=f"{TAG}feed:{localized(subject.path)}",
            title=(" " if language() == ENGLISH else "").join(
                filter(None, (warning, f"{_('证策')} · {subject.name}"))
            ),
            subtitle=_("没有看到不等于没有变。差异由程序逐字比对得出，不是法律意见，以官方原文为准。"),
            address=f"{site.base_url}{localized(subject.path)}",
            page=f"{site.base_url}{localized(subject.page)}",
            updated=max((entry.updated for entry in entries), default=newest or "1970-01-01T00:00:00Z"),
            author=_("证策"),
            language=language(),
            before=_("修改前："),
            after=_("修改后："),
            entries=entries,
        )
    )
    return Response(body, content_type=KIND)
