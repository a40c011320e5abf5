"""CAC lists: the first page is in the column page, the others answer to ``POST /cms/JsonList``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from scrapy import FormRequest

from crawler.listing import cac_items, cac_total, html_items, row_count
from crawler.spiders.base import SourceSpider
from crawler.spiders.column import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from kb.archive import ListedItem


class CacSpider(SourceSpider):
    def items_of(self, text: str, request: Request) -> tuple[ListedItem, ...] | None:
        number = request.meta.get("number")
        if number is None:
            return html_items(text, rules_of(self), request.meta["url"])
        if number > 1 and cac_total(text) <= (number - 1) * self.per_page:
            return None  # a page after the last one
        return cac_items(text, rules_of(self), request.meta["base"])

    def more_lists(self, text: str, request: Request) -> Iterator[Request]:
        """The JSON pages: after a full column page from the second on, after a shorter or empty one from the first."""
        meta, limit = request.meta, rules_of(self).max_pages
        if (number := meta.get("number")) is not None:
            if number < limit and number * self.per_page < cac_total(text):
                yield self.json_list(meta["base"], number + 1)
            return
        printed = row_count(text, rules_of(self))
        if limit > 1 or not printed:
            yield self.json_list(meta["url"], 2 if printed >= self.per_page else 1)

    @property
    def per_page(self) -> int:
        cac = self.session.source.cac
        return cac.per_page if cac else 1

    def json_list(self, column: str, number: int) -> Request:
        """One page of ``POST /cms/JsonList``, known by the address that its form would make as a query."""
        cac = self.session.source.cac
        if cac is None:
            raise ValueError(f"{self.session.source.id} has no [cac]")
        form = {
            "channelCode": cac.channel,
            "perPage": str(cac.per_page),
            "pageno": str(number),
            "condition": "0",
            "fuhao": "=",
            "value": "",
        }
        url = urljoin(column, cac.endpoint)
        request = self.listing(
            url, recorded=f"{url}?{urlencode(form)}", meta={"base": column, "number": number}
        )
        return request.replace(cls=FormRequest, method="POST", formdata=form)
