"""Who asks: a session that a password opened, the same password by HTTP Basic, or a person whom a proxy of ours names.

``[site] sign_in`` of zhengce.toml chooses: ``off``, ``password`` or ``proxy``. A session is a signed cookie that names the
person and carries the stamp of their password; it ends after 30 days, with the password, and when they are removed.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import re
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

from cachetools import TTLCache
from datasette.app import Datasette
from itsdangerous import BadSignature

from datasette_config.guard import refusing
from datasette_config.guard.limits import Limits
from datasette_config.guard.visitors import Address, Headers, is_one_of, peer, values
from datasette_config.site import Site
from kb.errors import ConfigError
from kb.people import People, Person, spelt

log = logging.getLogger("zhengce.site")
SESSION, CSRF = "zhengce_session", "ds_csrftoken"
SESSION_DAYS = 30
SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
OPEN = {"/healthz", SIGN_IN, SIGN_OUT, "/robots.txt", "/favicon.ico"}
OPEN_FOLDERS = ("/static/", "/-/static/")
MACHINES = re.compile(r"^/api(/|$)|\.(atom|json|csv|ics|xml|svg|png)$")
_COOKIE = re.compile(r"(?:^|;)\s*(zhengce_session|ds_csrftoken)=([\w.~:=-]{1,1000})\s*(?=;|$)", re.ASCII)
_PERSON = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
WAITING = 8


def cookies(headers: Headers) -> dict[str, str]:
    """Our own cookies; of others, and of what is no cookie at all, nothing."""
    return dict(_COOKIE.findall(";".join(values(headers, "cookie"))))


def is_open(raw_path: bytes) -> bool:
    """Whether strangers may ask for it even where people sign in; of the address as Datasette routes it, not decoded."""
    path = raw_path.decode("latin-1").partition("?")[0]
    return path in OPEN or path.startswith(OPEN_FOLDERS)


def named_by_proxy(site: Site, client: tuple[object, ...] | None, headers: Headers) -> str | None:
    """The person in the header that a proxy sets. From any other address, or said twice, it is nobody's word."""
    said = values(headers, site.person_header)
    if len(said) != 1 or not is_one_of(peer(client), site.proxies):
        return None
    name = said[0].strip()
    return name if _PERSON.fullmatch(name) else None


def inside(path: str) -> str:
    """An address of this site, whatever a request asks to go on to."""
    good = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return quote(path, safe="/?&=%+:,;@~") if good else "/"


class Door:
    """The passwords and sessions of one site."""

    def __init__(self, datasette: Datasette, people: Path, limits: Limits) -> None:
        self._datasette, self._people, self._limits = datasette, People(people), limits
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sign-in")
        self._waiting = 0
        self._key = secrets.token_bytes(32)
        self._known: TTLCache[bytes, str] = TTLCache(maxsize=500, ttl=300)

    def people(self) -> Mapping[str, Person]:
        """Everybody who may sign in; nobody while the file cannot be used."""
        try:
            return self._people.all()
        except ConfigError as error:
            log.error("%s", error)
            return {}

    async def verified(self, name: str, password: str, address: Address) -> Person | None:
        """Who gave the right password. Raises ``Refused`` for one try too many."""
        if not self.people():
            return None
        name = spelt(name)
        self._limits.try_password(name, address)
        if self._waiting >= WAITING:
            raise refusing.too_busy()
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            person = await loop.run_in_executor(self._worker, self._people.verified, name, password)
        finally:
            self._waiting -= 1
        if person is not None:
            self._limits.right_password(name, address)
        return person

    def session(self, person: Person) -> str:
        """The value of a cookie that opens the site to somebody."""
        ends = int(time.time()) + SESSION_DAYS * 86400
        return str(self._datasette.sign([person.name, person.stamp, ends], SESSION))

    def in_session(self, headers: Headers) -> str | None:
        """The person whose session this is, while it lasts."""
        given = cookies(headers).get(SESSION)
        if given is None:
            return None
        try:
            name, stamp, ends = self._datasette.unsign(given, SESSION)
        except (BadSignature, ValueError, TypeError):
            return None
        person = self.people().get(name)
        if person is None or ends < time.time() or not hmac.compare_digest(person.stamp, stamp):
            return None
        return person.name

    async def by_basic(self, headers: Headers, address: Address) -> str | None:
        """The person of an ``Authorization: Basic`` header. What was right is known again for five minutes."""
        given = basic(headers)
        if given is None:
            return None
        name, password = spelt(given[0]), given[1]
        person = self.people().get(name)
        stamp = person.stamp if person else ""
        said = "\0".join((name, password, stamp)).encode("utf-8", "surrogatepass")
        mark = hmac.digest(self._key, said, hashlib.sha256)
        if mark in self._known:
            return self._known[mark]
        if (found := await self.verified(name, password, address)) is None:
            return None
        self._known[mark] = found.name
        return found.name


def basic(headers: Headers) -> tuple[str, str] | None:
    """Name and password of RFC 7617, in UTF-8."""
    said = values(headers, "authorization")
    scheme, _, given = said[0].partition(" ") if len(said) == 1 else ("", "", "")
    if scheme.lower() != "basic" or len(given) > 1000:
        return None
    try:
        name, colon, password = base64.b64decode(given.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None
