"""``/changes``: all changes that readers are told of, newest first, under any filter that an address can say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.choosing import filterform, filters
from datasette_config.choosing.filters import Filter
from datasette_config.coverage import look
from datasette_config.errors import nothing_kept
from datasette_config.knowledge import Listed, Place
from datasette_config.saying import format as say
from datasette_config.saying import present
from datasette_config.site import Connection, ask, link, now, page

PER_PAGE = 50
FIELDS = (
    "licence",
    "significance",
    "kind",
    "status",
    "confirmation",
    "authority",
    "region",
    "source",
)
_PLACE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)~(ch-[0-9a-f]{1,64})")


async def changes(datasette: Datasette, request: Request) -> Response:
    chosen, before = filterform.asked(request.args, _PLACE)
    moment = now(datasette, await ask(datasette, knowledge.newest_look))
    read = await ask(datasette, lambda connection: _read(connection, chosen, before, moment))
    context = {
        **_said_of(datasette, chosen, read, moment.date()),
        **_paged(datasette, chosen, before, read["listed"]),
    }
    return await page(datasette, request, "changes.html", **context, **read)


def _address(datasette: Datasette) -> Callable[[str], str]:
    return lambda query: link(datasette, f"/changes?{query}" if query else "/changes")


def _said_of(datasette: Datasette, chosen: Filter, read: dict[str, Any], today: date) -> dict[str, Any]:
    """The filter as the page says it, and the changes under their days."""
    address = _address(datasette)
    return {
        "fields": filterform.fields(chosen, read["known"], FIELDS),
        "chips": filterform.chips(chosen, read["known"], address),
        "spans": filterform.spans(chosen, today, address),
        "notes": filterform.notes(chosen),
        "chosen": chosen,
        "more": chosen != Filter(licence=chosen.licence, words=chosen.words, since=chosen.since),
        "all": address(""),
        "atom": link(datasette, f"/changes.atom?{filters.query(chosen)}".rstrip("?")),
        "table": link(datasette, f"/changes.csv?{filters.query(chosen)}".rstrip("?")),
        "days": by_day(read["listed"], today),
        "looked": read["listed"].looked,
    }


def _paged(datasette: Datasette, chosen: Filter, before: Place | None, listed: Listed) -> dict[str, str]:
    address = _address(datasette)
    return {
        "first": address(filters.query(chosen)) if before else "",
        "rest": address(filters.query(chosen, before="~".join(listed.rest))) if listed.rest else "",
    }


def _read(connection: Connection, chosen: Filter, before: Place | None, moment: datetime) -> dict[str, Any]:
    day = moment.date()
    listed = knowledge.changes_listed(connection, chosen, day, PER_PAGE, before)
    only = before is None and listed.rest is None
    return {
        "known": knowledge.choices(connection),
        "listed": listed,
        "total": len(listed.rows) if only else _total(connection, chosen, day),
        "unseen": [] if listed.rows else uncovered(connection, chosen, moment),
        "notice": "" if listed.rows or knowledge.anything_kept(connection) else nothing_kept(),
    }


def _total(connection: Connection, chosen: Filter, day: date) -> int | None:
    """Nobody knows how many there are of a status without reckoning that of every document."""
    return None if chosen.status else knowledge.changes_counted(connection, chosen, day)


def uncovered(connection: Connection, chosen: Filter, moment: datetime) -> list[dict[str, str]]:
    """Under an empty list: of each licence type that was asked for, or of all, what was looked at."""
    seen = look(connection, moment)
    return [
        {"licence": licence, "name": present.licence_name(licence), "said": seen.watch(licence).said}
        for licence in chosen.licence or ("",)
    ]


def by_day(listed: Listed, today: date) -> list[dict[str, Any]]:
    shown = [present.change(row, today) for row in listed.rows]
    return [
        {"day": say.dated(date.fromisoformat(day)), "changes": list(found)}
        for day, found in groupby(shown, key=lambda change: change["seen"][:10])
    ]
