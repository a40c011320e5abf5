"""gov.cn: the feed of latest policies and the gazette, whose index names issues, which name documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.listing import gazette_issues, govcn_items, html_items, is_json
from crawler.spiders.base import SourceSpider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from kb.archive import ListedItem


class GovcnSpider(SourceSpider):
    def items_of(self, text: str, request: Request) -> tuple[ListedItem, ...] | None:
        rules, url = self.session.source.list, request.meta["url"]
        if not is_json(text):
            return html_items(text, rules, url) if rules else ()
        items = govcn_items(text, rules, url)
        return items if items or not self._issues(text, url) else None

    def more_lists(self, text: str, request: Request) -> Iterator[Request]:
        if not is_json(text) or request.meta.get("items"):
            return
        for issue in self._issues(text, request.meta["url"]):
            if not self.session.asked(issue):
                yield self.listing(issue)

    def _issues(self, text: str, url: str) -> list[str]:
        rules = self.session.source.list
        return gazette_issues(text, url, rules.max_pages if rules else 1)
