"""The schema of kb.db, step by step. A step once published is never edited: a change is a new step.

Rows have sequential integer ids (hash rowids cost FTS5 five times the time and three times the space) and, where
the outside speaks of them, a public text id.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from kb.errors import SchemaTooNew
from kb.store.driver import sqlite3
from kb.store.schema import CAPTURED, DERIVED, HELPERS, INDEXED

MIGRATIONS = Migrations("kb")


@MIGRATIONS(name="0001_first")
def _first(database: Database) -> None:
    for statement in (*CAPTURED, *DERIVED, *INDEXED, *HELPERS):
        database.conn.execute(statement)


@MIGRATIONS(name="0002_title_key")
def _title_key(database: Database) -> None:
    database.conn.execute("ALTER TABLE pages ADD COLUMN title_key TEXT NOT NULL DEFAULT ''")
    database.conn.execute("CREATE INDEX pages_by_title ON pages (title_key) WHERE title_key <> ''")


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the steps this file lacks, each in a transaction with its record. Raises ``SchemaTooNew``."""
    refuse_newer(connection)
    MIGRATIONS.apply(Database(connection))


def refuse_newer(connection: sqlite3.Connection) -> None:
    """Raises ``SchemaTooNew`` when the file records a step this code does not know."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return
    known = {step.name for step in MIGRATIONS._migrations}
    applied = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'kb'")
    if unknown := sorted(row[0] for row in applied if row[0] not in known):
        raise SchemaTooNew(
            f"知识库由更新的版本写成（{unknown[-1]}）", do="请升级 zhengce，或用本版本运行 zhengce rebuild"
        )
