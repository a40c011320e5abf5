"""Ingestor: run logs and captures -> kb.db. Idempotent and resumable; the result never depends on arrival or batching.

Each look at a page is applied in the order of its time. A look that arrives after a later one was applied makes its
page be derived again from all its looks. A page's rows and the mark how far its looks are in it change in one
transaction; a log's cursor moves when all its pages are done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kb.config import DataDirectory
from kb.decisions import read_decisions
from kb.errors import DecisionUnreadable, DeclarationError, ReadingError
from kb.sources import Source
from kb.sqlite import sqlite3
from kb.store.batch import SourceBatch
from kb.store.connection import open_writer
from kb.store.decided import take_decisions
from kb.store.declared import write_declared
from kb.store.looking import Archive
from kb.store.report import IngestReport
from kb.store.tail import count_looks

Progress = Callable[[int, int], None]


class Ingestor:
    """Derives ``database`` (by default the directory's kb.db). The caller holds ``DataDirectory.writer()``."""

    def __init__(
        self, data: DataDirectory, sources: Mapping[str, Source], *, database: Path | None = None
    ) -> None:
        self.data, self.sources, self.database = data, sources, database or data.kb

    def ingest(self, progress: Progress | None = None) -> IngestReport:
        """Everything the run logs hold beyond the last ingest. ``progress(done, all)`` counts looks.

        What is wrong with one source, one record or one line is in the report and an incident; the rest goes on.
        """
        report = IngestReport()
        connection = open_writer(self.database)
        try:
            write_declared(connection, self.sources.values())
            self._take_decisions(connection, report)
            folders = self._folders(report)
            done, total = 0, sum(self._waiting(connection, folder) for folder in folders)

            def step(looks: int) -> None:
                nonlocal done
                done = min(total, done + looks)
                if progress:
                    progress(done, total)

            for folder in folders:  # one source at a time: years of logs of all of them would fill the memory
                try:
                    SourceBatch(connection, Archive(folder, self.sources[folder.name]), report).run(step)
                except (DeclarationError, ReadingError) as error:
                    report.problems.append(f"来源 {folder.name} 未能导入：{error}")
            connection.execute("PRAGMA analysis_limit = 1000")
            connection.execute("PRAGMA optimize = 0x10002")  # what pages ask is planned by how much is held
        finally:
            connection.close()
        return report

    def _take_decisions(self, connection: sqlite3.Connection, report: IngestReport) -> None:
        """Before the captures, so that no change is ever seen without them. What cannot be read changes nothing."""
        try:
            decisions = read_decisions(self.data.decisions)
        except DecisionUnreadable as error:
            report.problems.append(str(error))
            return
        report.problems += decisions.torn
        for change in take_decisions(connection, decisions.all):
            report.changed(change)

    def _waiting(self, connection: sqlite3.Connection, folder: Path) -> int:
        """Looks that the logs of a source hold beyond the last ingest."""
        cursors = connection.execute("SELECT file, position FROM cursors WHERE source = ?", (folder.name,))
        return count_looks(folder, dict(cursors.fetchall()))

    def _folders(self, report: IngestReport) -> list[Path]:
        captures, found = self.data.captures, []
        for folder in sorted(captures.iterdir()) if captures.is_dir() else []:
            if folder.name in self.sources:
                found.append(folder)
            elif folder.is_dir():
                report.of(folder.name).skipped += 1
                report.problems.append(
                    f"来源 {folder.name} 有留存，但没有来源配置：已跳过；请补上它的配置后再导入"
                )
        return found
