"""How a page reads the knowledge base and answers: settings of the site, its day, one bounded read, one response."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response
from datasette.utils.sqlite import sqlite3

from datasette_config.language import localized
from datasette_config.saying.format import as_instant
from kb.config import BEIJING, clock_at
from kb.store.migrations import holds_pages, refuse_other_schema

HERE = Path(__file__).parent
DATABASE = "kb"
PLUGIN = "zhengce"
PERSON = "zhengce.person"
"""Where a request's scope names who signed in."""
Answer = TypeVar("Answer")
Connection = Any  # sqlite3.Connection, or pysqlite3's where that is installed


class BaseNotReady(Exception):
    """kb.db has no tables yet: nothing was ever kept here."""


class NotInThisCopy(Exception):
    """A frozen copy of the knowledge base does not hold this."""


class TooSlow(Exception):
    """A read went over the time limit."""


@dataclass(frozen=True, slots=True)
class Site:
    """``demo``: a banner on every page; ``public``: excerpts only of what may not be published in full;
    ``now``: an ISO instant that stands for the clock, or empty; ``base_url``: where readers reach the site;
    ``frozen``: when the copy was made that this site shows, or empty; ``excerpts_only``: that copy itself holds no more
    than excerpts; ``people``: the file of those who may sign in; the rest as in ``kb.config.SiteSettings``."""

    demo: bool = False
    public: bool = False
    now: str = ""
    base_url: str = "http://127.0.0.1:8001"
    sign_in: str = "off"
    public_read: bool = False
    person_header: str = "X-Forwarded-User"
    proxies: tuple[str, ...] = ()
    limits: Mapping[str, object] = field(default_factory=dict, hash=False)
    people: Path = Path("people.json")
    frozen: str = ""
    excerpts_only: bool = False

    @property
    def prefix(self) -> str:
        """The path under which readers reach the site: ``/``, or ``/zhengce/``."""
        return f"/{urlsplit(self.base_url).path.strip('/')}/".replace("//", "/")

    @property
    def scheme(self) -> str:
        return urlsplit(self.base_url).scheme or "http"


_sites: WeakKeyDictionary[Datasette, Site] = WeakKeyDictionary()


def site_of(datasette: Datasette) -> Site:
    """The plugin's configuration, where the environment may only say yes: ZHENGCE_DEMO=1, ZHENGCE_PUBLIC=1."""
    site = _sites.get(datasette)
    if site is None:
        site = _sites[datasette] = _configured(datasette.plugin_config(PLUGIN) or {})
    return site


def _configured(said: Mapping[str, Any]) -> Site:
    plain = Site()
    return Site(
        demo=bool(said.get("demo")) or os.environ.get("ZHENGCE_DEMO") == "1",
        public=bool(said.get("public")) or os.environ.get("ZHENGCE_PUBLIC") == "1",
        now=str(said.get("now") or ""),
        base_url=str(said.get("base_url") or plain.base_url).rstrip("/"),
        sign_in=str(said.get("sign_in") or plain.sign_in),
        public_read=bool(said.get("public_read")),
        person_header=str(said.get("person_header") or plain.person_header),
        proxies=tuple(said.get("proxies") or ()),
        limits=dict(said.get("limits") or {}),
        people=Path(said.get("people") or plain.people),
        frozen=str(said.get("frozen") or ""),
        excerpts_only=bool(said.get("excerpts_only")),
    )


def sees_all(datasette: Datasette, actor: dict[str, Any] | None) -> bool:
    """Whether somebody may see all that is held: on a site with sign-in who signed in, else who asks a site that is not
    a public one."""
    site = site_of(datasette)
    if site.excerpts_only:
        return False
    return actor is not None if site.sign_in != "off" else not site.public


def may_see_all(datasette: Datasette, request: Request) -> bool:
    """As ``sees_all``, of who asks for this page."""
    return sees_all(datasette, request.actor)


def cut_for(datasette: Datasette, request: Request) -> bool:
    """Whether this reader gets no more than excerpts of what a declaration does not allow to publish in full."""
    return not may_see_all(datasette, request)


async def ask(datasette: Datasette, read: Callable[[Connection], Answer]) -> Answer:
    """Run a read on kb.db in a reader thread, within the site's time limit.

    Raises ``BaseNotReady`` when the tables are not there yet, ``SchemaTooOld`` or ``SchemaTooNew`` when they lack what is
    asked for, and ``TooSlow`` when the limit was met.
    """

    def bounded(connection: Connection) -> Answer:
        with sqlite_timelimit(connection, datasette.setting("sql_time_limit_ms")):
            try:
                return read(connection)
            except sqlite3.OperationalError as error:
                if "no such" in str(error):
                    refuse_other_schema(connection)
                    if not holds_pages(connection):
                        raise BaseNotReady from error
                raise

    try:
        carried = copy_context()  # the reader's language goes along into the thread
        answer: Answer = await datasette.get_database(DATABASE).execute_fn(
            lambda connection: carried.run(bounded, connection)
        )
    except (KeyError, sqlite3.OperationalError) as error:
        words = str(error)
        if isinstance(error, KeyError) and words != repr(DATABASE):
            raise
        if isinstance(error, KeyError) or "unable to open" in words:
            raise BaseNotReady from error
        if "interrupted" in words:
            raise TooSlow from error
        raise
    return answer


def now(datasette: Datasette, newest: str | None) -> datetime:
    """The instant a page speaks at. In the demo, whose days are made up, it is the newest time in its run logs."""
    site = site_of(datasette)
    made_up = as_instant(newest) if site.demo and not site.now else None
    return (made_up or clock_at(site.now or None).now()).astimezone(BEIJING)


@cache
def css_version() -> str:
    """A digest of the style sheet: a new sheet gets a new address."""
    return hashlib.sha256((HERE / "static" / "zhengce.css").read_bytes()).hexdigest()[:10]


def link(datasette: Datasette, path: str) -> str:
    """An address of the site under its prefix, in the reader's language."""
    return localized(str(datasette.urls.path(path)))


async def page(
    datasette: Datasette, request: Request, template: str, *, status: int = 200, **context: Any
) -> Response:
    """One of our own pages as HTML; headers are set in one place, by the security plugin."""
    body = await datasette.render_template(f"zhengce/{template}", context, request=request)
    return Response.html(body, status=status)
