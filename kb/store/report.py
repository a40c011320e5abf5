"""What one ingest did."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class SourceCounts:
    """``seen`` counts looks with an answer, of them ``unchanged`` and ``kept`` in full; ``skipped`` are looks that
    could not be used. ``noise`` are differences without meaning."""

    seen: int = 0
    unchanged: int = 0
    kept: int = 0
    failed: int = 0
    versions: int = 0
    changes: int = 0
    noise: int = 0
    incidents_opened: int = 0
    incidents_closed: int = 0
    skipped: int = 0


@dataclass(slots=True)
class IngestReport:
    """``changes`` are ids of changes that are new or newly confirmed, in the order in which that was found out;
    ``problems`` are sentences for the operator (what, where, what to do)."""

    sources: dict[str, SourceCounts] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def of(self, source: str) -> SourceCounts:
        return self.sources.setdefault(source, SourceCounts())

    def changed(self, change: str) -> None:
        if change not in self.changes:
            self.changes.append(change)

    @property
    def totals(self) -> dict[str, int]:
        """Counts by name over all sources."""
        names = SourceCounts.__slots__
        return {name: sum(getattr(counts, name) for counts in self.sources.values()) for name in names}
