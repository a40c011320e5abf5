"""The site as one application: ``build`` for tests and the daemon, ``run`` for ``zhengce serve``."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasette.app import Datasette
from datasette.utils import parse_metadata

from datasette_config.site import HERE, PLUGIN
from kb.config import DataDirectory, Settings
from kb.errors import ConfigError, system_words
from kb.people import signing_key
from kb.store.frozen import published


def metadata(configuration: dict[str, Any]) -> dict[str, Any]:
    """``metadata.yaml`` with the configuration of our plugin."""
    described: dict[str, Any] = parse_metadata((HERE / "metadata.yaml").read_text("utf-8"))
    return {**described, "plugins": {PLUGIN: configuration}}


def build(
    data: DataDirectory,
    settings: Settings,
    *,
    public: bool | None = None,
    now: str | None = None,
    frozen: Path | None = None,
) -> Datasette:
    """The site over a data directory's kb.db, opened read-only and live; ops.db is never opened.

    ``public`` overrules the settings; ``now`` (ISO 8601 with its offset) stands still for the clock. A kb.db that does
    not exist yet is no error: the pages say that nothing was kept so far, and find it when it appears. With ``frozen``
    it is the site over that publication instead, which never changes; raises ``Corrupt`` or ``NotFound``.
    """
    site = settings.site
    prefix = f"/{urlsplit(site.base_url).path.strip('/')}/".replace("//", "/")
    configured = {
        **site.model_dump(mode="json", exclude={"host", "port"}),
        "demo": settings.demo,
        "public": site.public if public is None else public,
        "now": now or "",
        "people": str(data.people),
    }
    database = data.kb.resolve()
    if frozen:
        database, manifest = published(frozen)
        configured |= {
            "frozen": manifest.made_at,
            "excerpts_only": manifest.texts == "excerpts",
            "demo": settings.demo or manifest.demo,
        }
    return Datasette(
        [] if frozen else [str(database)],
        immutables=[str(database)] if frozen else None,
        config_dir=Path(HERE),
        settings={**json.loads((HERE / "settings.json").read_text("utf-8")), "base_url": prefix},
        metadata=metadata(configured),
        secret=signing_key(data.site_key) if site.sign_in == "password" else None,
    )


def run(
    data: DataDirectory,
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    *,
    now: str | None = None,
    frozen: Path | None = None,
    ready: Callable[[str], None] = lambda _address: None,
) -> None:
    """Serve until interrupted (SIGINT or SIGTERM). Any host but a loopback one makes the site a public one.

    ``ready`` is told the site's address once it is ours. Raises ``ConfigError`` when it cannot be had.
    """
    import uvicorn

    address = host or settings.site.host
    public = settings.site.public or not is_loopback(address)
    listening = listen(address, settings.site.port if port is None else port)
    served = f"http://{_named(address)}:{listening.getsockname()[1]}"
    configuration = uvicorn.Config(
        build(data, reached_at(settings, served), public=public, now=now, frozen=frozen).app(),
        log_level="warning",
        lifespan="on",
        workers=1,
        server_header=False,
        date_header=True,
        proxy_headers=False,  # which proxies are believed is ours to say
    )
    ready(f"{served}/")
    with suppress(KeyboardInterrupt):
        uvicorn.Server(configuration).run(sockets=[listening])


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def reached_at(settings: Settings, served: str) -> Settings:
    """The settings with the address that is really served as that of readers, unless ``base_url`` was set. Nobody reaches
    0.0.0.0 or ::, which stand for every address of this machine: of those only the port is taken."""
    if "base_url" in settings.site.model_fields_set:
        return settings
    parts = urlsplit(served)
    here = served if parts.hostname not in {"0.0.0.0", "::"} else f"http://127.0.0.1:{parts.port}"  # noqa: S104
    return settings.model_copy(update={"site": settings.site.model_copy(update={"base_url": here})})


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address. Raises ``ConfigError`` when it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigError(
            f"网站不能开在这个地址：{system_words(error)}",
            where=f"{host}:{port}",
            do="请用 --port 换一个端口，或先停止占用它的程序",
        ) from error
    return listening


def is_loopback(host: str) -> bool:
    """Whether only this machine can ask: 127.0.0.0/8, ::1 or localhost."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
