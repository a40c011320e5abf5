"""A change or a document, as what decides whom it concerns: its tags, its place, its level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.codes import SourceLevel
from kb.config import DataDirectory
from kb.model import LicenceTag
from kb.regions import region_of
from kb.store import queries
from kb.verbs.reader import reader
from scheduler.observed import Observed

if TYPE_CHECKING:
    from kb.store.queries import ChangeRow


@dataclass(frozen=True, slots=True)
class Rule:
    """``region``: the province whose local rule it is, empty for the whole country; ``province``: that of its source.
    ``change``: the change that was asked for, ``None`` where it was a document."""

    id: str
    title: str
    source_title: str
    tags: tuple[LicenceTag, ...]
    region: str
    province: str
    level: SourceLevel
    change: ChangeRow | None = None


def rule_of_change(data: DataDirectory, identifier: str) -> Rule:
    """Raises ``NotFound``."""
    with reader(data) as connection:
        found = queries.change(connection, identifier)
        province = queries.source_province(connection, found.row.source)
    with Observed(data.kb) as observed:
        (facts,) = observed.changes([found.row.id])
    row = found.row
    return Rule(
        row.id, row.title, row.source_title, found.tags, facts.region, province, facts.level, change=row
    )


def rule_of_document(data: DataDirectory, identifier: str) -> Rule:
    """Raises ``NotFound``."""
    with reader(data) as connection:
        found = queries.document(connection, identifier)
        source = next(each for each in queries.watched(connection) if each.id == found.source)
    return Rule(
        found.id,
        found.document.title,
        source.title,
        found.tags,
        region_of(source.province, found.document.issuers, source.authority),
        source.province,
        source.level,
    )
