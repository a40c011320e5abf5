"""The SQLite driver: pysqlite3 where its wheel exists, the standard library elsewhere, chosen as sqlite-utils does."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

__all__ = ["sqlite3"]
