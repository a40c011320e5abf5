"""A real HTTP server on loopback for the crawler's tests, and a crawl in its own process against it."""

from __future__ import annotations

import json
import os
import ssl
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import scrapy.crawler  # noqa: F401

# Loaded once here, so that a forked crawl starts at once; none of them installs a Twisted reactor.
import crawler.capture
import crawler.replay
import crawler.robots
import crawler.run
import crawler.spiders
from kb.archive import Failed, RunFinished, Seen, read_run_log

LOOPBACK = ("127.0.0.0/8",)


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    cut: int = 0  # bytes that are promised and not sent
    wait: float = 0.0


Answer = Reply | Callable[["Asked"], Reply]


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


def page(text: str) -> Reply:
    return Reply(f"<html><body><h1>办法</h1><div id=c><p>{text}</p></div></body></html>".encode())


class LocalWeb:
    """Answers by path; remembers what it was asked. An unknown path is a 404, also ``/robots.txt``."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    self.command, self.path, dict(self.headers), self.rfile.read(length), time.monotonic()
                )
                web.asked.append(asked)
                answer = web.answers.get(self.path, Reply(b"not found", 404))
                reply = answer(asked) if callable(answer) else answer
                time.sleep(reply.wait)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.status != 304:
                    self.send_header("Content-Length", str(len(reply.body) + reply.cut))
                self.end_headers()
                self.wfile.write(reply.body)
                if reply.cut:
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """A client that hangs up is what some tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@dataclass
class Crawled:
    """What one crawl left behind."""

    code: int
    stderr: str
    events: list[Any]
    folder: Path

    @property
    def seen(self) -> list[Seen]:
        return [event for event in self.events if isinstance(event, Seen)]

    @property
    def failed(self) -> list[Failed]:
        return [event for event in self.events if isinstance(event, Failed)]

    @property
    def end(self) -> RunFinished:
        (event,) = [event for event in self.events if isinstance(event, RunFinished)]
        return event


class Desk:
    """Writes a declaration and crawls it in a child process, as the scheduler does."""

    def __init__(self, root: Path) -> None:
        self.root, self.captures = root, root / "captures"
        self.days = 0

    def declare(self, **fields: Any) -> Path:
        fields = {
            "id": "test.source",
            "title": "测试",
            "authority": "测试机关",
            "mechanism": "pages",
            "level": "regulator",
            "publish": "full",
            "delay_seconds": 0,
            "document": {"body": [{"css": "#c"}], "min_characters": 1},
            **fields,
        }
        path = self.root / "source.toml"
        # every JSON value used here is a TOML value too, except objects
        path.write_text("\n".join(f"{key} = {_toml(value)}" for key, value in fields.items()), "utf-8")
        return path

    def job(self, declaration: Path, **fields: Any) -> dict[str, Any]:
        self.days += 1
        return {
            "declaration": str(declaration),
            "captures": str(self.captures),
            "allow_addresses": LOOPBACK,
            "now": f"2026-11-{self.days:02}T06:00:00+08:00",
            **fields,
        }

    def crawl(self, declaration: Path, **fields: Any) -> Crawled:
        before = set(self.captures.glob("*/*.jsonl"))
        code, stderr = _in_a_child(json.dumps(self.job(declaration, **fields)))
        new = sorted(set(self.captures.glob("*/*.jsonl")) - before)
        events = [event for log in new for _, event in read_run_log(log)]
        return Crawled(code, stderr, events, new[0].parent if new else self.captures)


def _in_a_child(job: str) -> tuple[int, str]:
    """``crawler.run`` in a forked process: as separate as ``python -m crawler.run``, without importing Scrapy anew."""
    with tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            os.dup2(stderr.fileno(), 2)
            sys.stderr = os.fdopen(2, "w", buffering=1)
            code = 1
            try:
                code = crawler.run.main(lambda: job)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        stderr.seek(0)
        return os.waitstatus_to_exitcode(status), stderr.read().decode()


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
