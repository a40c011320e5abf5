"""Answers made before are given again while nothing was written and the minute is the same.

Everybody opens the same pages in the morning, and most of them ask for a whole month of changes. What a page says depends on
kb.db, on its address, on who may see it and on the clock, of which pages show no more than minutes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from urllib.parse import quote
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from datasette.utils.sqlite import sqlite3

from datasette_config.site import DATABASE, may_see_all, now, site_of

MOST_BYTES = 32_000_000
View = Callable[[Datasette, Request], Awaitable[Response]]


class Revision:
    """Tells whether kb.db was written: SQLite's ``data_version`` on a connection kept open for nothing else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def now(self) -> int | None:
        """A number that changes with every commit; ``None`` while there is no kb.db."""
        with suppress(sqlite3.OperationalError):
            if self._connection is None:
                address = f"file:{quote(str(self._path.absolute()))}?mode=ro"
                self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        return None


class Memory:
    """The answers of one site, up to ``MOST_BYTES`` of bodies, those asked for longest ago forgotten first."""

    def __init__(self, database: Path) -> None:
        self.revision = Revision(database)
        self.answers: LRUCache[tuple[object, ...], Response] = LRUCache(
            MOST_BYTES, getsizeof=lambda answer: len(answer.body) + 1000
        )


_memories: WeakKeyDictionary[Datasette, Memory] = WeakKeyDictionary()


def remembered(view: View) -> View:
    """A view whose answers of status 200 are given again; to who holds the same bytes already, 304."""

    @wraps(view)
    async def answer(datasette: Datasette, request: Request) -> Response:
        memory = _memory(datasette)
        revision = memory.revision.now() if memory else None
        if memory is None or revision is None:
            return await view(datasette, request)
        seen = may_see_all(datasette, request)
        minute = now(datasette, None).replace(second=0, microsecond=0)
        key = (request.path, request.query_string, site_of(datasette), seen, revision, minute)
        found = memory.answers.get(key)
        if found is None:
            found = await view(datasette, request)
            if found.status == 200:
                found.headers["etag"] = f'"{hashlib.sha256(_bytes(found)).hexdigest()[:20]}"'
                with suppress(ValueError):  # larger than all that is remembered
                    memory.answers[key] = found
        return _unchanged(found) if _held(request, found) else found

    return answer


def revision_of(datasette: Datasette) -> int | None:
    """A number that changes with every commit to kb.db; ``None`` while there is none."""
    memory = _memory(datasette)
    return memory.revision.now() if memory else None


def _memory(datasette: Datasette) -> Memory | None:
    if datasette not in _memories:
        path = datasette.get_database(DATABASE).path if DATABASE in datasette.databases else None
        if path is None:
            return None
        _memories[datasette] = Memory(Path(path))
    return _memories[datasette]


def _bytes(answer: Response) -> bytes:
    return answer.body.encode() if isinstance(answer.body, str) else answer.body


def _held(request: Request, answer: Response) -> bool:
    known = request.headers.get("if-none-match") or ""
    return bool(answer.headers.get("etag")) and answer.headers["etag"] in known.replace("W/", "").split(", ")


def _unchanged(answer: Response) -> Response:
    return Response(
        "", status=304, headers={"etag": answer.headers["etag"]}, content_type=answer.content_type
    )
