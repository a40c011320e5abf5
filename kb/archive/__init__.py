"""Captures on disk: WARC records, run logs and heads. Opens no database."""

from kb.archive.digests import code_digest, rules_key
from kb.archive.heads import Head, Heads
from kb.archive.records import read_bytes, read_record, write_record
from kb.archive.runlog import (
    Event,
    Failed,
    ListedItem,
    NamedPart,
    RecordRef,
    RunFinished,
    RunStarted,
    Seen,
    read_run_log,
)
from kb.archive.writer import CaptureWriter, directory_origin

__all__ = [
    "CaptureWriter",
    "Event",
    "Failed",
    "Head",
    "Heads",
    "ListedItem",
    "NamedPart",
    "RecordRef",
    "RunFinished",
    "RunStarted",
    "Seen",
    "code_digest",
    "directory_origin",
    "read_bytes",
    "read_record",
    "read_run_log",
    "rules_key",
    "write_record",
]
