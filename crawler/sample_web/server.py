"""The server of the sample web: one HTTP server a site, each on its own loopback address, all on one port.

Only the standard library: the demonstration must not depend on the framework that crawls it. What is served follows
from the script, the day, the look and how often an address was asked before; there is no clock and no randomness.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from crawler.sample_web import render
from crawler.sample_web.render.common import Answer, Request, View
from crawler.sample_web.script import Site, sites
from kb.errors import ConfigError

GZIP_FROM = 512  # bytes


class SampleWeb:
    """All sites on one port. ``day`` (1 to 4) and ``look`` (1 or 2) say what they show; both may be set at any time.

    ``SampleWeb(port=0)`` takes a free port. Use it as a context manager, or ``start()`` and ``stop()``.
    """

    def __init__(self, port: int = 0) -> None:
        self.day = 1
        self.look = 1
        self._asked: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._servers = _bind(self, port)
        self.port: int = self._servers[0].server_address[1]

    def start(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        closing = [threading.Thread(target=server.shutdown) for server in self._servers]
        for thread in closing:  # each waits for its server's next poll: side by side, not one after the other
            thread.start()
        for thread, server in zip(closing, self._servers, strict=True):
            thread.join()
            server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def answer(self, site: Site, request: Request) -> Answer:
        """The answer to one request; the same requests in the same order give the same answers."""
        with self._counting:
            key = f"{site.source} {request.path}"
            count = self._asked[key]
            self._asked[key] += 1
        view = View(site, self.day, self.look, request.host, count, salt=key)
        return render.answer(view, request)


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, web: SampleWeb, site: Site, port: int) -> None:
        self.web, self.site = web, site
        super().__init__((site.address, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together: two small packets would wait 40 ms for each other
    server: _SiteServer

    def do_GET(self) -> None:
        self._serve("")

    def do_HEAD(self) -> None:
        self._serve("")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._serve(self.rfile.read(length).decode("utf-8"))

    def _serve(self, form: str) -> None:
        host = self.headers.get("Host") or self.server.site.address
        answer = self.server.web.answer(self.server.site, Request(self.command, self.path, host, form))
        body, headers = answer.body, list(answer.headers)
        if self.server.site.validators and answer.status == 200:
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers.append(("ETag", tag))
            if self.headers.get("If-None-Match") == tag:
                self._send(304, headers, b"")
                return
        if "gzip" in (self.headers.get("Accept-Encoding") or "") and len(body) >= GZIP_FROM:
            body = gzip.compress(body, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        self._send(answer.status, [("Content-Type", answer.content_type), *headers], body)

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class calls it by
        """The sample web keeps no access log."""


def _bind(web: SampleWeb, port: int, attempts: int = 20) -> list[_SiteServer]:
    """One server a site, all on the same port; with port 0, on the first port free on every address."""
    for _ in range(attempts):
        servers: list[_SiteServer] = []
        try:
            for site in sites():
                servers.append(_SiteServer(web, site, servers[0].server_address[1] if servers else port))
        except OSError as error:
            for server in servers:
                server.server_close()
            if error.errno == errno.EADDRNOTAVAIL:
                raise _missing_address() from error
            if port or error.errno != errno.EADDRINUSE:
                raise
            continue
        return servers
    raise OSError(errno.EADDRINUSE, f"no port is free on all of {len(sites())} loopback addresses")


def _missing_address() -> ConfigError:
    """Some systems have 127.0.0.1 as their only loopback address."""
    return ConfigError(
        "样例网需要 127.0.0.2 至 127.0.0.9，本机没有这些回环地址",
        do="macOS 请逐个执行 sudo ifconfig lo0 alias 127.0.0.2 up（直到 127.0.0.9）后重试",
    )
