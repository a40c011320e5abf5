"""What may be asked of the site, and the headers every answer carries.

One ASGI wrapper around everything: it refuses what the site does not offer (writing, Datasette's own inspection pages,
CSV until its cells are guarded against formulas, addresses that could be read as another host) and sets the headers.
Tables are readable by name: what ``metadata.yaml`` does not describe is denied, so that a new table, a full-text
shadow table or a cursor is private until somebody decides otherwise.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from datasette.app import Datasette

from datasette_config.language import asked, speaking
from datasette_config.site import DATABASE, site_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OWN_PAGES = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
STOCK_PAGES = (  # Datasette's table pages carry inline scripts and styles
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
LONGEST_QUERY = 2000


def may_read(datasette: Datasette, action: str, resource: Any) -> bool | None:
    """False for a table or view that metadata.yaml does not describe; on a public site also for those marked private."""
    if action != "view-table" or resource is None or resource[0] != DATABASE:
        return None
    described = (datasette.metadata("tables", database=DATABASE, fallback=False) or {}).get(resource[1])
    if described is None or (site_of(datasette).public and described.get("loopback_only")):
        return False
    return None


def names_us(host: str, base_url: str) -> bool:
    """Whether a Host header names this site: localhost, the host of ``base_url``, or an address in digits.

    A name of somebody else's that resolves to this machine (DNS rebinding) would let their page read a private site;
    an address in digits cannot be rebound.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        ours = urlsplit(base_url).hostname or ""
    except ValueError:
        return False
    if name in {"localhost", ours}:
        return bool(name)
    try:
        ip_address(name)
    except ValueError:
        return name.endswith(".localhost")
    return True


def refusal(scope: Scope, base_url: str) -> int | None:
    """The status with which a request is refused, or ``None``."""
    host = next((value for key, value in scope.get("headers", ()) if key == b"host"), b"localhost")
    if not names_us(host.decode("latin-1"), base_url):
        return 421
    if scope["method"] not in {"GET", "HEAD"}:
        return 405
    raw = scope.get("raw_path") or scope["path"].encode()
    path = unquote(scope["path"])
    query = scope.get("query_string", b"").decode("latin-1")
    if len(query) > LONGEST_QUERY or len(raw) > LONGEST_QUERY:
        return 414
    odd = raw.startswith(b"//") or path.startswith("//") or "\\" in path or any(ord(c) < 32 for c in path)
    inspection = path.startswith("/-") and not path.startswith("/-/static/")
    csv = path.lower().endswith(".csv") or ("_format", "csv") in (
        (key, value.lower()) for key, value in parse_qsl(query)
    )
    return 404 if odd or inspection or csv else None


def policy(path: str) -> str:
    first = path.split("/")[1] if path.startswith("/") else ""
    return STOCK_PAGES if first.split(".")[0] == DATABASE else OWN_PAGES


def caching(path: str, status: int, public: bool) -> bytes:
    """A style sheet keeps its address for its bytes; pages are shared for a minute on a public site only."""
    if path.startswith(("/static/", "/-/static/")) and status in {200, 304}:
        return b"public, max-age=86400"
    if path == "/healthz" or status >= 400:
        return b"no-store"
    return b"public, max-age=60" if public else b"no-cache"


def guarded(datasette: Datasette) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            path = scope["path"]

            async def send_with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": headers(message, path, site_of(datasette).public)}
                await send(message)

            status = refusal(scope, site_of(datasette).base_url)
            with speaking(asked(scope.get("query_string", b"").decode("latin-1"))):
                if status is None:
                    await app(scope, receive, send_with_headers)
                else:
                    await refuse(status, send_with_headers)

        return asgi

    return wrap


def headers(message: Message, path: str, public: bool) -> list[tuple[bytes, bytes]]:
    """Ours in place of the application's own; a response that is private (it depends on a cookie) stays so."""
    given = [(key.lower(), value) for key, value in message.get("headers", [])]
    private = any(key == b"cache-control" and b"private" in value for key, value in given)
    cache = b"private, no-store" if private else caching(path, message["status"], public)
    ours = [*ALWAYS, (b"content-security-policy", policy(path).encode()), (b"cache-control", cache)]
    names = {key for key, _ in ours}
    return [(key, value) for key, value in given if key not in names] + ours


SAID = {
    404: "没有这个页面。",
    405: "本网站只供阅读。",
    414: "地址太长。",
    421: "这个域名不是本网站。若网站在代理之后，请把 zhengce.toml 的 site.base_url 设为读者所用的网址。",
}


async def refuse(status: int, send: Send) -> None:
    body = f"{SAID[status]}\n".encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                *([(b"allow", b"GET, HEAD")] if status == 405 else []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
