"""PURE. The words of a change as our own ledger keeps them, to be shown when kb.db does not find the change any more."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kb.codes import Op, Significance
from kb.model import PassageChange
from scheduler.alerts.text import clip
from scheduler.facts import ChangeFacts

MOST = 5
LONGEST = 300


@dataclass(frozen=True, slots=True)
class KeptWords:
    """``passages`` are the first few that mattered, each cut to a few lines."""

    source: str = ""
    title: str = ""
    headline: str = ""
    url: str = ""
    significance: Significance = Significance.SUBSTANTIVE
    passages: tuple[PassageChange, ...] = ()


def kept_words(change: ChangeFacts | None) -> str:
    """JSON; an empty object for a change that is gone already."""
    if change is None:
        return "{}"
    kept = {
        "source": change.source,
        "title": change.title,
        "headline": change.headline,
        "url": change.url,
        "significance": change.significance,
        "passages": [
            {
                "op": p.op,
                "significance": p.significance,
                "anchor_before": p.anchor_before,
                "anchor": p.anchor,
                "before": clip(p.before, LONGEST),
                "after": clip(p.after, LONGEST),
            }
            for p in (change.substantive or change.differing)[:MOST]
        ],
    }
    return json.dumps(kept, ensure_ascii=False)


def read_words(text: str) -> KeptWords:
    data = json.loads(text)
    passages = tuple(
        PassageChange(**{**each, "op": Op(each["op"]), "significance": Significance(each["significance"])})
        for each in data.pop("passages", ())
    )
    if "significance" in data:
        data["significance"] = Significance(data["significance"])
    return KeptWords(**data, passages=passages)
