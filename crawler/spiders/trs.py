"""Lists that a column page carries as ``<recordset>``: about 45 newest records; deeper pages want encrypted ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.listing import html_items, trs_items
from crawler.spiders.base import SourceSpider
from crawler.spiders.column import rules_of

if TYPE_CHECKING:
    from scrapy import Request

    from kb.archive import ListedItem


class TrsSpider(SourceSpider):
    def items_of(self, text: str, request: Request) -> tuple[ListedItem, ...]:
        read = trs_items if "<![CDATA[" in text else html_items
        return read(text, rules_of(self), request.meta["url"])
