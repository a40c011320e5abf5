"""A licence type and the ones below it."""

from __future__ import annotations

from kb.errors import NotFound
from kb.licences import licences


def family(licence: str) -> frozenset[str]:
    """Ids of the licence type and of all types below it. Raises ``NotFound``."""
    vocabulary = licences()
    if licence not in vocabulary:
        raise NotFound(f"没有这个资质事项：{licence}", do="zhengce licence 可列出全部事项")
    found = {licence}
    while below := {each.id for each in vocabulary.values() if each.parent in found} - found:
        found |= below
    return frozenset(found)


def reached_by(licence: str) -> frozenset[str]:
    """The tags that reach whoever follows the type: its own, those below it and the one above. Raises ``NotFound``."""
    members = family(licence)
    return members | {above} if (above := licences()[licence].parent) else members
