import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from kb.errors import AddressRefused, ChannelGone, ConfigError, DeliveryFailed
from scheduler.alerts.channels.webhook import REPLY, send_webhook
from scheduler.alerts.outbox import Outgoing
from scheduler.ops import WebhookSettings

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY3ODk="
Make = Callable[..., Outgoing]


class Endpoint:
    """A receiver whose ``reply`` writes the answer; ``got`` is what was posted."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.sent = 0
        self.reply: Callable[[BaseHTTPRequestHandler], None] = lambda handler: self.answer(handler, 204)
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                try:
                    endpoint.reply(self)
                except (BrokenPipeError, ConnectionResetError):
                    return

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
        handler.send_response_only(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def secret(tmp_path: Path) -> str:
    (tmp_path / "secret").write_text(SECRET)
    return f"file:{tmp_path / 'secret'}"


@pytest.fixture
def hook(endpoint: Endpoint, secret: str) -> WebhookSettings:
    return WebhookSettings(url=endpoint.url, secret=secret, allow_private=True)


def test_a_receiver_can_verify_what_it_got(
    endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make
) -> None:
    assert send_webhook(make_outgoing(), hook) == "对方服务器已接收（204）"
    ((headers, body),) = endpoint.got
    said = Webhook(SECRET).verify(body, headers)
    assert headers["webhook-id"] == "al-7f3c20000000"
    assert headers["host"] == hook.url.split("/")[2]
    assert said["type"] == "change.confirmed"
    assert said["schema_version"] == 1
    assert said["timestamp"] == "2026-11-23T22:43:00Z"
    assert said["text"] == "短"
    assert said["data"]["alert"] == headers["webhook-id"]
    assert said["data"]["url"] == "http://x.invalid"


def test_an_altered_body_does_not_verify(
    endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make
) -> None:
    send_webhook(make_outgoing(), hook)
    ((headers, body),) = endpoint.got
    altered = json.dumps({**json.loads(body), "text": "别的"}).encode()
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(altered, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, {**headers, "webhook-id": "al-other"})


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(
    endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make, status: int
) -> None:
    endpoint.reply = lambda handler: endpoint.answer(handler, status, Location=endpoint.url)
    with pytest.raises(DeliveryFailed, match=str(status)):
        send_webhook(make_outgoing(), hook)
    assert len(endpoint.got) == 1


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_what_may_pass_is_tried_again(
    endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make, status: int
) -> None:
    endpoint.reply = lambda handler: endpoint.answer(handler, status)
    with pytest.raises(DeliveryFailed, match=str(status)):
        send_webhook(make_outgoing(), hook)


def test_410_means_gone(endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make) -> None:
    endpoint.reply = lambda handler: endpoint.answer(handler, 410)
    with pytest.raises(ChannelGone):
        send_webhook(make_outgoing(), hook)


def test_plain_http_and_private_addresses_need_the_operators_word(
    endpoint: Endpoint, secret: str, make_outgoing: Make
) -> None:
    with pytest.raises(ValidationError, match="https"):
        WebhookSettings(url=endpoint.url, secret=secret)
    for host in ("127.0.0.1", "10.0.0.1", "[::1]", "169.254.169.254", "2130706433", "localhost"):
        with pytest.raises(AddressRefused):
            send_webhook(make_outgoing(), WebhookSettings(url=f"https://{host}/", secret=secret))
    assert endpoint.got == []


@pytest.mark.parametrize(
    "url", ["https://h.invalid:99999/", "https://[::1/h", "https://:8443/", "https://h:0/"]
)
def test_an_address_that_cannot_be_posted_to_is_no_setting(url: str) -> None:
    with pytest.raises(ValidationError, match="url"):
        WebhookSettings(url=url, secret="env:X")


def test_a_name_that_nobody_answers_for_is_given_up(
    hook: WebhookSettings, make_outgoing: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1.5) or [])
    began = time.monotonic()
    with pytest.raises(DeliveryFailed, match="解析"):
        send_webhook(make_outgoing(), hook, timeout=0.2)
    assert time.monotonic() - began < 1


def test_a_slow_receiver_is_given_up(endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make) -> None:
    """One header byte at a time keeps every single read in time; the limit is for everything together."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)

    endpoint.reply = drip
    began = time.monotonic()
    with pytest.raises(DeliveryFailed, match="TimeoutError"):
        send_webhook(make_outgoing(), hook, timeout=0.4)
    assert time.monotonic() - began < 2


def test_an_endless_reply_is_not_read(endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make) -> None:
    written = []

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.end_headers()
        try:
            for _ in range(20_000):
                handler.wfile.write(b"x" * 4096)
                written.append(4096)
        except OSError:
            written.append(0)
            raise

    endpoint.reply = flood
    send_webhook(make_outgoing(), hook)
    for _ in range(100):
        if written and written[-1] == 0:
            break
        time.sleep(0.02)
    assert written[-1] == 0
    assert sum(written) < 20_000 * REPLY / 2


def test_proxies_of_the_environment_are_not_used(
    endpoint: Endpoint, hook: WebhookSettings, make_outgoing: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    send_webhook(make_outgoing(), hook)
    assert len(endpoint.got) == 1


@pytest.mark.parametrize("bad", ["", "whsec_", "whsec_!"])
def test_a_secret_that_cannot_sign_is_named(
    endpoint: Endpoint, tmp_path: Path, make_outgoing: Make, bad: str
) -> None:
    (tmp_path / "bad").write_text(bad)
    settings = WebhookSettings(url=endpoint.url, secret=f"file:{tmp_path / 'bad'}", allow_private=True)
    with pytest.raises(ConfigError, match="密钥"):
        send_webhook(make_outgoing(), settings)
    assert endpoint.got == []
