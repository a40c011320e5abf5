"""One renderer a site family: the facts of how such a site is built, filled with our own words."""

from __future__ import annotations

from collections.abc import Callable

from crawler.sample_web.files import docx, png
from crawler.sample_web.render import cac, community, docs, govcn, jpaas, mct, nppa, trouble, trs
from crawler.sample_web.render.common import Answer, Request, View
from crawler.sample_web.script import Family

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

ROUTES: dict[Family, Callable[[View, Request], Answer | None]] = {
    "cac": cac.route,
    "community": community.route,
    "docs": docs.route,
    "govcn": govcn.route,
    "jpaas": jpaas.route,
    "mct": mct.route,
    "nppa": nppa.route,
    "trs": trs.route,
}


def answer(view: View, request: Request) -> Answer:
    """robots.txt and files first, as front servers do; then trouble, if the day has some; then the site itself."""
    if request.path == "/robots.txt":
        return _robots(view)
    if file := _file(view, request.path):
        return file
    if health := view.site.trouble(view.day):
        return trouble.answer(view, health)
    found = ROUTES[view.site.family](view, request)
    return found or trouble.not_found(view)


def _robots(view: View) -> Answer:
    if not view.site.robots:
        return Answer(b"", 404, "text/plain")
    return Answer(view.site.robots.strip().encode() + b"\n", content_type="text/plain")


def _file(view: View, path: str) -> Answer | None:
    for page in view.pages():
        state = view.at(page.path)
        for image in state.images if state else ():
            if image.path == path:
                return Answer(png(image.seed), content_type="image/png")
        for attachment in state.attachments if state else ():
            if attachment.path == path:
                return Answer(docx(attachment.lines), content_type=DOCX)
    return None
