"""A kb.db of an earlier version becomes one of today, with what it held."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database
from world import World, amended, days, rule

from kb.codes import Confirmation, DecisionKind
from kb.decisions import Decision, append_decisions
from kb.sqlite import sqlite3
from kb.store import open_reader
from kb.store.connection import open_writer
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import derive_into
from kb.store.migrations import MIGRATIONS

FIVE = rule(articles=amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。"))
MINE = ("found", "found_at", "words_key", "held_for", "confirm_from")


def to_first_version(database: Path) -> None:
    """The same rows as the first version of the schema holds them."""
    today = database.with_name("today.db")
    database.rename(today)
    old = sqlite3.connect(database, isolation_level=None)
    MIGRATIONS.apply(Database(old), stop_before="0002_title_key")
    old.execute("PRAGMA foreign_keys = OFF")
    old.execute("ATTACH ? AS today", (str(today),))
    tables = [
        row[0]
        for row in old.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'"
            " AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
    ]
    for table in tables:
        names = [row[1] for row in old.execute(f"PRAGMA main.table_info({table})")]
        kept = ", ".join(f'"{name}"' for name in names)
        read = kept.replace('"declaration_digest"', '"derived_under"') if table == "sources" else kept
        old.execute(f"INSERT INTO main.{table} ({kept}) SELECT {read} FROM today.{table}")  # noqa: S608
    old.close()


def test_a_base_of_the_first_version_is_brought_up_and_derived_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    for day, body in enumerate((rule(), FIVE, rule(), FIVE, FIVE)):
        with world.run(days(day)) as run:
            run.see(body=body)
    Ingestor(world.data, world.sources).ingest()
    rows = open_reader(world.data.kb).execute("SELECT * FROM changes ORDER BY observed_to").fetchall()
    assert [row["confirmation"] for row in rows] == [Confirmation.HELD, Confirmation.CONFIRMED]
    to_first_version(world.data.kb)
    writer = open_writer(world.data.kb)
    migrated = writer.execute("SELECT * FROM changes ORDER BY observed_to").fetchall()
    for column in MINE:
        assert [row[column] for row in migrated] == [row[column] for row in rows], column
    writer.close()
    said = Decision(DecisionKind.CHANGE_RELEASED, rows[0]["change_id"], days(9), about=rows[0]["words_key"])
    append_decisions(world.data.decisions, [said])
    Ingestor(world.data, world.sources).ingest()
    fresh = tmp_path / "fresh.db"
    derive_into(fresh, world.data, world.sources)
    assert list(canonical_dump(open_reader(world.data.kb))) == list(canonical_dump(open_reader(fresh)))
