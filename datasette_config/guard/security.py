"""What may be asked of the site, by whom, and the headers every answer carries.

One ASGI wrapper around everything. It takes the site's path prefix off, refuses what the site does not offer (writing,
Datasette's own inspection pages, CSV of raw tables, addresses that could be read as another host), counts what is
expensive, asks who comes in where people sign in, and sets the headers. Tables are readable by name: what
``metadata.yaml`` does not describe is denied, so that a new table, a full-text shadow table or a cursor is private until
somebody decides otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, quote_from_bytes, unquote, urlencode, urlsplit
from weakref import WeakKeyDictionary

from datasette.app import Datasette

from datasette_config.guard import limits, refusing, signin
from datasette_config.guard.refusing import App, Message, Receive, Refused, Scope, Send
from datasette_config.guard.visitors import values, visitor
from datasette_config.language import asked, localized, speaking
from datasette_config.site import DATABASE, PERSON, Site, sees_all, site_of

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
    (b"cross-origin-resource-policy", b"same-origin"),
)
LONGEST_QUERY = 2000
ASCII = "".join(map(chr, range(128)))
LONGEST_FORM = 4000
COST = "zhengce.cost"
FORM = "application/x-www-form-urlencoded"


class Gate:
    """What one site remembers between requests: counts and sessions."""

    def __init__(self, datasette: Datasette, site: Site) -> None:
        self.limits = limits.Limits(site.limits)
        self.door = signin.Door(datasette, site.people, self.limits)


_gates: WeakKeyDictionary[Datasette, Gate] = WeakKeyDictionary()


def gate_of(datasette: Datasette) -> Gate:
    if datasette not in _gates:
        _gates[datasette] = Gate(datasette, site_of(datasette))
    return _gates[datasette]


def shown_tables(datasette: Datasette, actor: dict[str, Any] | None) -> set[str]:
    """The tables and views that somebody may read: those that metadata.yaml describes, but for strangers not those that
    it marks private."""
    described = datasette.metadata("tables", database=DATABASE, fallback=False) or {}
    everything = sees_all(datasette, actor)
    return {name for name, said in described.items() if everything or not said.get("loopback_only")}


def may_read(datasette: Datasette, actor: dict[str, Any] | None, action: str, resource: Any) -> bool | None:
    """False for any other table; of the rest Datasette decides."""
    if action != "view-table" or resource is None or resource[0] != DATABASE:
        return None
    return None if resource[1] in shown_tables(datasette, actor) else False


def names_us(host: str, base_url: str) -> bool:
    """Whether a Host header names this site: localhost, the host of ``base_url``, or an address in digits.

    A name of somebody else's that resolves to this machine (DNS rebinding) would let their page read a private site;
    an address in digits cannot be rebound.
    """
    if set(host) & set("@/?#\\ \t"):  # of which urlsplit would take a part
        return False
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


def placed(scope: Scope, site: Site) -> Scope:
    """The request as if the site stood at the root: without the prefix that a proxy may have left on, with the scheme
    that readers use, with no cookies but ours, and for tables without the language, which is known by now."""
    prefix = site.prefix
    raw = scope.get("raw_path") or scope["path"].encode()
    path, given = scope["path"], list(scope.get("headers", ()))
    if prefix != "/" and (raw + b"/").startswith(prefix.encode()):
        path, raw = "/" + path[len(prefix) :], b"/" + raw[len(prefix) :]
    ours = "; ".join(f"{name}={value}" for name, value in signin.cookies(given).items())
    headers = [(key, value) for key, value in given if key not in {b"cookie", b"x-csrftoken"}]
    if ours:
        headers.append((b"cookie", ours.encode("ascii")))
    query = quote_from_bytes(
        scope.get("query_string", b""), safe=ASCII
    ).encode()  # curl sends Chinese as it is
    if is_stock(path):  # where Datasette would look for rows whose column lang says so
        query = b"&".join(part for part in query.split(b"&") if not part.startswith(b"lang="))
    changed = {"path": path, "raw_path": raw, "query_string": query, "headers": headers}
    return {**scope, **changed, "scheme": site.scheme}


def check(scope: Scope, site: Site) -> None:
    """Raises ``Refused`` for what the site does not offer to anybody."""
    host = (values(scope["headers"], "host") or ["localhost"])[0]
    if not names_us(host, site.base_url):
        raise refusing.other_host()
    path, raw = unquote(scope["path"]), scope["raw_path"]
    query = scope.get("query_string", b"").decode("latin-1")
    posts = site.sign_in == "password" and path in {signin.SIGN_IN, signin.SIGN_OUT}
    if scope["method"] not in {"GET", "HEAD"} and not (posts and scope["method"] == "POST"):
        raise refusing.read_only()
    if len(query) > LONGEST_QUERY or len(raw) > LONGEST_QUERY:
        raise refusing.too_long()
    odd = path.startswith("//") or "\\" in path or any(ord(c) < 32 for c in path) or is_respelt(scope, site)
    inspection = path.startswith("/-") and not path.startswith("/-/static/")
    raw_csv = path.lower().endswith(".csv") and is_stock(path)
    raw_csv |= ("_format", "csv") in ((key, value.lower()) for key, value in parse_qsl(query))
    if odd or inspection or raw_csv:
        raise refusing.not_found()


def is_respelt(scope: Scope, site: Site) -> bool:
    """Whether Datasette would read another page out of the address than we do: it takes the prefix off once more, and
    reads ``~6Bb`` as kb."""
    raw = scope["raw_path"]
    again = site.prefix != "/" and raw.startswith(site.prefix.encode())
    return again or not raw.startswith(b"/") or raw.startswith(b"//") or b"~" in raw.split(b"/")[1]


def is_stock(path: str) -> bool:
    """Whether Datasette's own pages answer there."""
    first = path.split("/")[1] if path.startswith("/") else ""
    return first.split(".")[0] == DATABASE


async def form(scope: Scope, receive: Receive) -> Receive:
    """The body of a form, read here and given again, because nobody behind us bounds it. Raises ``Refused``."""
    if scope["method"] != "POST":
        return receive
    if any(site in {"cross-site", "same-site"} for site in values(scope["headers"], "sec-fetch-site")):
        raise refusing.from_elsewhere()
    if [kind.partition(";")[0].strip().lower() for kind in values(scope["headers"], "content-type")] != [
        FORM
    ]:
        raise refusing.not_a_form()
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LONGEST_FORM:
            raise refusing.too_large()
    given = dict(parse_qsl(body.decode("latin-1")))
    token = given.get("csrftoken", "")
    if not (body.isascii() and token.isascii() and token and signin.CSRF in signin.cookies(scope["headers"])):
        raise refusing.from_elsewhere()

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def person_of(gate: Gate, scope: Scope, site: Site) -> str | None:
    """Who asks, where people sign in; ``None`` for a stranger."""
    if site.sign_in == "proxy":
        return signin.named_by_proxy(site, scope.get("client"), scope["headers"])
    if site.sign_in == "password":
        return gate.door.in_session(scope["headers"]) or await gate.door.by_basic(
            scope["headers"], scope["visitor"]
        )
    return None


def admit(scope: Scope, site: Site) -> None:
    """Raises ``Refused`` for a stranger where people have to sign in: on to the form, or to who asks a machine's way."""
    path = scope["path"]
    if site.sign_in == "off" or site.public_read or scope[PERSON] or signin.is_open(scope["raw_path"]):
        return
    if site.sign_in == "proxy":
        raise refusing.sign_in_at_the_proxy()
    if signin.MACHINES.search(path):
        raise refusing.sign_in_with_basic()
    wanted = scope["raw_path"].decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    wanted += f"?{query}" if query else ""
    after = f"?{urlencode({'next': wanted})}" if wanted != "/" else ""
    raise refusing.sign_in_first(localized(f"{site.prefix}{signin.SIGN_IN[1:]}{after}"))


def guarded(datasette: Datasette) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            site = site_of(datasette)
            language = asked(scope.get("query_string", b"").decode("latin-1"))
            scope = placed(scope, site)

            async def send_with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": headers(message, scope, site)}
                await send(message)

            with speaking(language):
                try:
                    receive = await entered(gate_of(datasette), site, scope, receive)
                    with gate_of(datasette).limits.busy(scope[COST]):
                        await app(scope, receive, send_with_headers)
                except Refused as refused:
                    await refusing.say(refused, scope["path"], send_with_headers)

        return asgi

    return wrap


async def entered(gate: Gate, site: Site, scope: Scope, receive: Receive) -> Receive:
    """A request let in, its scope naming visitor, person and cost. Raises ``Refused`` in the order of what it costs us."""
    check(scope, site)
    query = scope.get("query_string", b"").decode("latin-1")
    scope["visitor"] = visitor(scope.get("client"), scope["headers"], site.proxies)
    reached_by_others = site.public or site.sign_in != "off"
    scope[COST] = limits.kind(scope["path"], query, DATABASE) if reached_by_others else None
    gate.limits.take(scope[COST], scope["visitor"])
    receive = await form(scope, receive)
    scope[PERSON] = await person_of(gate, scope, site)
    admit(scope, site)
    return receive


def policy(path: str) -> str:
    return STOCK_PAGES if is_stock(path) else OWN_PAGES


def caching(path: str, status: int, *, shared: bool) -> bytes:
    """A style sheet keeps its address for its bytes; pages are shared for a minute where everybody sees the same."""
    if path.startswith(("/static/", "/-/static/")) and status in {200, 304}:
        return b"public, max-age=86400"
    if path in {"/healthz", signin.SIGN_IN, signin.SIGN_OUT} or status >= 400:
        return b"no-store"
    return b"public, max-age=60" if shared else b"private, no-cache"


def headers(message: Message, scope: Scope, site: Site) -> list[tuple[bytes, bytes]]:
    """Ours in place of the application's own; redirects keep the prefix; what sets a cookie is kept by nobody."""
    given = [(key.lower(), value) for key, value in message.get("headers", [])]
    shared = site.public and (site.sign_in == "off" or site.public_read) and not scope.get(PERSON)
    cache = caching(scope["path"], message["status"], shared=shared)
    if any(key == b"set-cookie" for key, _ in given):
        cache = b"private, no-store"
    ours = [*ALWAYS, (b"content-security-policy", policy(scope["path"]).encode()), (b"cache-control", cache)]
    if site.sign_in != "off":
        told_by = "Cookie, Authorization" if site.sign_in == "password" else site.person_header
        ours.append((b"vary", told_by.encode()))
    names = {key for key, _ in ours} - {b"vary"}
    kept = [(key, value) for key, value in given if key not in names]
    return [(key, prefixed(value, site) if key == b"location" else value) for key, value in kept] + ours


def prefixed(location: bytes, site: Site) -> bytes:
    """An address of the site with its prefix, once."""
    prefix = site.prefix.encode()
    if not location.startswith(b"/") or location.startswith((b"//", prefix)):
        return location
    return prefix + location[1:]
