"""``/healthz``: whether the site can read the knowledge base; for monitors, without any content."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import Response

from datasette_config.site import BaseNotReady, TooSlow, ask


async def healthz(datasette: Datasette) -> Response:
    try:
        await ask(datasette, lambda connection: connection.execute("select 1").fetchone())
    except (BaseNotReady, TooSlow) as error:
        return Response.json({"ok": False, "reason": type(error).__name__}, status=503)
    return Response.json({"ok": True})
