"""Columns that are an empty shell: the shell names a unit, the unit answers JSON with the list's HTML inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.listing import html_items, jpaas_fragment, jpaas_units, jpaas_url
from crawler.spiders.base import SourceSpider
from crawler.spiders.column import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from kb.archive import ListedItem


class JpaasSpider(SourceSpider):
    def items_of(self, text: str, request: Request) -> tuple[ListedItem, ...] | None:
        if "unit" in request.meta:
            html, _ = jpaas_fragment(text)
            return html_items(html, rules_of(self), request.meta["base"])
        if jpaas_units(text, request.meta["url"]):
            return None
        return html_items(
            text, rules_of(self), request.meta["url"]
        )  # some columns print their rows after all

    def more_lists(self, text: str, request: Request) -> Iterator[Request]:
        meta = request.meta
        if "unit" not in meta:
            for url, params in jpaas_units(text, meta["url"]):
                yield self.unit(url, params, base=meta["url"], page=1)
            return
        url, params, page = meta["unit"]
        _, rows = jpaas_fragment(text)
        if rows and page < rules_of(self).max_pages and meta.get("items"):
            yield self.unit(url, params, base=meta["base"], page=page + 1, rows=rows)

    def unit(self, url: str, params: dict[str, str], *, base: str, page: int, rows: int = 0) -> Request:
        return self.listing(
            jpaas_url(url, params, page, rows), meta={"base": base, "unit": (url, params, page)}
        )
