"""Named addresses without a list: platform documents, and open community documents, which are such pages too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.spiders.base import SourceSpider
from kb.codes import PageRole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from kb.archive import Head


class PagesSpider(SourceSpider):
    def still_wanted(self, head: Head) -> bool:
        """The declaration names every document; what it no longer names is no longer watched."""
        return head.role in {PageRole.ATTACHMENT, PageRole.IMAGE}

    def list_requests(self) -> Iterator[Request]:
        for url in self.session.source.start:
            head = self.session.heads.get(url)
            yield from self.page(url, PageRole.DOCUMENT, title=head.title if head else "")
