"""The only writer of kb.db. Everything in it is derived from captures, declarations and decisions."""

from kb.store.connection import open_reader, open_writer
from kb.store.ingest import Ingestor
from kb.store.report import IngestReport, SourceCounts

__all__ = ["IngestReport", "Ingestor", "SourceCounts", "open_reader", "open_writer"]
