"""When a change takes so much of a text away that twenty minutes are no proof. PURE.

A page half rendered, a broken template or a database that answers with its first rows only, all look like a repeal of
most articles, and last for hours. What is rewritten is not taken away: texts that come in their stead make up for it.
"""

from __future__ import annotations

from kb.codes import Op
from kb.model import Comparison

MASS = 10
"""Passages: below that a text is so short that every edit is a large share of it."""

SHARE = 0.5
"""Of the passages before: half a text gone is no amendment that a regulator makes without a new document."""


def removes_much(comparison: Comparison) -> bool:
    """Whether at least ten passages and at least half of all are taken away, not counting as many as came in their
    stead. A move, a split, a merger and a new number take nothing away."""
    before = sum(passage.op is not Op.ADDED for passage in comparison.passages)
    gone = sum(passage.op is Op.REMOVED for passage in comparison.passages)
    come = sum(passage.op is Op.ADDED for passage in comparison.passages)
    lost = gone - come
    return lost >= MASS and lost >= SHARE * before
