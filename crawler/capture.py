"""Captures: what came over the wire -> the archive, before any spider sees it.

A capture stands under the page that was asked, wherever redirects led: that page is what we watch.

A downloader middleware on the engine's side of redirects and retries, so that it sees each final answer once. No
HttpCompression middleware is on: the body here is the wire's, and ``kb.reading`` is the only place that decodes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.wire import wire_headers
from kb.errors import Undecodable
from kb.model import Capture, PageRole, canonical_url
from kb.reading import decode_body, fingerprint

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from kb.archive import Seen

_TEXTUAL = ("text/", "json", "xml", "html", "javascript")


class CaptureMiddleware:
    """Writes each answer through ``CaptureWriter``; leaves ``seen``, ``text`` and ``items`` in the request's meta."""

    def __init__(self, crawler: Crawler) -> None:
        self.spider = crawler.spider
        self.session = crawler.spider.session

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CaptureMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        meta = request.meta
        if "robots" in meta:
            return response
        if response.status == 304 and meta.get("head") is not None:
            meta["seen"] = self.session.writer.not_modified(meta["head"], self.session.now())
            return response
        meta["seen"] = self._record(request, response)
        return response

    def _record(self, request: Request, response: Response) -> Seen:
        meta, session = request.meta, self.session
        asked, role = meta["url"], meta["role"]
        final_url = self._moved_to(request, response)
        headers = wire_headers(response)
        text = self._text(response.body, headers) if is_text(headers, role) else ""
        meta["text"] = text
        items = None
        if role is PageRole.LIST and response.status == 200:
            items = self.spider.items_of(text, request)
        meta["items"] = items
        return session.writer.seen(
            Capture(
                session.source.id,
                asked,
                session.now(),
                response.status,
                headers,
                response.body,
                role,
                session.origin,
            ),
            fingerprint=self._fingerprint(text, asked, role) if response.status == 200 else "",
            parent=meta.get("parent", ""),
            title=meta.get("title", ""),
            items=items,
            final_url=final_url,
        )

    def _moved_to(self, request: Request, response: Response) -> str:
        """The address that answered instead of the asked one. Nobody needs to ask it again for itself in this run,
        unless it is a page that we know or that the declaration names."""
        asked, session = request.meta["url"], self.session
        if "redirect_times" not in request.meta or canonical_url(response.url) == canonical_url(asked):
            return ""
        if session.heads.get(response.url) is None and response.url not in session.source.start:
            session.first_time(response.url)
        return response.url

    def _text(self, body: bytes, headers: tuple[tuple[str, str], ...]) -> str:
        try:
            return decode_body(body, headers, self.session.source.encoding).text
        except Undecodable:  # kept in full: the reading of the stored bytes says so, and opens an incident
            return ""

    def _fingerprint(self, text: str, url: str, role: PageRole) -> str:
        return fingerprint(text, url=url, source=self.session.source, role=role) if text else ""


def is_text(headers: tuple[tuple[str, str], ...], role: PageRole) -> bool:
    """Attachments and images are compared by their bytes; so is a page that turns out to be a file."""
    if role in {PageRole.ATTACHMENT, PageRole.IMAGE}:
        return False
    declared = next((value.lower() for name, value in headers if name == "Content-Type"), "")
    return not declared or any(kind in declared for kind in _TEXTUAL)
