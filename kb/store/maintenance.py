"""Deriving kb.db anew, checking it, and backing the data directory up. The live file is never unlinked or renamed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from kb.archive import RecordRef, read_bytes
from kb.config import DataDirectory
from kb.decisions import read_decisions
from kb.errors import Corrupt, NotFound, StoreError, TornRecord, UsageError
from kb.sources import Source
from kb.sqlite import sqlite3
from kb.store.connection import BUSY_TIMEOUT_MS, open_reader, open_reader_of_any_age
from kb.store.dump import canonical_dump, describe
from kb.store.ingest import Ingestor, Progress
from kb.store.report import IngestReport

SHOWN = 20
"""Differences named one by one; beyond these they are counted."""


@dataclass(slots=True)
class Verification:
    """What was checked, and what did not hold (sentences for the operator)."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def derive_into(
    database: Path, data: DataDirectory, sources: Mapping[str, Source], *, progress: Progress | None = None
) -> IngestReport:
    """Derive everything into a new file. Raises ``DecisionUnreadable``: without them it would not be the same."""
    read_decisions(data.decisions)
    return Ingestor(data, sources, database=database).ingest(progress)


def refuse_loss(data: DataDirectory, sources: Mapping[str, Source]) -> None:
    """Raises ``UsageError`` naming the sources of which kb.db holds pages that a rebuild would lose, because nobody
    declares them any more. A kb.db that cannot be opened holds nothing."""
    try:
        reader = open_reader_of_any_age(data.kb)
    except (StoreError, NotFound):
        return
    try:
        held = {
            row[0]
            for row in reader.execute(
                "SELECT DISTINCT s.source_id FROM sources s JOIN pages p ON p.source = s.id"
            )
        }
    finally:
        reader.close()
    if lost := sorted(held - sources.keys()):
        raise UsageError(
            f"这些来源已没有配置，重建会丢失它们的内容：{'、'.join(lost)}",
            where=str(data.root),
            do="请补上它们的来源配置；确实不再需要时用 --force",
        )


def rebuild(
    data: DataDirectory, sources: Mapping[str, Source], *, progress: Progress | None = None
) -> IngestReport:
    """Derive a second file, check it, and copy it into the live one, whose readers see the old or the new state.

    The caller holds ``DataDirectory.writer()``. Raises ``Corrupt`` and leaves kb.db as it is when a check fails.
    """
    with tempfile.TemporaryDirectory(prefix=".rebuild-", dir=data.root) as folder:
        fresh = Path(folder) / "kb.db"
        report = derive_into(fresh, data, sources, progress=progress)
        reader = open_reader(fresh)
        try:
            if faults := check(reader):
                raise Corrupt(f"重建的结果未通过检查：{faults[0]}", where=str(fresh), do="现有知识库未改动")
            copy_database(reader, data.kb)
        finally:
            reader.close()
    return report


def check(connection: sqlite3.Connection) -> list[str]:
    """SQLite's own checks: pages, foreign keys, and the search index against its content."""
    faults = [
        f"integrity_check：{row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"
    ]
    faults += [
        f"foreign_key_check：{row[0]} {row[1]}" for row in connection.execute("PRAGMA foreign_key_check")
    ]
    missing = connection.execute(
        "SELECT count(*) FROM (SELECT q.id FROM pages p JOIN passages q ON q.version = p.current_version"
        " EXCEPT SELECT rowid FROM passages_fts)"
    ).fetchone()[0]
    extra = connection.execute(
        "SELECT count(*) FROM (SELECT rowid FROM passages_fts"
        " EXCEPT SELECT q.id FROM pages p JOIN passages q ON q.version = p.current_version)"
    ).fetchone()[0]
    unnamed = connection.execute(
        "SELECT (SELECT count(*) FROM pages p JOIN passages q ON q.version = p.current_version AND q.seq = 0)"
        " <> (SELECT count(*) FROM beginnings_fts) OR EXISTS (SELECT rowid FROM beginnings_fts EXCEPT"
        " SELECT q.id FROM pages p JOIN passages q ON q.version = p.current_version AND q.seq = 0)"
    ).fetchone()[0]
    astray = connection.execute(
        "SELECT count(*) FROM passages_past_fts f LEFT JOIN passages q ON q.id = f.rowid"
        " LEFT JOIN pages p ON p.current_version = q.version WHERE q.id IS NULL OR p.id IS NOT NULL"
    ).fetchone()[0]
    if missing or extra:
        faults.append(f"检索索引缺 {missing} 条、多 {extra} 条")
    if unnamed:
        faults.append("题名检索索引与文本不符")
    if astray:
        faults.append(f"旧文检索索引多 {astray} 条")
    return faults


def verify(
    data: DataDirectory, sources: Mapping[str, Source], *, progress: Progress | None = None
) -> Verification:
    """Check kb.db, every record it speaks of, and that deriving it anew gives the same. Changes nothing."""
    found = Verification()
    reader = open_reader(data.kb)
    try:
        found.problems += check(reader)
        _check_records(reader, data, found)
        with tempfile.TemporaryDirectory(prefix="zhengce-verify-") as folder:
            fresh = Path(folder) / "kb.db"
            report = derive_into(fresh, data, sources, progress=progress)
            found.problems += report.problems
            again = open_reader(fresh)
            try:
                _compare(reader, again, found)
            finally:
                again.close()
    finally:
        reader.close()
    return found


def backup(data: DataDirectory, target: Path) -> None:
    """Copy the databases (SQLite's backup), captures, decisions, declarations, profiles, settings and the list of
    people into a new folder.

    The databases go first: what the copied kb.db speaks of is then among the captures. Secrets that lie in files of
    their own are not copied. Raises ``UsageError`` when the folder holds something.
    """
    if target.exists() and any(target.iterdir()):
        raise UsageError("备份目录不是空的", where=str(target), do="请给一个新目录")
    target.mkdir(parents=True, exist_ok=True)
    copy = DataDirectory(target)
    if data.kb.exists():
        reader = open_reader_of_any_age(data.kb)
        try:
            copy_database(reader, copy.kb)
        finally:
            reader.close()
    if data.ops.exists():
        copy.ops.touch(mode=0o600)
        _copy_file(data.ops, copy.ops)
    for name in ("captures", "decisions", "declarations", "profiles"):
        folder: Path = getattr(data, name)
        if folder.is_dir():
            shutil.copytree(folder, getattr(copy, name))
    if data.settings_file.exists():
        shutil.copy2(data.settings_file, copy.settings_file)
    if data.people.exists():
        copy.people.touch(mode=0o600)
        shutil.copyfile(data.people, copy.people)


def _copy_file(database: Path, target: Path) -> None:
    reader = sqlite3.connect(database, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        _back_up(reader, target)
    finally:
        reader.close()


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """SQLite's backup into a file that others may be reading, whatever schema it holds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _back_up(source, target)
    except sqlite3.DatabaseError as error:
        if "not a database" not in str(error):
            raise
        target.write_bytes(b"")  # nobody can be reading it
        for rest in ("-wal", "-shm"):
            target.with_name(target.name + rest).unlink(missing_ok=True)
        _back_up(source, target)


def _back_up(source: sqlite3.Connection, target: Path) -> None:
    writer = sqlite3.connect(target, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        source.backup(writer)
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        writer.close()


def _check_records(reader: sqlite3.Connection, data: DataDirectory, found: Verification) -> None:
    rows = reader.execute(
        "SELECT s.source_id, c.capture_id, c.record_file, c.record_offset, c.record_length, c.record_digest"
        " FROM captures c JOIN pages p ON p.id = c.page JOIN sources s ON s.id = p.source ORDER BY c.id"
    )
    found.counts["captures"] = 0
    for row in rows:
        found.counts["captures"] += 1
        try:
            read_bytes(data.captures / row[0], RecordRef(*tuple(row)[2:]))
        except TornRecord as error:
            found.problems.append(f"留存 {row[1]}：{error}")


def _compare(held: sqlite3.Connection, fresh: sqlite3.Connection, found: Verification) -> None:
    now, anew = set(canonical_dump(held)), set(canonical_dump(fresh))
    found.counts["rows"], found.counts["differences"] = len(anew), len(now ^ anew)
    for line in islice(sorted(now - anew), SHOWN):
        found.problems.append(f"只在知识库中：{describe(line)}")
    for line in islice(sorted(anew - now), SHOWN):
        found.problems.append(f"只在重新推导的结果中：{describe(line)}")
    if len(now ^ anew) > 2 * SHOWN:
        found.problems.append(f"共 {len(now ^ anew)} 处不同；zhengce rebuild 可重新生成知识库")
