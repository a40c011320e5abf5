"""Named addresses without a list: platform documents, and open community documents, which are such pages too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.spiders.base import SourceSpider
from kb.model import PageRole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request


class PagesSpider(SourceSpider):
    def list_requests(self) -> Iterator[Request]:
        for url in self.session.source.start:
            head = self.session.heads.get(url)
            yield from self.page(url, PageRole.DOCUMENT, title=head.title if head else "")
