"""The schema of kb.db, step by step. A step once published is never edited: a change is a new step.

Rows have sequential integer ids (hash rowids cost FTS5 five times the time and three times the space) and, where
the outside speaks of them, a public text id.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from kb.changing.status import expiry
from kb.errors import SchemaTooNew, SchemaTooOld
from kb.sqlite import sqlite3
from kb.store.beginnings import BEGINNINGS
from kb.store.decided import key_of_words
from kb.store.indexes import INDEXED, LISTED, READ_BY_PAGES, STANDING, TAGGED
from kb.store.past import PAST, fill
from kb.store.schema import (
    CAPTURED,
    DECIDED,
    DECLARED,
    DERIVED,
    DIVERGENCES,
    EXPIRES,
    HELPERS,
    RELATIONS,
)
from kb.store.serial import document_from_json
from kb.store.tagged import TAGS_FOUND

MIGRATIONS = Migrations("kb")


@MIGRATIONS(name="0001_first")
def _first(database: Database) -> None:
    for statement in (*CAPTURED, *DERIVED, *INDEXED, *HELPERS):
        database.conn.execute(statement)


@MIGRATIONS(name="0002_title_key")
def _title_key(database: Database) -> None:
    database.conn.execute("ALTER TABLE pages ADD COLUMN title_key TEXT NOT NULL DEFAULT ''")
    database.conn.execute("CREATE INDEX pages_by_title ON pages (title_key) WHERE title_key <> ''")


@MIGRATIONS(name="0003_decisions")
def _decisions(database: Database) -> None:
    connection = database.conn
    for statement in DECIDED:
        connection.execute(statement)
    connection.execute("UPDATE changes SET found = confirmation, found_at = confirmed_at")
    connection.execute(
        "UPDATE changes SET held_for = CASE basis WHEN 'absence' THEN 'gone' WHEN 'publication' THEN 'old_row'"
        " ELSE CASE WHEN reason LIKE '正文骤减%' THEN 'collapse' ELSE 'flip' END END WHERE confirmation = 'held'"
    )
    words: dict[int, list[tuple[str, str]]] = {}
    for change, before, after in connection.execute(
        "SELECT q.change, q.before, q.after FROM change_passages q JOIN changes c ON c.id = q.change"
        " WHERE q.significance <> 'noise' AND c.basis = 'comparison' ORDER BY q.change, q.seq"
    ):
        words.setdefault(change, []).append((before, after))
    connection.executemany(
        "UPDATE changes SET words_key = ? WHERE id = ?",
        [(key_of_words(passages), change) for change, passages in words.items()],
    )


@MIGRATIONS(name="0004_relations")
def _relations(database: Database) -> None:
    database.conn.execute(RELATIONS)
    for columns in ("document", "target", "core", "number_key"):
        database.conn.execute(f"CREATE INDEX relations_by_{columns} ON relations ({columns})")


@MIGRATIONS(name="0005_confirm_from")
def _confirm_from(database: Database) -> None:
    """From when on a look confirms a change between two texts; null for what no second text confirms."""
    database.conn.execute("ALTER TABLE changes ADD COLUMN confirm_from TEXT")
    database.conn.execute(
        "UPDATE changes SET confirm_from = strftime('%Y-%m-%dT%H:%M:%SZ', observed_to, '+20 minutes')"
        " WHERE basis = 'comparison'"
    )


@MIGRATIONS(name="0006_derived_under")
def _derived_under(database: Database) -> None:
    """Rows are derived again when the code that reads and compares moves, not the declaration alone."""
    database.conn.execute("ALTER TABLE sources RENAME COLUMN declaration_digest TO derived_under")


@MIGRATIONS(name="0007_divergences")
def _divergences(database: Database) -> None:
    database.conn.execute(DIVERGENCES)
    database.conn.execute("CREATE INDEX divergences_by_document ON divergences (document)")


@MIGRATIONS(name="0008_changes_by_basis")
def _changes_by_basis(database: Database) -> None:
    database.conn.execute("CREATE INDEX changes_by_basis ON changes (basis)")


@MIGRATIONS(name="0009_tags_found")
def _tags_found(database: Database) -> None:
    for statement in TAGS_FOUND:
        database.conn.execute(statement)


@MIGRATIONS(name="0010_read_by_pages")
def _read_by_pages(database: Database) -> None:
    """What the pages of the site ask most is answered from an index, however much is kept."""
    for statement in READ_BY_PAGES:
        database.conn.execute(statement)


@MIGRATIONS(name="0011_changes_told")
def _changes_told(database: Database) -> None:
    """Lists of changes under any filter read one index and not the wide rows."""
    for statement in LISTED:
        database.conn.execute(statement)


@MIGRATIONS(name="0012_declared")
def _declared(database: Database) -> None:
    """The hosts that a declaration may ask, and how many of its selectors are known how; written with the next ingest."""
    for statement in DECLARED:
        database.conn.execute(statement)


@MIGRATIONS(name="0013_expires")
def _expires(database: Database) -> None:
    """What of a text decides how its document stands is in columns, and read without the text."""
    connection = database.conn
    connection.execute(EXPIRES)
    limited = connection.execute(
        "SELECT id, document FROM versions WHERE instr(text, '效期') OR instr(text, '至')"
    )
    found = [(str(day), version) for version, text in limited if (day := expiry(document_from_json(text)))]
    connection.executemany("UPDATE versions SET expires = ? WHERE id = ?", found)
    for statement in STANDING:
        connection.execute(statement)


@MIGRATIONS(name="0014_tagged")
def _tagged(database: Database) -> None:
    for statement in TAGGED:
        database.conn.execute(statement)


@MIGRATIONS(name="0015_past")
def _past(database: Database) -> None:
    """What texts said that stand no more can be searched."""
    for statement in PAST:
        database.conn.execute(statement)
    fill(database.conn)


@MIGRATIONS(name="0016_beginnings")
def _beginnings(database: Database) -> None:
    """Documents are found by name without reading the title of every passage."""
    for statement in BEGINNINGS:
        database.conn.execute(statement)


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the steps this file lacks, each in a transaction with its record. Raises ``SchemaTooNew``."""
    refuse_newer(connection)
    MIGRATIONS.apply(Database(connection))


def refuse_newer(connection: sqlite3.Connection) -> None:
    """Raises ``SchemaTooNew`` when the file records a step this code does not know."""
    if unknown := sorted(_applied(connection) - _steps()):
        raise SchemaTooNew(
            f"知识库由更新的版本写成（{unknown[-1]}）", do="请升级 zhengce，或用本版本运行 zhengce rebuild"
        )


def refuse_older(connection: sqlite3.Connection) -> None:
    """Raises ``SchemaTooOld`` when the file lacks a step: whoever writes it next migrates it, a reader cannot."""
    if lacking := sorted(_steps() - _applied(connection)):
        raise SchemaTooOld(f"知识库由较早的版本写成（还缺 {lacking[0]}）", do="请运行 zhengce rebuild")


def refuse_other_schema(connection: sqlite3.Connection) -> None:
    """Raises ``SchemaTooNew`` or ``SchemaTooOld``; a file that holds no page yet, as one that is being made, is neither."""
    refuse_newer(connection)
    if holds_pages(connection):
        refuse_older(connection)


def holds_pages(connection: sqlite3.Connection) -> bool:
    """Whether anything was ever kept here."""
    made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'pages'").fetchone()
    return bool(made and connection.execute("SELECT 1 FROM pages LIMIT 1").fetchone())


def _steps() -> set[str]:
    return {step.name for step in MIGRATIONS._migrations}


def _applied(connection: sqlite3.Connection) -> set[str]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return set()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'kb'")
    return {row[0] for row in rows}
