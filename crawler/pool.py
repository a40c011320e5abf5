"""A crawl's workers: each takes the next request, downloads it, and adds what its answer leads to.

Scrapy's own way from a response to a callback (scheduler, scraper, item tasks) costs a quarter of a recheck and does
nothing for us: we yield no items and ask each address once. The engine's downloader, with its middlewares and its slots
a host, is what we use of it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Protocol

from crawler.failures import DOWNLOAD_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrapy import Request
    from scrapy.core.engine import ExecutionEngine
    from scrapy.http import Response

WORKERS = 16  # each may hold a body of 8 MiB several times over


class Work(Protocol):
    """What a pool asks of a spider."""

    def first_requests(self) -> Iterator[Request]: ...

    def answered(self, response: Response) -> Iterable[Request]: ...

    def exhausted(self) -> bool: ...

    def failed(self, request: Request, error: BaseException) -> None: ...

    def broken(self, request: Request, error: Exception) -> None: ...


class Pool:
    """Works off one spider's requests; an error that nobody foresaw ends one request, not the run."""

    def __init__(self, engine: ExecutionEngine, work: Work, size: int = WORKERS) -> None:
        self._engine, self._work, self._size = engine, work, size
        self._first = work.first_requests()
        self._found: deque[Request] = deque()
        self._busy = 0
        self._news = asyncio.Event()
        self._over = False  # nothing is left of the first requests
        self._done = False

    async def run(self) -> list[Exception]:
        """Until nothing is left to ask; the errors that nobody foresaw and that belong to no request."""
        unforeseen: list[Exception] = []
        while not self._done:
            ended = await asyncio.gather(*(self._worker() for _ in range(self._size)), return_exceptions=True)
            unforeseen += [error for error in ended if isinstance(error, Exception)]
        return unforeseen

    async def _worker(self) -> None:
        while (request := await self._next()) is not None:
            self._busy += 1
            try:
                (error,) = await asyncio.gather(self._one(request), return_exceptions=True)
                if isinstance(error, Exception):
                    self._work.broken(request, error)
            finally:
                self._busy -= 1
                self._news.set()

    async def _next(self) -> Request | None:
        while True:
            if (self._found or not self._over) and self._work.exhausted():
                self._found.clear()
                self._first = iter(())
            if self._found:
                return self._found.popleft()
            if (request := next(self._first, None)) is not None:
                return request
            self._over = True
            if not self._busy:
                self._done = True
                return None
            self._news.clear()
            await self._news.wait()

    async def _one(self, request: Request) -> None:
        try:
            response = await self._engine.download_async(request)
        except DOWNLOAD_ERRORS as error:
            self._work.failed(request, error)
            return
        self._found.extend(self._work.answered(response))
