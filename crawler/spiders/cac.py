"""CAC lists: the first page is in the column page, the others answer to ``POST /cms/JsonList``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from scrapy import FormRequest

from crawler.listing import cac_items, html_items, is_json
from crawler.spiders.base import SourceSpider
from crawler.spiders.column import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from kb.archive import ListedItem


class CacSpider(SourceSpider):
    def items_of(self, text: str, request: Request) -> tuple[ListedItem, ...]:
        read = cac_items if is_json(text) else html_items
        return read(text, rules_of(self), request.meta.get("base") or request.meta["url"])

    def more_lists(self, text: str, request: Request) -> Iterator[Request]:  # noqa: ARG002
        """The JSON pages, once, after the column page; from the first on when the column page shows no rows."""
        if "base" in request.meta:
            return
        first = 2 if request.meta.get("items") else 1
        for number in range(
            first, max(first, rules_of(self).max_pages) + (first == 1 or rules_of(self).max_pages > 1)
        ):
            yield self.json_list(request.meta["url"], number)

    def json_list(self, column: str, number: int) -> Request:
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
        return self.posted(url, form, recorded=f"{url}?{urlencode(form)}", base=column)

    def posted(self, url: str, form: dict[str, str], *, recorded: str, base: str) -> Request:
        request = self.listing(url, recorded=recorded, meta={"base": base})
        return request.replace(cls=FormRequest, method="POST", formdata=form)
