"""Licence types as mails name them, and their parents."""

from __future__ import annotations

import re

from kb.licences import licences

_PAPERS = ("许可", "备案", "登记", "版号", "类目", "核验")
_BEYOND = re.compile("[（：、，与]|——")  # what follows is a remark, or another paper


def short_name(licence: str) -> str:
    """The name for subjects and lists; the id itself when the vocabulary no longer has it."""
    known = licences().get(licence)
    return known.short if known else licence


def paper_name(licence: str) -> str:
    """The name of what is held: the short one where it says what it is (ICP许可), else that of the certificate
    (网络文化经营许可证, not 网络文化)."""
    known = licences().get(licence)
    if known is None or known.short.endswith(_PAPERS):
        return short_name(licence)
    return _BEYOND.split(known.zh)[0]


def parent_of(licence: str) -> str | None:
    known = licences().get(licence)
    return (known.parent or None) if known else None
