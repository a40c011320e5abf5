"""``/licence/<id>``: one licence or filing type, its changes and its rules."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import knowledge, present
from datasette_config.pages.document import in_list
from datasette_config.site import ask, now, page


async def licence(datasette: Datasette, request: Request) -> Response:
    identifier = request.url_vars["id"]
    row = await ask(datasette, lambda connection: knowledge.licence(connection, identifier))
    if row is None:
        raise NotFound(identifier)
    day = now(datasette, await ask(datasette, knowledge.newest_run)).date()
    names = await ask(datasette, knowledge.licence_names)
    changes = await ask(datasette, lambda connection: knowledge.changes_of_licence(connection, identifier))
    found = await ask(datasette, lambda connection: knowledge.documents_of_licence(connection, identifier))
    facts = [
        {"name": "又称", "text": "、".join(row["aliases"])},
        {"name": "主管机关", "text": row["regulator"]},
        {"name": "上级事项", "text": names.get(row["parent"], row["parent"])},
        {"name": "编号", "text": row["licence_id"]},
    ]
    return await page(
        datasette,
        request,
        "licence.html",
        licence={"name": row["zh"], "english": row["en"], "facts": [fact for fact in facts if fact["text"]]},
        changes=[present.change(one, names, day) for one in changes],
        documents=[in_list(one) for one in found],
    )
