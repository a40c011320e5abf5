"""Whom a crawl may ask: declared hosts only, on every hop, and never an address that is not public.

The name is checked before a request leaves, the address at the moment of connecting: the resolver hands out only
answers it has checked, and the connection uses that very answer, so that a name cannot be rebound in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError
from w3lib.url import safe_url_string

from crawler.failures import UNUSABLE_ADDRESS, Refused
from kb.codes import Health
from kb.errors import AddressRefused
from kb.netguard import Guard, literal_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

VALIDATORS = ("If-None-Match", "If-Modified-Since")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class HostGuard:
    """The hosts of one source and the operator's address rule. ``resolved`` is off when a replay origin answers."""

    def __init__(self, hosts: Iterable[str], guard: Guard, *, resolved: bool = True) -> None:
        self.hosts = frozenset(host.lower() for host in hosts)
        self.guard, self.resolved = guard, resolved
        self.refused: dict[str, str] = {}  # host name -> the address it resolved to
        self._passed: set[str] = (
            set()
        )  # scheme://netloc already found good: there are few, and thousands of pages

    def check_url(self, url: str) -> None:
        """Raises ``AddressRefused`` for another scheme, an undeclared host or port, credentials, or a private address
        spelled out."""
        start, mark, rest = url.partition("://")
        origin = start + mark + rest.partition("/")[0]
        if origin in self._passed and "\\" not in url:
            return
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS:
            raise AddressRefused("只访问 http 和 https 网址", where=url[:200])
        if "\\" in url or "@" in parts.netloc:
            raise AddressRefused("网址中带有反斜线或用户名", where=url[:200])
        netloc = parts.netloc.lower().removesuffix(_DEFAULT_PORTS[parts.scheme])
        if netloc not in self.hosts:
            raise AddressRefused(
                f"{netloc or '空主机名'} 不在来源声明的主机中",
                where=url[:200],
                do="如确属该来源，请在来源配置的 hosts 中写明",
            )
        if self.resolved and (address := literal_address(parts.hostname or "")) is not None:
            self.guard.check(address)
        self._passed.add(origin)

    def check_address(self, host: str, address: str) -> None:
        """Raises ``AddressRefused`` and remembers whose address it was."""
        try:
            self.guard.check(address)
        except AddressRefused:
            self.refused[host] = address
            raise


class GuardMiddleware:
    """Checks every request that is about to leave: pages, redirects, robots.txt."""

    def __init__(self, guard: HostGuard) -> None:
        self.guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(crawler.spider.session.guard)

    def process_request(self, request: Request) -> None:
        refuse_unless_allowed(self.guard, request.url)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A refused address surfaces as a name that did not resolve; say what it was."""
        host = urlsplit(request.url).hostname or ""
        if address := self.guard.refused.get(host):
            raise Refused(
                Health.REFUSED, f"{host} 解析到 {address}：不访问本机、内网或保留地址"
            ) from exception


def refuse_unless_allowed(guard: HostGuard, url: str) -> None:
    """Raises ``Refused``, which Scrapy does not retry."""
    try:
        guard.check_url(url)
    except AddressRefused as error:
        raise Refused(Health.REFUSED, str(error)) from error
    except ValueError as error:  # no address at all
        raise Refused(UNUSABLE_ADDRESS.health, UNUSABLE_ADDRESS.reason) from error


def _target(response: Response) -> str:
    """Where a redirect leads. Raises ``Refused``."""
    try:
        return str(response.urljoin(safe_url_string(response.headers["Location"])))
    except ValueError as error:
        raise Refused(UNUSABLE_ADDRESS.health, UNUSABLE_ADDRESS.reason) from error


class GuardedRedirectMiddleware(RedirectMiddleware):
    """Redirects, each hop checked before a request is made of it; sends no Referer."""

    def _engine_started(self) -> None:
        """No Referer middleware is on, and none is missed."""

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002 - Scrapy's signature
        request.headers.pop("Referer", None)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status in {301, 302, 303, 307, 308} and "Location" in response.headers:
            refuse_unless_allowed(self.crawler.spider.session.guard, _target(response))
        following = super().process_response(request, response)
        if isinstance(following, Request):  # validators speak of the asked address alone
            for name in VALIDATORS:
                following.headers.pop(name, None)
        return following


class _RefusedLookup(DNSLookupError):
    """An answer of the resolver that the guard does not let pass."""


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and only hands out addresses that the guard lets pass. Literal addresses come this way too."""

    guard: HostGuard

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        try:
            self.guard.check_address(name, address)
        except AddressRefused as error:
            raise _RefusedLookup(str(error)) from error
        return address


def resolver_for(guard: HostGuard) -> type[GuardedResolver]:
    """A resolver class bound to one guard: Scrapy wants a class, and settings are copied deeply."""
    return type("BoundResolver", (GuardedResolver,), {"guard": guard})
