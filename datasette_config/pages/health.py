"""``/healthz``: whether the site can read the knowledge base, and how fresh it is; for monitors, without any content."""

from __future__ import annotations

from collections import Counter
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Response
from datasette.utils.sqlite import sqlite3

from datasette_config import coverage, knowledge
from datasette_config.knowledge import Connection
from datasette_config.saying import format as say
from datasette_config.site import BaseNotReady, TooSlow, ask, now
from kb.errors import StoreError

_SCHEMA = "SELECT max(name) FROM _sqlite_migrations WHERE migration_set = 'kb'"


async def healthz(datasette: Datasette) -> Response:
    """200 with the newest look at anything, its age in seconds, the schema of kb.db and sources by state; 503 when kb.db
    cannot be read."""
    try:
        found = await ask(datasette, lambda connection: _read(connection, datasette))
    except (BaseNotReady, TooSlow, StoreError, sqlite3.DatabaseError) as error:
        return Response.json({"ok": False, "reason": type(error).__name__}, status=503)
    return Response.json({"ok": True, **found})


def _read(connection: Connection, datasette: Datasette) -> dict[str, Any]:
    newest = knowledge.newest_look(connection)
    moment, seen = now(datasette, newest), say.as_instant(newest)
    look = coverage.look(connection, moment)
    watched = look.watch()
    states = Counter(str(each.state) for each in look.sources)
    return {
        "newest_look": newest,
        "age_seconds": max(0, int((moment - seen).total_seconds())) if seen else None,
        "schema": connection.execute(_SCHEMA).fetchone()[0],
        "sources": {
            "due": watched.due,
            "seen": watched.seen,
            "unseen": watched.unseen,
            "states": dict(states),
        },
    }
