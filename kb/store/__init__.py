"""The only writer of kb.db. Everything in it is derived from captures, declarations and decisions."""

from kb.store import queries
from kb.store.connection import open_reader, open_writer
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor, take_decisions_of
from kb.store.maintenance import Verification, backup, derive_into, rebuild, refuse_loss, verify
from kb.store.report import IngestReport, SourceCounts

__all__ = [
    "IngestReport",
    "Ingestor",
    "SourceCounts",
    "Verification",
    "backup",
    "canonical_dump",
    "derive_into",
    "open_reader",
    "open_writer",
    "queries",
    "rebuild",
    "refuse_loss",
    "take_decisions_of",
    "verify",
]
