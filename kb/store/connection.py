"""Opening kb.db: the settings every connection needs, for the one writer and for the many readers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from kb.errors import NotFound, StoreError
from kb.sqlite import sqlite3
from kb.store.migrations import migrate, refuse_newer, refuse_older

SAFE_SQLITE = (3, 51, 3)
"""Before this version two connections that write or checkpoint at once can lose commits (the WAL-reset fault)."""

BUSY_TIMEOUT_MS = 10_000


class UnsafeSQLite(UserWarning):
    """The linked SQLite has the WAL-reset fault: kb.db is kept to one connection that writes and checkpoints."""


def has_safe_wal() -> bool:
    return tuple(sqlite3.sqlite_version_info) >= SAFE_SQLITE


def open_writer(path: Path) -> sqlite3.Connection:
    """The writer's connection, migrated to today's schema; the caller holds ``DataDirectory.writer()``.

    Transactions are explicit (``BEGIN IMMEDIATE``). Raises ``SchemaTooNew``, ``StoreError`` when the file is no
    database.
    """
    if not has_safe_wal():
        warnings.warn(
            f"SQLite {sqlite3.sqlite_version} 早于 3.51.3：只用一个连接写入和做检查点",
            UnsafeSQLite,
            stacklevel=2,
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    with _closed_where_refused(connection, path):
        _harden(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection)
    return connection


def bring_up_to_date(path: Path) -> None:
    """Migrate a kb.db that is there; the caller holds ``DataDirectory.writer()``. Raises as ``open_writer``."""
    if path.exists():
        open_writer(path).close()


def open_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection. Raises ``NotFound`` when there is no kb.db yet, ``SchemaTooNew``, ``SchemaTooOld``,
    ``StoreError``."""
    connection = open_reader_of_any_age(path)
    with _closed_where_refused(connection, path):
        refuse_older(connection)
    return connection


def open_reader_of_any_age(path: Path) -> sqlite3.Connection:
    """``open_reader`` of an older kb.db too, for what asks only of tables that the first schema had already."""
    if not path.exists():
        raise NotFound("还没有知识库", where=str(path), do="请先运行 zhengce crawl 或 zhengce import")
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None
    )
    with _closed_where_refused(connection, path):
        _harden(connection)
        if not has_safe_wal():
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        refuse_newer(connection)
    return connection


@contextmanager
def _closed_where_refused(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        connection.close()
        damaged = type(error) is sqlite3.DatabaseError
        raise StoreError(
            f"知识库无法打开：{'文件已损坏，或不是数据库' if damaged else '文件正被占用，或没有权限'}",
            where=str(path),
            do="请运行 zhengce rebuild 重新生成" if damaged else "请稍后再试，或检查权限",
        ) from error
    except StoreError:
        connection.close()
        raise


def _harden(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
