"""``/feed.atom``: confirmed changes observed live, for feed readers, the newest first."""

from __future__ import annotations

import re

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge, present
from datasette_config.site import ask, now, site_of

ENTRIES = 50
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def feed(datasette: Datasette, request: Request) -> Response:
    newest = await ask(datasette, knowledge.newest_look)
    day = now(datasette, newest).date()
    told = await ask(
        datasette,
        lambda connection: knowledge.with_standing(
            connection, knowledge.settled_live_changes(connection, ENTRIES), day
        ),
    )
    entries = [
        {
            **present.change(row, day),
            "published": row["observed_to"],
            "updated": row["confirmed_at"] or row["observed_to"],
        }
        for row in told
    ]
    body = await datasette.render_template(
        "zhengce/feed.atom",
        {
            "changes": entries,
            "base": site_of(datasette).base_url,
            "updated": newest or "1970-01-01T00:00:00Z",
        },
        request=request,
    )
    return Response(NOT_XML.sub("", body), content_type="application/atom+xml; charset=utf-8")
