"""Cursors: where a list goes on, as an opaque word. Pure.

A cursor names the last item given, by what the list is ordered by: items that are added meanwhile move nothing.
"""

from __future__ import annotations

import base64
import json

Key = tuple[str | int, ...]
LONGEST = 400


class BadCursor(ValueError):
    """No cursor of this list."""


def encode(key: Key) -> str:
    """URL-safe, without padding."""
    packed = json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(cursor: str, *kinds: type) -> Key:
    """The key that ``encode`` was given, whose parts are of these kinds. Raises ``BadCursor``."""
    try:
        if len(cursor) > LONGEST:
            raise BadCursor(cursor)
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = json.loads(packed)
        json.dumps(key, ensure_ascii=False).encode()
    except (
        ValueError,
        RecursionError,
    ) as error:  # not of ASCII, not base64, not UTF-8, not JSON, half a character
        raise BadCursor(cursor) from error
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise BadCursor(cursor)
    if any(isinstance(part, int) and not 0 <= part < 2**62 for part in key):
        raise BadCursor(cursor)
    return tuple(key)
