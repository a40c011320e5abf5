"""``/chart/changes.svg``: the year as a picture, in light or dark, wide or narrow."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.saying import charts
from datasette_config.saying.charts import Counts, Look
from datasette_config.site import ask, now
from datasette_config.year import as_counts, year_of


async def changes(datasette: Datasette, request: Request) -> Response:
    today = now(datasette, await ask(datasette, knowledge.newest_look)).date()
    counts = as_counts(await year_of(datasette, today))
    seen = charts.look(dark=request.args.get("theme") == "dark", narrow=request.args.get("size") == "narrow")
    return svg(await asyncio.to_thread(_drawn, counts, seen))


@lru_cache(maxsize=32)
def _drawn(counts: Counts, seen: Look) -> bytes:
    return charts.weekly(counts, seen)


def svg(picture: bytes) -> Response:
    return Response(picture.decode(), content_type="image/svg+xml; charset=utf-8")
