"""Differences beside the text: title, 文号, issuers, dates, attachments. Shown only where the text does not show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from kb.changing.inline import changed_spans
from kb.changing.significance import judge_amended
from kb.codes import DeltaKind, Op, Significance
from kb.model import Document, ObligationDelta, PassageChange, canonical_url

_DATES: tuple[tuple[str, Callable[[Document], date | None], Significance, DeltaKind | None], ...] = (
    ("成文日期", lambda d: d.made, Significance.EDITORIAL, None),
    ("发布日期", lambda d: d.published, Significance.EDITORIAL, None),
    ("施行日期", lambda d: d.effective, Significance.SUBSTANTIVE, DeltaKind.DEADLINE),
    ("意见反馈截止", lambda d: d.comments_until, Significance.SUBSTANTIVE, DeltaKind.DEADLINE),
    ("过渡期至", lambda d: d.transition_until, Significance.SUBSTANTIVE, DeltaKind.TRANSITION),
)


def metadata_changes(before: Document, after: Document, shown: str) -> Iterator[PassageChange]:
    """``shown`` is the text of the differing passages: what it says already is not said twice."""
    texts = (
        ("标题", before.title, after.title),
        ("文号", before.doc_number, after.doc_number),
        ("发布机关", "、".join(before.issuers), "、".join(after.issuers)),
    )
    for anchor, old, new in texts:
        if (
            old != new
            and not (old in shown and new in shown)
            and not (_printed(before, old) and _printed(after, new))
        ):
            yield _text_change(anchor, old, new)
    for anchor, read, significance, delta in _DATES:
        old_date, new_date = read(before), read(after)
        if old_date != new_date and not any(_says(shown, day) for day in (old_date, new_date) if day):
            yield _date_change(anchor, old_date, new_date, significance, delta)
    yield from _attachment_changes(before, after, shown)


def _printed(document: Document, words: str) -> bool:
    """A block of the text says just this, so that comparing the texts has compared it."""
    return any(block.text == words for block in document.blocks)


def _op(old: str, new: str) -> Op:
    return Op.AMENDED if old and new else Op.ADDED if new else Op.REMOVED


def _text_change(anchor: str, old: str, new: str) -> PassageChange:
    spans = changed_spans(old, new) if old and new else ()
    verdict = judge_amended(old, new, spans, {})
    place_before, place = anchor if old else "", anchor if new else ""
    return PassageChange(
        _op(old, new),
        verdict.significance,
        place_before,
        place,
        old,
        new,
        spans,
        (),
        verdict.reason or f"{anchor}不同",
    )


def _date_change(
    anchor: str, old: date | None, new: date | None, significance: Significance, delta: DeltaKind | None
) -> PassageChange:
    first, second = (day.isoformat() if day else "" for day in (old, new))
    spans = changed_spans(first, second) if first and second else ()
    deltas = (ObligationDelta(delta, first, second),) if delta else ()
    place_before, place = anchor if old else "", anchor if new else ""
    reason = "日期不同" if significance is Significance.SUBSTANTIVE else "只有页面标注的日期不同"
    return PassageChange(
        _op(first, second), significance, place_before, place, first, second, spans, deltas, reason
    )


def _says(text: str, day: date) -> bool:
    forms = (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.month}月{day.day}日")
    return any(form in text for form in forms)


def _attachment_changes(before: Document, after: Document, shown: str) -> Iterator[PassageChange]:
    olds, news = (
        tuple((link.name, canonical_url(link.url)) for link in d.attachments) for d in (before, after)
    )
    gone = [link for link in olds if link not in news]
    come = [link for link in news if link not in olds]
    for position in range(max(len(gone), len(come))):
        old = gone[position] if position < len(gone) else ("", "")
        new = come[position] if position < len(come) else ("", "")
        if old[0] != new[0] and all(name in shown for name in (old[0], new[0]) if name):
            continue
        first, second = (f"{name} {url}".strip() for name, url in (old, new))
        spans = changed_spans(first, second) if first and second else ()
        anchor = f"附件{position + 1}"
        place_before, place = anchor if first else "", anchor if second else ""
        yield PassageChange(
            _op(first, second),
            Significance.SUBSTANTIVE,
            place_before,
            place,
            first,
            second,
            spans,
            (),
            "附件链接不同，内容可能更换",
        )
