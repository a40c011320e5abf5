"""robots.txt: fetched once a host by one shared task that answers everybody who waits for it.

RFC 9309: a 4xx leaves the host open; a server error, a timeout, no connection or an answer that cannot be decoded
closes it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request

from crawler.failures import DOWNLOAD_ERRORS, FailureReason, Refused, classify
from crawler.politeness import slow_down
from crawler.wire import wire_headers
from kb.codes import Health
from kb.errors import Undecodable
from kb.reading.decode import undo_content_encoding

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from scrapy.crawler import Crawler
    from scrapy.http import Response

USER_AGENT = "zhengce"


@dataclass(frozen=True)
class Rules:
    """What one host allows: ``closed`` shuts all of it, ``parsed`` is ``None`` when everything is open."""

    parsed: Protego | None = None
    closed: FailureReason | None = None

    def check(self, url: str) -> None:
        """Raises ``Refused``."""
        if self.closed is not None:
            raise Refused(self.closed.health, self.closed.reason, transient=self.closed.transient)
        if self.parsed is not None and not self.parsed.can_fetch(url, USER_AGENT):
            raise Refused(Health.ROBOTS_DISALLOWED, "该网站的 robots.txt 不允许程序访问此网址")


class RobotsMiddleware:
    """Asks a host's robots.txt before the first page of that host, and holds every page until the answer is there."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._session = crawler.spider.session
        self._rules: dict[str, Rules] = {}
        self._tasks: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> Awaitable[None] | None:
        if "robots" in request.meta or not self._session.source.respects_robots:
            return None
        url = request.url
        host = url[: url.find("/", 8)] if url.find("/", 8) > 0 else url
        rules = self._rules.get(host)
        if rules is None:
            return self._wait(host, url)
        rules.check(url)
        return None

    async def _wait(self, host: str, url: str) -> None:
        task = self._tasks.get(host)
        if task is None:
            task = self._tasks[host] = asyncio.ensure_future(self._fetch(host))
        # shield: one waiter that is cancelled must not take the answer from the others
        (await asyncio.shield(task)).check(url)

    async def _fetch(self, host: str) -> Rules:
        request = Request(
            f"{host}/robots.txt",
            headers=self._session.headers,
            meta={"robots": True, "download_timeout": self._session.timeout},
        )
        try:
            rules = self._read(await self._crawler.engine.download_async(request))
        except DOWNLOAD_ERRORS as error:
            reason = classify(error)
            rules = Rules(
                closed=FailureReason(
                    reason.health, f"robots.txt 取不到（{reason.reason}），按不允许处理", reason.transient
                )
            )
        self._rules[host] = rules
        if rules.parsed is not None and (delay := rules.parsed.crawl_delay(USER_AGENT)):
            slow_down(self._crawler, urlsplit(host).hostname or "", delay)
        return rules

    @staticmethod
    def _read(response: Response) -> Rules:
        if 400 <= response.status < 500:
            return Rules()
        if response.status != 200:
            return Rules(
                closed=FailureReason(
                    Health.ROBOTS_DISALLOWED, f"robots.txt 返回 {response.status}，按不允许处理", True
                )
            )
        try:
            body = undo_content_encoding(response.body, wire_headers(response))
        except Undecodable as error:
            return Rules(
                closed=FailureReason(
                    Health.ROBOTS_DISALLOWED, f"robots.txt 无法读取（{error.what}），按不允许处理", True
                )
            )
        return Rules(parsed=Protego.parse(body.decode("utf-8-sig", "replace")))
