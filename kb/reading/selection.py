"""What a reading depends on, and nothing else: the ground that fingerprint and full reading share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How the body was found."""

    DECLARED = "declared"  # by the source's selectors
    KNOWN = "known"  # by a content selector that many government sites share
    STATE = "state"  # in a page's own JSON
    GUESSED = "guessed"  # by weighing the text of the page's parts
    TEXT = "text"  # the body is plain text or Markdown
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Selection:
    """``markup`` and ``replies`` are canonical markup; ``fields`` are raw metadata values by name, in order;
    ``attachments`` and ``images`` are (address as printed, name) pairs found outside the body. ``missing`` says in
    words why there is no body, where the page itself tells; such a page has no body to be guessed.
    """

    way: Way
    title: str = ""
    markup: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    replies: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    missing: str = ""

    def digest(self, url: str) -> str:
        """SHA-256 over everything a document is read from; ``url`` is the base of its relative links."""
        rest = (url, *(getattr(self, name) for name in self.__slots__ if name != "markup"))
        return hashlib.sha256(f"{rest!r}\0{self.markup}".encode("utf-8", "surrogatepass")).hexdigest()

    def field(self, *names: str) -> str:
        """The first non-empty value among the named fields."""
        values = dict(self.fields)
        return next((value for name in names if (value := values.get(name, ""))), "")
