"""Opening, rebuilding under readers, verifying, backing up."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from world import HOST, World, amended, days, rule

from kb.config import DataDirectory
from kb.errors import Corrupt, NotFound, SchemaTooNew, SchemaTooOld, StoreError, UsageError
from kb.sqlite import sqlite3
from kb.store import open_reader, queries
from kb.store.connection import open_writer
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import backup, rebuild, refuse_loss, verify

FIVE = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two documents, one of them changed."""
    made = World(tmp_path / "data")
    for day, articles in ((0, None), (1, FIVE), (2, FIVE)):
        with made.run(days(day)) as run:
            run.see(body=rule(articles=articles) if articles else None)
            run.see("/b.html", rule("另一示例管理办法"))
    Ingestor(made.data, made.sources).ingest()
    return made


def dump(data: DataDirectory) -> list[str]:
    return list(canonical_dump(open_reader(data.kb)))


def test_a_missing_kb_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_reader(tmp_path / "kb.db")


def test_a_reader_cannot_write(world: World) -> None:
    with pytest.raises(sqlite3.OperationalError):
        open_reader(world.data.kb).execute("DELETE FROM changes")


def test_settings_of_the_writer(world: World) -> None:
    writer = open_writer(world.data.kb)
    values = {
        name: writer.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
    }
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": 10_000,
    }


def test_a_newer_schema_is_refused_and_rebuild_mends_it(world: World) -> None:
    before = dump(world.data)
    writer = open_writer(world.data.kb)
    writer.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('kb', '9999_later', '')"
    )
    writer.close()
    for refused in (open_reader, open_writer):
        with pytest.raises(SchemaTooNew):
            refused(world.data.kb)
    rebuild(world.data, world.sources)
    assert dump(world.data) == before


def test_an_older_schema_is_refused_to_readers_and_can_be_backed_up_and_rebuilt(
    world: World, tmp_path: Path
) -> None:
    before = dump(world.data)
    writer = open_writer(world.data.kb)
    writer.execute("DELETE FROM _sqlite_migrations WHERE name = '0009_tags_found'")
    writer.close()
    with pytest.raises(SchemaTooOld) as refused:
        open_reader(world.data.kb)
    assert "zhengce rebuild" in refused.value.do
    with pytest.raises(UsageError):
        refuse_loss(world.data, {})
    backup(world.data, tmp_path / "copy")
    rebuild(world.data, world.sources)
    assert dump(world.data) == before


def test_a_file_that_is_no_database_is_refused_and_rebuild_mends_it(world: World) -> None:
    before = dump(world.data)
    world.data.kb.with_name("kb.db-wal").unlink(missing_ok=True)
    world.data.kb.write_bytes(b"no database at all " * 500)
    with pytest.raises(StoreError):
        open_reader(world.data.kb)
    rebuild(world.data, world.sources)
    assert dump(world.data) == before


def test_rebuild_keeps_the_file_and_breaks_no_reader(world: World) -> None:
    inode, stop, seen, wrong = world.data.kb.stat().st_ino, threading.Event(), [], []
    long_lived = open_reader(world.data.kb)

    def read() -> None:
        reader = open_reader(world.data.kb)
        while not stop.is_set():
            try:
                hits = queries.search(reader, "五个工作日")
                seen.append(len(hits))
                if reader.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                    wrong.append("quick_check")
            except sqlite3.Error as error:
                wrong.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    before = dump(world.data)
    for _ in range(3):
        rebuild(world.data, world.sources)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert set(seen) == {1}
    assert world.data.kb.stat().st_ino == inode
    assert dump(world.data) == before
    assert len(queries.changes(long_lived)) == 1
    assert not list(world.data.root.glob(".rebuild-*"))


def test_rebuild_shows_later_captures_to_a_reader_that_stayed(world: World) -> None:
    reader = open_reader(world.data.kb)
    with world.run(days(3)) as run:
        run.see("/c.html", rule("第三示例管理办法"))
    rebuild(world.data, world.sources)
    assert queries.overview(reader).documents == 3


def test_a_failed_check_leaves_the_live_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(world.data)
    monkeypatch.setattr("kb.store.maintenance.check", lambda _: ["检索索引缺 1 条、多 0 条"])
    with pytest.raises(Corrupt):
        rebuild(world.data, world.sources)
    assert dump(world.data) == before


def test_verify_finds_nothing_in_a_sound_directory(world: World) -> None:
    found = verify(world.data, world.sources)
    assert found.problems == []
    assert found.counts["captures"] == 3


def test_verify_names_a_row_that_was_altered(world: World) -> None:
    writer = open_writer(world.data.kb)
    writer.execute("UPDATE changes SET headline = '没有这回事'")
    writer.close()
    found = verify(world.data, world.sources)
    assert found.counts["differences"] == 2
    assert len([problem for problem in found.problems if "changes" in problem]) == 2


def test_verify_names_a_record_that_was_altered(world: World) -> None:
    log = sorted(world.data.captures.glob("*/*.jsonl"))[0]
    line = json.loads(log.read_text().splitlines()[1])
    warc = log.parent / line["record"]["file"]
    data = bytearray(warc.read_bytes())
    data[line["record"]["offset"] + 20] ^= 1
    warc.write_bytes(data)
    problems = verify(world.data, world.sources).problems
    assert any(line["capture"] in problem for problem in problems)


def test_verify_notices_a_search_index_that_lost_a_passage(world: World) -> None:
    writer = open_writer(world.data.kb)
    writer.execute("DELETE FROM passages_fts WHERE rowid = (SELECT min(rowid) FROM passages_fts)")
    writer.close()
    assert any("检索索引" in problem for problem in verify(world.data, world.sources).problems)


def test_backup_can_be_read_and_rebuilt(world: World, tmp_path: Path) -> None:
    copy = DataDirectory(tmp_path / "backup")
    backup(world.data, copy.root)
    assert dump(copy) == dump(world.data)
    copy.kb.unlink()
    rebuild(copy, world.sources)
    assert dump(copy) == dump(world.data)
    with pytest.raises(UsageError):
        backup(world.data, copy.root)


def test_progress_ends_with_everything_done(world: World) -> None:
    steps: list[tuple[int, int]] = []
    rebuild(world.data, world.sources, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (6, 6)
    assert steps == sorted(steps)


WITHOUT_WHEEL = """
import sys, warnings
sys.modules["pysqlite3"] = None
from pathlib import Path
from kb.config import DataDirectory
from kb.sources import Source
from kb.store.ingest import Ingestor
from kb.store import open_reader, queries
from kb.sqlite import sqlite3
assert sqlite3.__name__ == "sqlite3"
source = Source.model_validate_json(sys.argv[2])
data = DataDirectory(Path(sys.argv[1]))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    Ingestor(data, {source.id: source}).ingest()
reader = open_reader(data.kb)
print(any("3.51.3" in str(w.message) for w in caught), sqlite3.sqlite_version_info < (3, 51, 3))
print(len(queries.search(reader, "五个工作日")), queries.changes(reader)[0].confirmation)
"""


def test_without_the_wheel_the_standard_library_serves_and_warns(world: World) -> None:
    before = dump(world.data)
    for name in ("kb.db", "kb.db-wal", "kb.db-shm"):
        (world.data.root / name).unlink(missing_ok=True)
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_WHEEL, str(world.data.root), world.source.model_dump_json()],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    warned, old = told.stdout.split()[:2]
    assert warned == old
    assert told.stdout.split()[2:] == ["1", "confirmed"]
    assert dump(world.data) == before


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "(",
        "AND",
        "NEAR(a b)",
        "title:备案",
        "' or 1=1",
        "*",
        "-",
        "^a",
        'a"b',
        "{x}:y",
        "\x00",
        "",
        "-备案",
        "许可 OR",
    ],
)
def test_no_query_raises(world: World, query: str) -> None:
    queries.search(open_reader(world.data.kb), query)


def test_search_by_title_and_anchor(world: World) -> None:
    reader = open_reader(world.data.kb)
    by_title = queries.search(reader, "另一示例管理办法")
    assert [(hit.title, hit.anchor) for hit in by_title] == [("另一示例管理办法", "第一条")]
    both = queries.search(reader, "另一示例管理办法 第三条")
    assert [hit.anchor for hit in both] == ["第三条"]
    assert queries.search(reader, "第三条") == ()


def test_history_by_address_and_alias(world: World) -> None:
    with world.run(days(4)) as run:
        run.see(body=rule(articles=FIVE), aliases=(f"{HOST}/old.html",))
    Ingestor(world.data, world.sources).ingest()
    reader = open_reader(world.data.kb)
    by_url = queries.history(reader, f"{HOST}/a.html")
    assert [version.kind for version in by_url] == ["first", "change"]
    assert by_url == queries.history(reader, f"{HOST}/old.html")
    assert by_url[1].change == queries.changes(reader)[0].id


def test_overviews(world: World) -> None:
    reader = open_reader(world.data.kb)
    licence = next(row for row in queries.licence_overview(reader) if row.licence == "vats-license")
    assert (licence.changes, licence.provisional, licence.held) == (1, 0, 0)
    counts = queries.day_counts(reader, days(1).date())
    assert (counts.runs, counts.looks, counts.changes) == (1, 2, 1)
    (change,) = queries.changes(reader, licence="vats-license", since=days(1).date())
    assert queries.changes(reader, since=days(2)) == ()
    passages = queries.passages(reader, queries.change(reader, change.id).version_after or "")
    assert [passage.anchor for passage in passages] == ["第一条", "第二条", "第三条", "第四条"]
