"""What lists can be filtered by, as the declared sources name it."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_config.knowledge.rows import Connection, rows
from kb.regions import NATIONAL, short_name


@dataclass(frozen=True, slots=True)
class Choices:
    """``sources`` are ids with their titles; ``regions`` short names of provinces, the whole country first."""

    sources: tuple[tuple[str, str], ...]
    authorities: tuple[str, ...]
    regions: tuple[str, ...]


def choices(connection: Connection) -> Choices:
    declared = rows(
        connection, "SELECT source_id, title, authority, province FROM sources ORDER BY source_id"
    )
    regions = {short_name(row["province"]) for row in declared} - {"", NATIONAL}
    return Choices(
        sources=tuple((row["source_id"], row["title"]) for row in declared),
        authorities=tuple(dict.fromkeys(row["authority"] for row in declared)),
        regions=(NATIONAL, *sorted(regions)),
    )
