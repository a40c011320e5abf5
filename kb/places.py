"""Where a text is a local rule, as a reader is told it. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.regions import PROVINCES, region_of, short_name

_LOCAL_BODY = re.compile(f"({'|'.join(PROVINCES)})(?:省|市|(?:壮族|回族|维吾尔)?自治区|通信管理局)")


def place_named(declared: str, issuers: Iterable[str], title: str) -> str:
    """The place to name beside a text: where it is a local rule, wherever it was read; empty for the whole country.

    A body of a province says so by its own name; without issuers the head of the title does. A declared place that is no
    province is named as it is.
    """
    named = tuple(issuers)
    bodies = {_of_a_province(name) for name in named or (title.strip("《"),)}
    if len(bodies) == 1 and (place := bodies.pop()):
        return place
    return region_of(declared, named) if short_name(declared) in PROVINCES else declared


def _of_a_province(name: str) -> str:
    found = _LOCAL_BODY.match(name)
    return found[1] if found else ""
