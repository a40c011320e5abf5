"""Two versions of one document -> what differs, clause by clause, in the order of the new text."""

from __future__ import annotations

from kb.changing.align import align
from kb.changing.bounds import remark
from kb.changing.classify import classify
from kb.changing.effective import effective_date
from kb.changing.kinds import change_kind
from kb.changing.metadata import metadata_changes
from kb.changing.passages import split_passages
from kb.codes import Op, Significance
from kb.model import Comparison, Document, PassageChange

_RANK = {Significance.NOISE: 0, Significance.EDITORIAL: 1, Significance.SUBSTANTIVE: 2}
UNCHANGED = "未见变动"


def compare(before: Document, after: Document) -> Comparison:
    """Pure and total: any two documents compare. ``differing`` is empty when nothing differs, and then
    ``significance`` is noise."""
    old, new = split_passages(before), split_passages(after)
    passages = tuple(classify(old, new, align(old, new)))
    differing = [p for p in passages if p.op is not Op.SAME]
    shown = "\n".join(text for p in differing for text in (p.before, p.after))
    beside = tuple(metadata_changes(before, after, shown))
    significance, reason = _overall([*beside, *differing])
    reason = "；".join(filter(None, (reason, remark(differing))))
    return Comparison(
        kind=change_kind(before, after, [*beside, *differing]),
        significance=significance,
        passages=(*beside, *passages),
        effective=effective_date(after),
        reason=reason,
    )


def _overall(differing: list[PassageChange]) -> tuple[Significance, str]:
    """The gravest passage decides, and its reason is the reason of the whole."""
    gravest = max(differing, key=lambda p: _RANK[p.significance], default=None)
    return (gravest.significance, gravest.reason) if gravest else (Significance.NOISE, UNCHANGED)
