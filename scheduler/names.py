"""Licence types as mails name them, and their parents."""

from __future__ import annotations

from kb.licences import licences


def short_name(licence: str) -> str:
    """The name for subjects and lists; the id itself when the vocabulary no longer has it."""
    known = licences().get(licence)
    return known.short if known else licence


def parent_of(licence: str) -> str | None:
    known = licences().get(licence)
    return (known.parent or None) if known else None
