"""The flow every mechanism shares: lists -> documents -> their attachments and images, and everything known again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from crawler.failures import UNUSABLE_ADDRESS, classify, own_error
from crawler.politeness import conditional_headers
from crawler.pool import Pool
from kb.archive import NamedPart
from kb.codes import PageRole
from kb.errors import ZhengceError
from kb.reading.page import read_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy.http import Response

    from crawler.failures import FailureReason
    from crawler.session import Session
    from kb.archive import Head, ListedItem
    from kb.model import Capture
    from kb.sources import Source


# A superset of the links that kb.reading takes for attachments, asked before a page is read in full.
FILE_LINK = re.compile(
    r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar|7z|pptx?|rtf|txt|csv)\b|downloadfile|filename=", re.I
)


def may_name_files(text: str, source: Source) -> bool:
    """Whether reading a page could yield attachments or watched images."""
    rules = source.document
    return bool(text) and bool(rules.images or rules.attachments or FILE_LINK.search(text))


class SourceSpider(Spider):
    """One crawl of one source. Subclasses say where lists are (``list_requests``), what a list names (``items_of``) and
    which lists follow from one (``more_lists``)."""

    name = "source"

    def __init__(self, session: Session, **other: Any) -> None:
        super().__init__(**other)
        self.session = session

    async def start(self) -> AsyncIterator[Request]:
        """The whole crawl; hands Scrapy's scheduler nothing."""
        errors = await Pool(self.crawler.engine, self).run()
        self.session.errors += [f"{type(error).__name__}：{error}" for error in errors]
        return
        yield  # Scrapy wants an asynchronous generator

    def first_requests(self) -> Iterator[Request]:
        """Lists first, then everything known; or, for a second look, only the pages that were named."""
        session = self.session
        if session.pages is not None:
            for url in session.pages:
                yield from self.again(url)
            return
        yield from self.list_requests()
        for head in list(session.heads):
            if self.still_wanted(head):
                yield from self.page(head.url, head.role, parent=head.parent, title=head.title)

    # ------------------------------------------------------------------ what mechanisms differ in

    def list_requests(self) -> Iterable[Request]:
        """Requests for the first list pages; or for the documents, where a source has no list."""
        return [self.listing(url) for url in self.session.source.start]

    def items_of(self, text: str, request: Request) -> tuple[ListedItem, ...] | None:
        """What a list page names; ``None`` for a page that names nothing itself: the shell of a list, or one past its end."""
        raise NotImplementedError

    def more_lists(self, text: str, request: Request) -> Iterable[Request]:  # noqa: ARG002
        """Requests for the lists that follow from one."""
        return ()

    def still_wanted(self, head: Head) -> bool:
        """Whether a known page is looked at though nothing names it today: all are, but lists, which name themselves."""
        return head.role is not PageRole.LIST

    # ------------------------------------------------------------------ requests

    def listing(self, url: str, *, recorded: str = "", **more: Any) -> Request:
        """A list page: always asked for in full, because its rows lead on. ``recorded`` names an answer that is only
        told apart by what was posted."""
        recorded = recorded or url
        self.session.first_time(recorded)
        meta = {"url": recorded, "role": PageRole.LIST, **more.pop("meta", {})}
        return self._request(url, meta, {}, **more)

    def page(self, url: str, role: PageRole, *, parent: str = "", title: str = "") -> Iterator[Request]:
        """A document, attachment or image, once a run; with the validators of its head when they may be used."""
        if not self.session.first_time(url):
            return
        head = self.session.validators_of(url)
        conditional = conditional_headers(head)
        meta: dict[str, Any] = {"url": url, "role": role}
        if conditional:
            meta["head"] = head
        if parent:
            meta["parent"] = parent
        if title:
            meta["title"] = title
        try:
            yield self._request(url, meta, conditional)
        except ValueError:  # an address that is none, e.g. a scheme without a host
            self._log(meta, UNUSABLE_ADDRESS)

    def again(self, url: str) -> Iterator[Request]:
        """A second look at one known page. Lists change nothing by themselves: only those a declaration starts with."""
        head = self.session.heads.get(url)
        if head is None:
            yield from self.page(url, PageRole.DOCUMENT)
        elif head.role is not PageRole.LIST:
            yield from self.page(head.url, head.role, parent=head.parent, title=head.title)
        elif url in self.session.source.start:
            yield self.listing(url)

    def _request(self, url: str, meta: dict[str, Any], headers: dict[str, str], **more: Any) -> Request:
        meta["download_timeout"] = self.session.timeout
        return Request(url, headers={**self.session.headers, **headers}, meta=meta, **more)

    # ------------------------------------------------------------------ answers

    def answered(self, response: Response) -> Iterator[Request]:
        """What an answer leads to; the capture middleware has already written it down."""
        list_page = response.request.meta["role"] is PageRole.LIST
        return self.parse_list(response) if list_page else self.parse_page(response)

    def exhausted(self) -> bool:
        return self.session.exhausted()

    def failed(self, request: Request, error: BaseException) -> None:
        self._log(request.meta, classify(error))

    def broken(self, request: Request, error: Exception) -> None:
        """An error that nobody foresaw: ours. The run says so, and the page is not taken for one we looked at."""
        said = str(error) if isinstance(error, ZhengceError) else f"{type(error).__name__}：{error}"
        self.session.errors.append(f"{said}（{request.meta['url'][:200]}）")
        self._log(request.meta, own_error(error))

    def parse_list(self, response: Response) -> Iterator[Request]:
        meta = response.request.meta
        if response.status != 200 or self.session.pages is not None:
            return
        items, rules = meta.get("items") or (), self.session.source.list
        if rules is not None and len(items) > rules.max_items:
            return  # no such list was declared: an incident tells of it, and its rows lead nowhere
        for item in items:
            yield from self.page(item.url, PageRole.DOCUMENT, title=item.title)
        yield from self.more_lists(meta["text"], response.request)

    def parse_page(self, response: Response) -> Iterator[Request]:
        """Requests for the parts that a document kept in full names."""
        seen = response.request.meta["seen"]
        for part in seen.parts:
            yield from self.page(part.url, part.role, parent=seen.page, title=part.title)

    def parts_of(self, capture: Capture, text: str, final_url: str) -> tuple[NamedPart, ...]:
        """The attachments and watched images that a document names."""
        source = self.session.source
        if capture.status != 200 or capture.role is not PageRole.DOCUMENT or not may_name_files(text, source):
            return ()
        document = read_page(
            capture.body,
            url=final_url or capture.url,
            status=capture.status,
            headers=capture.headers,
            source=source,
            on=self.session.today(),
        ).document
        if document is None:
            return ()
        attachments = [NamedPart(link.url, PageRole.ATTACHMENT, link.name) for link in document.attachments]
        images = [NamedPart(link.url, PageRole.IMAGE, link.name) for link in document.images]
        return (*attachments, *(images if source.document.images else ()))

    def _log(self, meta: dict[str, Any], why: FailureReason) -> None:
        self.session.writer.failed(
            meta["url"],
            meta["role"],
            self.session.now(),
            health=why.health,
            reason=why.reason,
            transient=why.transient,
            parent=meta.get("parent", ""),
            title=meta.get("title", ""),
        )
