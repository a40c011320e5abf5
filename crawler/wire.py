"""The headers of an answer as they came over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response


def wire_headers(response: Response) -> tuple[tuple[str, str], ...]:
    """Every header, repeated ones too; latin-1, so that the bytes come back."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
