"""One page of a list under a filter, whose statuses are reckoned as the list is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from datasette_config.choosing.filters import Filter
from datasette_config.knowledge.rows import Row

MOST_LOOKED = 400  # rows whose document's status is reckoned for one page
Place = tuple[
    str, str
]  # the day or time by which a list is ordered, and an id: where it goes on, also when rows are added


@dataclass(frozen=True, slots=True)
class Listed:
    """The ``rows`` of one page; ``rest`` is where the list goes on, if it does. ``looked`` is how many were looked at for
    it, more than are shown where a status was asked for."""

    rows: list[Row]
    rest: Place | None
    looked: int


def gathered(
    batch: Callable[[Place | None], list[Row]],
    place_of: Callable[[Row], Place],
    chosen: Filter,
    limit: int,
    before: Place | None,
) -> Listed:
    """The first ``limit`` rows behind ``before`` that have a status asked for. ``batch`` gives the next ``limit + 1`` rows
    behind a place with their ``standing``; fewer mean that the list ends."""
    found: list[Row] = []
    looked, place = 0, before
    while looked < MOST_LOOKED:
        following = batch(place)
        for row in following:
            wanted = not chosen.status or row["standing"] in chosen.status
            if wanted and len(found) == limit:
                return Listed(found, place, looked)
            found += [row] if wanted else []
            looked, place = looked + 1, place_of(row)
        if len(following) <= limit:
            return Listed(found, None, looked)
    return Listed(found, place, looked)
