"""``/picture/<capture>.png``: the picture that a capture of a watched image shows, re-encoded."""

from __future__ import annotations

from pathlib import Path

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import knowledge
from datasette_config.pictures import Pictures
from datasette_config.site import DATABASE, NotInThisCopy, ask, cut_for, site_of
from kb.sources import Publish

_pictures = Pictures()


async def picture(datasette: Datasette, request: Request) -> Response:
    """404 for what is no good capture of a watched image, and on a public site for sources of which excerpts alone may be
    shown: a picture has none."""
    if site_of(datasette).frozen:
        raise NotInThisCopy
    row = await ask(
        datasette, lambda connection: knowledge.watched_picture(connection, request.url_vars["id"])
    )
    if row is None or (cut_for(datasette, request) and row["publish"] != Publish.FULL):
        raise NotFound(request.path)
    path = datasette.get_database(DATABASE).path
    return Response(await _pictures.of(Path(path), row), content_type="image/png")
