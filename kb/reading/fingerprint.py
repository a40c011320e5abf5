"""The cheap question "did anything the reading depends on change?", asked of every page before anything expensive."""

from __future__ import annotations

from datetime import date

from kb.codes import PageRole
from kb.reading.lists import list_digest
from kb.reading.select import select
from kb.reading.selection import Way
from kb.reading.tree import TooComplex
from kb.sources import Source


def fingerprint(text: str, *, url: str, source: Source | None, role: PageRole, on: date | None = None) -> str:
    """A digest of exactly what the full reading depends on, or "" (never equal) when that cannot be told cheaply.

    For one source and day, equal non-empty fingerprints mean equal documents. ``text`` is decoded; a document of
    no declared source, or whose declared body is missing, has no fingerprint. Raises ``BadSelector`` or
    ``DeclarationError`` for a declaration that cannot be used.
    """
    if source is None or role in {PageRole.ATTACHMENT, PageRole.IMAGE}:
        return ""
    if role is PageRole.LIST:
        return list_digest(text, source)
    try:
        selection = select(text, source, on, url)
    except TooComplex:
        return ""
    return "" if selection.way is Way.NONE else selection.digest(url)
