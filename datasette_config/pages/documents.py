"""``/documents``: all rule documents, the newest first, under any filter that an address can say."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.choosing import filterform, filters
from datasette_config.choosing.filters import Filter
from datasette_config.errors import nothing_kept
from datasette_config.knowledge import Place
from datasette_config.pages.document import in_list
from datasette_config.saying import present
from datasette_config.site import Connection, ask, link, now, page

PER_PAGE = 50
FIELDS = ("licence", "status", "draft", "authority", "region", "source")
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2}[0-9TZ:]*)~([a-z]{2}-[0-9a-f]{1,64})")


async def documents(datasette: Datasette, request: Request) -> Response:
    chosen, before = filterform.asked(request.args, _PLACE)
    moment = now(datasette, await ask(datasette, knowledge.newest_look))
    read = await ask(datasette, lambda connection: _read(connection, chosen, before, moment))

    def address(query: str) -> str:
        return link(datasette, f"/documents?{query}" if query else "/documents")

    rest = read["listed"].rest
    return await page(
        datasette,
        request,
        "documents.html",
        fields=filterform.fields(chosen, read["known"], FIELDS),
        chips=filterform.chips(chosen, read["known"], address),
        notes=filterform.notes(chosen),
        chosen=chosen,
        more=chosen != Filter(licence=chosen.licence, words=chosen.words),
        all=address(""),
        table=link(datasette, f"/documents.csv?{filters.query(chosen)}".rstrip("?")),
        first=address(filters.query(chosen)) if before else "",
        rest=address(filters.query(chosen, before="~".join(rest))) if rest else "",
        **read,
    )


def _read(connection: Connection, chosen: Filter, before: Place | None, moment: datetime) -> dict[str, Any]:
    day = moment.date()
    listed = knowledge.documents_listed(connection, chosen, day, PER_PAGE, before)
    return {
        "known": knowledge.choices(connection),
        "listed": listed,
        "total": None if chosen.status else knowledge.documents_counted(connection, chosen, day),
        "documents": [
            {**in_list(row), "status": present.status({**row, "in_force_from": row["effective"]}, day)}
            for row in listed.rows
        ],
        "notice": "" if listed.rows or knowledge.document_count(connection) else nothing_kept(),
    }
