"""--replay: every request of declared hosts goes to one local origin, with its own path, query and Host header.

Pages keep the addresses they have in the world; what is recorded is marked as replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from crawler.guard import refuse_unless_allowed
from kb.errors import ConfigError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


def replay_origin(url: str) -> str:
    """``http://host:port`` without path. Raises ``ConfigError``."""
    parts = urlsplit(url)
    if (
        parts.scheme != "http"
        or not parts.hostname
        or parts.port is None
        or parts.path not in {"", "/"}
        or parts.query
    ):
        raise ConfigError(f"回放地址有误：{url}", do="请写成 http://127.0.0.1:端口 的形式")
    return f"http://{parts.netloc}"


class ReplayDownloadHandler(HTTP11DownloadHandler):
    """Asks the replay origin, and nobody else: the host of every request is checked here, at the last door."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        session = crawler.spider.session
        self._origin = urlsplit(session.replay)
        self._guard = session.guard

    async def download_request(self, request: Request) -> Response:
        refuse_unless_allowed(self._guard, request.url)
        parts = urlsplit(request.url)
        url = urlunsplit((self._origin.scheme, self._origin.netloc, parts.path or "/", parts.query, ""))
        headers = request.headers.copy()
        headers[b"Host"] = parts.netloc.encode("idna" if not parts.netloc.isascii() else "ascii")
        response = await super().download_request(request.replace(url=url, headers=headers))
        return response.replace(url=request.url)
