"""The SQLite driver: pysqlite3 where its wheel exists, the standard library elsewhere, as sqlite-utils chooses too."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["sqlite3"]
