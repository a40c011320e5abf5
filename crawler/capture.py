"""Captures: what came over the wire -> the archive, before any spider sees it.

A capture stands under the page that was asked, wherever redirects led: that page is what we watch.

A downloader middleware on the engine's side of redirects and retries, so that it sees each final answer once. No
HttpCompression middleware is on: the body here is the wire's, and ``kb.reading`` is the only place that decodes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.wire import wire_headers
from kb.codes import PageRole
from kb.errors import Undecodable
from kb.model import Capture, canonical_url
from kb.reading.decode import decode_body
from kb.reading.fingerprint import fingerprint

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
        capture = Capture(
            session.source.id,
            meta["url"],
            session.now(),
            response.status,
            wire_headers(response),
            response.body,
            meta["role"],
            session.origin,
        )
        session.received += len(response.body)
        final_url = self._moved_to(request, response)
        meta["text"], meta["items"], mark = "", None, ""
        try:
            mark = self._understand(request, capture)
        finally:  # whatever goes wrong in reading it, the evidence is kept
            seen = session.writer.seen(
                capture,
                fingerprint=mark,
                parent=meta.get("parent", ""),
                title=meta.get("title", ""),
                items=meta["items"],
                final_url=final_url,
                name_parts=lambda: self.spider.parts_of(capture, meta["text"], final_url),
            )
        return seen

    def _understand(self, request: Request, capture: Capture) -> str:
        """Leaves the text and the list's items in the meta; gives the fingerprint."""
        meta = request.meta
        if is_text(capture.headers, capture.role):
            meta["text"] = self._text(capture.body, capture.headers)
        if capture.status != 200:
            return ""
        if capture.role is PageRole.LIST:
            meta["items"] = self.spider.items_of(meta["text"], request)
        return self._fingerprint(meta["text"], capture.url, capture.role)

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
        session = self.session
        return (
            fingerprint(text, url=url, source=session.source, role=role, on=session.today()) if text else ""
        )


def is_text(headers: tuple[tuple[str, str], ...], role: PageRole) -> bool:
    """Attachments and images are compared by their bytes; so is a page that turns out to be a file."""
    if role in {PageRole.ATTACHMENT, PageRole.IMAGE}:
        return False
    declared = next((value.lower() for name, value in headers if name == "Content-Type"), "")
    return not declared or any(kind in declared for kind in _TEXTUAL)
