"""Server-rendered list pages, t-date lists among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.listing import html_items, next_pages
from crawler.spiders.base import SourceSpider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from kb.archive import ListedItem
    from kb.sources import ListRules


def rules_of(spider: SourceSpider) -> ListRules:
    """The list rules, which the declaration of this mechanism must have."""
    rules = spider.session.source.list
    if rules is None:
        raise ValueError(f"{spider.session.source.id} has no [list]")
    return rules


class ColumnSpider(SourceSpider):
    def items_of(self, text: str, request: Request) -> tuple[ListedItem, ...]:
        return html_items(text, rules_of(self), request.meta["url"])

    def more_lists(self, text: str, request: Request) -> Iterator[Request]:
        number = request.meta.get("page", 1)
        limit = rules_of(self).max_pages - number + 1
        for ahead, following in enumerate(next_pages(text, request.meta["url"], limit), 1):
            if not self.session.asked(following):
                yield self.listing(following, meta={"page": number + ahead})
