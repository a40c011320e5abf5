"""What the run logs of a source say besides looks at pages: runs, unreadable lines, and how far they were read."""

from __future__ import annotations

from kb.archive import RunFinished, RunStarted
from kb.codes import Health, IncidentState, Origin
from kb.model import instant, stable_id
from kb.sqlite import sqlite3
from kb.store.report import IngestReport
from kb.store.rows import insert
from kb.store.serial import dumps
from kb.store.tail import Fault, LogPart


class RunBook:
    """The runs of one source (a rowid and its id)."""

    def __init__(
        self, connection: sqlite3.Connection, source: int, source_id: str, report: IngestReport
    ) -> None:
        self.connection, self.source, self.source_id, self.report = connection, source, source_id, report

    def write(self, part: LogPart) -> None:
        """Runs of imports are no rows: how history was cut into batches says nothing about it."""
        if part.run is not None and part.run.origin is not Origin.IMPORT:
            self._start(part.run)
            if part.finished is not None:
                self._finish(part.run, part.finished)
        for fault in part.faults:
            self._fault(fault)
        self.connection.execute(
            "INSERT INTO cursors (source, file, position) VALUES (?, ?, ?)"
            " ON CONFLICT (source, file) DO UPDATE SET position = excluded.position",
            (self.source_id, part.file, part.position),
        )

    def close_faults(self) -> None:
        """A torn line is mended by the next run that comes to its end, whatever single pages did in it."""
        self.connection.execute(
            "UPDATE incidents SET state = ?, closed_at = r.finished_at FROM (SELECT i.id, min(r.finished_at) AS"
            " finished_at FROM incidents i JOIN runs r ON r.source = i.source AND r.finished_at IS NOT NULL"
            " AND r.started_at > i.opened_at WHERE i.source = ? AND i.page IS NULL GROUP BY i.id) r"
            " WHERE r.id = incidents.id",
            (IncidentState.CLOSED, self.source),
        )

    def _start(self, run: RunStarted) -> None:
        self.connection.execute(
            "INSERT OR IGNORE INTO runs (source, run_id, origin, started_at, declaration_digest, code_digest)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                self.source,
                run.run,
                run.origin,
                instant(run.started_at),
                run.declaration_digest,
                run.code_digest,
            ),
        )

    def _finish(self, run: RunStarted, end: RunFinished) -> None:
        self.connection.execute(
            "UPDATE runs SET finished_at = ?, status = ?, counts = ? WHERE source = ? AND run_id = ?",
            (instant(end.finished_at), end.status, dumps(end.counts), self.source, run.run),
        )

    def _fault(self, fault: Fault) -> None:
        self.report.problems.append(
            f"{fault.reason}；{self.source_id}/{fault.file} 第 {fault.line_at} 字节起；这一行已跳过，其余照常"
        )
        self.report.of(self.source_id).skipped += 1
        identifier = stable_id("in", self.source_id, fault.file, str(fault.line_at))
        if self.connection.execute("SELECT 1 FROM incidents WHERE incident_id = ?", (identifier,)).fetchone():
            return
        at = instant(fault.at)
        insert(
            self.connection,
            "incidents",
            {
                "incident_id": identifier,
                "source": self.source,
                "health": Health.TRUNCATED,
                "state": IncidentState.OPEN,
                "opened_at": at,
                "last_seen": at,
                "occurrences": 1,
                "reasons": dumps([fault.reason]),
            },
        )
        self.report.of(self.source_id).incidents_opened += 1
