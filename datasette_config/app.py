"""The site as one application: ``build`` for tests and the daemon, ``run`` for ``zhengce serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils import parse_metadata

from datasette_config.site import HERE, PLUGIN
from kb.config import DataDirectory, Settings


def metadata(configuration: dict[str, Any]) -> dict[str, Any]:
    """``metadata.yaml`` with the configuration of our plugin."""
    described: dict[str, Any] = parse_metadata((HERE / "metadata.yaml").read_text("utf-8"))
    return {**described, "plugins": {PLUGIN: configuration}}


def build(
    data: DataDirectory, settings: Settings, *, public: bool | None = None, now: str | None = None
) -> Datasette:
    """The site over a data directory's kb.db, opened read-only and live; ops.db is never opened.

    ``public`` overrules the settings; ``now`` (ISO 8601 with its offset) stands still for the clock. A kb.db that does
    not exist yet is no error: the pages say that nothing was kept so far, and find it when it appears.
    """
    return Datasette(
        [str(data.kb.resolve())],
        config_dir=Path(HERE),
        metadata=metadata(
            {
                "demo": settings.demo,
                "public": settings.site.public if public is None else public,
                "now": now or "",
                "base_url": settings.site.base_url,
            }
        ),
    )


def run(
    data: DataDirectory,
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    *,
    now: str | None = None,
) -> None:
    """Serve until interrupted (SIGINT or SIGTERM). Any host but a loopback one makes the site a public one."""
    import uvicorn

    address = host or settings.site.host
    public = settings.site.public or not is_loopback(address)
    uvicorn.run(
        build(data, settings, public=public, now=now).app(),
        host=address,
        port=settings.site.port if port is None else port,
        log_level="warning",
        lifespan="on",
        workers=1,
        server_header=False,
        date_header=True,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can ask: 127.0.0.0/8, ::1 or localhost."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
