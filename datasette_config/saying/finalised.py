"""A final text beside the draft it follows: what its columns are called, and what frames it without being a rule. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from datasette_config.language import gettext as _
from kb.codes import ChangeKind

Shown = dict[str, Any]

_UNNUMBERED = re.compile(r"第\d+段")
"""How reading names a paragraph under no number and no heading."""
_ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇\d]+条")


def sides(row: Shown, draft: str) -> Shown:
    """What stands left and right; empty where both are texts of one rule. ``draft`` is the id of the draft's document,
    empty where the draft stood under the address of the final text."""
    if row["kind"] != ChangeKind.FINALISED or not row["before_id"]:
        return {}
    before = f"/document/{draft}" if draft else f"/document/{row['document_id']}/version/{row['before_id']}"
    return {"before": _("征求意见稿"), "after": _("正式稿"), "draft": before}


def framing(passages: Sequence[Shown]) -> list[Shown]:
    """Paragraphs around the articles that came or went as a whole: the order, the date, where to send opinions. None of a
    text without changed articles, for there the paragraphs may be the rule."""
    frame = [one for one in passages if _frames(one)]
    articles = any(_ARTICLE.match(one["cited"] or one["cited_before"]) for one in passages)
    return frame if articles else []


def _frames(one: Shown) -> bool:
    named = [cited for cited in (one["cited_before"], one["cited"]) if cited]
    return not (one["before"] and one["after"]) and all(_UNNUMBERED.fullmatch(cited) for cited in named)
