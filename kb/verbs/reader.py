"""The knowledge base as a verb reads it: its connection, and its instants in Beijing time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time
from typing import TYPE_CHECKING

from kb.config import BEIJING, DataDirectory

if TYPE_CHECKING:
    from kb.sqlite import sqlite3


@contextmanager
def reader(data: DataDirectory) -> Iterator[sqlite3.Connection]:
    """Raises ``NotFound`` when nothing was ever kept."""
    from kb.store import open_reader

    with closing(open_reader(data.kb)) as connection:
        yield connection


def beijing(moment: str) -> str:
    """An instant of the knowledge base as people read it: Beijing time to the minute. Midnight to the second is how a
    bare day is kept (an import often knows no more), so it is shown as the day."""
    local = datetime.fromisoformat(moment).astimezone(BEIJING)
    return local.strftime("%Y-%m-%d" if local.time() == time() else "%Y-%m-%d %H:%M")
