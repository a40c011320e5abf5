"""``/robots.txt``, ``/sitemap.xml`` with its parts, and the calendar as iCalendar."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import knowledge
from datasette_config.dates import days_between
from datasette_config.knowledge import Connection
from datasette_config.language import gettext as _
from datasette_config.machines import site_map
from datasette_config.site import ask, now, site_of
from kb.calendar.ics import as_ics
from kb.licences import licences

_FIXED = (
    *("/", "/changes", "/documents", "/licences", "/sources", "/calendar"),
    *(f"/licence/{licence}" for licence in licences()),
)
BEHIND, AHEAD = timedelta(days=31), timedelta(days=365)
XML = "application/xml; charset=utf-8"
ICS = "text/calendar; charset=utf-8"


async def robots(datasette: Datasette) -> Response:
    """Robots are asked in only where everybody is."""
    site = site_of(datasette)
    prefix = urlsplit(site.base_url).path.rstrip("/")
    said = site_map.robots(site.base_url, prefix) if site.public else site_map.nobody()
    return Response.text(said)


async def sitemap(datasette: Datasette) -> Response:
    """The list of the site maps: one of the fixed pages, of documents and of changes as many as are needed."""
    base = site_of(datasette).base_url

    def read(connection: Connection) -> bytes:
        newest = knowledge.newest_look(connection) or ""
        parts = [("pages", 1)]
        for kind in knowledge.ADDRESS_KINDS:
            number = -(-knowledge.addresses_counted(connection, kind) // site_map.MOST)
            parts += [(kind, part) for part in range(1, number + 1)]
        return site_map.maps((f"{base}/sitemap-{kind}-{part}.xml", newest) for kind, part in parts)

    return Response(await ask(datasette, read), content_type=XML)


async def sitemap_part(datasette: Datasette, request: Request) -> Response:
    base, kind, part = site_of(datasette).base_url, request.url_vars["kind"], int(request.url_vars["part"])

    def read(connection: Connection) -> bytes:
        if kind == "pages":
            found = [(path, "") for path in _FIXED] if part == 1 else []
        else:
            found = knowledge.addresses(connection, kind, site_map.MOST, (part - 1) * site_map.MOST)
        if not found:
            raise NotFound(request.path)
        return site_map.urls((f"{base}{path}", changed) for path, changed in found)

    return Response(await ask(datasette, read), content_type=XML)


async def calendar(datasette: Datasette, request: Request) -> Response:
    """``/calendar.ics`` with what ``licence`` and ``kind`` name, and ``/licence/<id>/calendar.ics``."""
    named = request.url_vars.get("id") or request.args.get("licence") or ""
    wanted = tuple(part for part in named.split(",") if part)
    if not set(wanted) <= set(licences()):
        raise NotFound(named)

    def read(connection: Connection) -> bytes:
        moment = now(datasette, knowledge.newest_look(connection))
        since, until = moment.date() - BEHIND, moment.date() + AHEAD
        kind = request.args.get("kind")
        found = [
            each for each in days_between(connection, since, until, wanted) if kind in {None, "", each.kind}
        ]
        written = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        warning = _("演示数据，内容虚构。") if site_of(datasette).demo else ""
        return as_ics(found, now=written, warning=warning)

    body = await ask(datasette, read)
    attachment = {"content-disposition": 'attachment; filename="zhengce.ics"'}
    return Response(body, content_type=ICS, headers=attachment)
