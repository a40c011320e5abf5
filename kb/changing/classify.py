"""Each pairing judged: significance, spans, typed points and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from kb.changing.absorbed import absorbed
from kb.changing.align import Pairing
from kb.changing.bounds import FineReading, unread
from kb.changing.deltas import SPANS, find_deltas, points_lost, points_of
from kb.changing.filings import is_entry
from kb.changing.inline import changed_spans, whole_span
from kb.changing.labels import JOIN, label
from kb.changing.noise import is_furniture, opens_related_links
from kb.changing.reasons import reason_of
from kb.changing.significance import (
    AUTHORITY_RENAMED,
    MOVED,
    NOISE,
    RENUMBERED,
    Verdict,
    judge_alone,
    judge_amended,
    judge_joined,
    judge_whole,
    renamed_body,
)
from kb.changing.wording import only_heading
from kb.codes import Op, Significance
from kb.model import ObligationDelta, Passage, PassageChange, Span

_ADDRESS = re.compile(r"https?://\S+")
_RELATED_LIMIT = 60
_NAME_LINE, _NAME_LINES = (
    60,
    50,
)  # characters of a line that is little more than a name, and how many are looked at
RELATED = Verdict(Significance.NOISE, "相关链接一类的页面杂项")
_ENTRY = {Op.ADDED: "名单新增一项", Op.REMOVED: "名单移出一项"}
FIRST_SPANS = f"（改动过多，只读了前{SPANS}处的要点）"
TAKEN_UP = "内容并入"
IMAGE_REPLACED = "图片被更换，内容待人工判读"


def classify(
    before: Sequence[Passage], after: Sequence[Passage], pairings: Sequence[Pairing]
) -> Iterator[PassageChange]:
    """One PassageChange for each pairing, ``same`` ones included, in the same order."""
    renumbered = _renumbering(before, after, pairings)
    related_before, related_after = _related_links(before), _related_links(after)
    renamed = _renamed_alone(before, after, pairings)
    taken_up = absorbed(before, after, pairings)
    fine = FineReading()
    for pairing in pairings:
        op = pairing.op
        if op is Op.SAME or op is Op.RENUMBERED:
            yield _equal(op, before[pairing.before[0]], after[pairing.after[0]])
            continue
        old = [before[i] for i in pairing.before]
        new = [after[j] for j in pairing.after]
        if related_before.issuperset(pairing.before) and related_after.issuperset(pairing.after):
            yield _changed(pairing.op, old, new, (), RELATED)
        elif pairing in renamed:
            yield _changed(pairing.op, old, new, (), Verdict(Significance.EDITORIAL, AUTHORITY_RENAMED))
        elif op is Op.REMOVED and pairing.before[0] in taken_up:
            yield _changed(op, old, new, (), taken_up_in(after[taken_up[pairing.before[0]]]))
        elif not (old and new):
            passage = (*old, *new)[0]
            if is_entry(passage) or not fine.takes_alone():
                yield _unread(op, passage)
            else:
                yield _changed(op, old, new, (), _judge(op, old, new, (), renumbered))
        elif fine.takes_pair(before_text := _text(old), after_text := _text(new)):
            spans = changed_spans(before_text, after_text)
            yield _changed(op, old, new, spans, _judge(op, old, new, spans, renumbered))
        else:
            yield _as_whole(op, old, new)


def taken_up_in(passage: Passage) -> Verdict:
    """Not abolished: the words stand in another passage now, whose points say what became of them."""
    return Verdict(Significance.SUBSTANTIVE, f"{TAKEN_UP}{label(passage.anchor)}，请对照该条")


def _equal(op: Op, old: Passage, new: Passage) -> PassageChange:
    if op is Op.SAME:
        return PassageChange(op, Significance.NOISE, old.anchor, new.anchor, old.text, new.text)
    significance, reason = RENUMBERED.significance, RENUMBERED.reason
    return PassageChange(op, significance, old.anchor, new.anchor, old.text, new.text, (), (), reason)


def _unread(op: Op, passage: Passage) -> PassageChange:
    """An entry of a list, or one of so many passages that came or went that nobody reads the points of each."""
    entry = is_entry(passage)
    verdict = judge_alone(passage, states_duty=not entry and _states_duty(passage))
    reason = verdict.reason or (_ENTRY[op] if entry else unread(op))
    if op is Op.ADDED:
        return PassageChange(op, verdict.significance, "", passage.anchor, "", passage.text, reason=reason)
    return PassageChange(op, verdict.significance, passage.anchor, "", passage.text, "", reason=reason)


def _as_whole(op: Op, old: Sequence[Passage], new: Sequence[Passage]) -> PassageChange:
    """One of so many rewritten passages that nobody reads the words of each."""
    before, after = _text(old), _text(new)
    plain = op is Op.AMENDED and not old[0].kind == new[0].kind == "image"
    verdict = judge_whole(before, after) if plain else _judge(op, old, new, (), {})
    anchor_before, anchor = (JOIN.join(passage.anchor for passage in side) for side in (old, new))
    spans, reason = whole_span(before, after), verdict.reason or unread(op)
    return PassageChange(op, verdict.significance, anchor_before, anchor, before, after, spans, (), reason)


def _states_duty(passage: Passage) -> bool:
    return passage.kind == "heading" and bool(points_of(passage.text))


def _text(side: Sequence[Passage]) -> str:
    return "\n".join(passage.text for passage in side)


def _changed(
    op: Op, old: Sequence[Passage], new: Sequence[Passage], spans: tuple[Span, ...], verdict: Verdict
) -> PassageChange:
    before, after = _text(old), _text(new)
    deltas: tuple[ObligationDelta, ...] = ()
    if verdict.significance is Significance.SUBSTANTIVE and not verdict.reason.startswith(TAKEN_UP):
        if spans:
            deltas = find_deltas(before, after, spans)
        else:
            deltas = points_of(after) if after else points_lost(before)
    anchor_before, anchor = (JOIN.join(passage.anchor for passage in side) for side in (old, new))
    reason = verdict.reason or reason_of(op, deltas, before, after) + (
        FIRST_SPANS if len(spans) > SPANS else ""
    )
    return PassageChange(
        op, verdict.significance, anchor_before, anchor, before, after, spans, deltas, reason
    )


def _judge(
    op: Op,
    old: Sequence[Passage],
    new: Sequence[Passage],
    spans: Sequence[Span],
    renumbered: Mapping[str, str],
) -> Verdict:
    before, after = _text(old), _text(new)
    match op:
        case Op.MOVED:
            return NOISE if is_furniture(after) else MOVED
        case Op.SPLIT | Op.MERGED:
            return judge_joined(before, after)
        case Op.ADDED | Op.REMOVED:
            passage = (*old, *new)[0]
            return judge_alone(passage, states_duty=_states_duty(passage))
    if old[0].kind == new[0].kind == "image":
        return _judge_image(before, after)
    if reason := only_heading(old[0], new[0]):
        return Verdict(Significance.EDITORIAL, reason)
    return judge_amended(before, after, spans, renumbered)


_BUILD = re.compile(r"/v?\d+(?:\.\d+){1,3}/")


def _judge_image(before: str, after: str) -> Verdict:
    if _image_name(before) == _image_name(after):
        return NOISE
    return Verdict(Significance.SUBSTANTIVE, IMAGE_REPLACED)


def _image_name(text: str) -> str:
    """Host and path. Servers append tokens, and a site's own build number is part of its paths (``/app/0.2.36/icon.png``):
    neither says anything about the picture."""
    match = _ADDRESS.search(text)
    if match is None:
        return text
    try:
        parts = urlsplit(match[0])
    except ValueError:
        return text
    if "." not in parts.path and len(parts.path) <= 30:
        return match[0]
    return parts.netloc + _BUILD.sub("/", parts.path)


def _renumbering(
    before: Sequence[Passage], after: Sequence[Passage], pairings: Sequence[Pairing]
) -> dict[str, str]:
    """Numbers of articles and chapters that the pairing shows to have become others."""
    numbers: dict[str, str] = {}
    for pairing in pairings:
        if pairing.op is not Op.SAME and len(pairing.before) == len(pairing.after) == 1:
            old, new = before[pairing.before[0]], after[pairing.after[0]]
            if old.ordinal != new.ordinal and old.kind == new.kind and old.kind in ("article", "heading"):
                numbers.setdefault(old.ordinal, new.ordinal)
    return numbers


def _renamed_alone(
    before: Sequence[Passage], after: Sequence[Passage], pairings: Sequence[Pairing]
) -> frozenset[Pairing]:
    """A line with a body's old name that went and the line with its new name that came: two names share no letter."""
    gone = [p for p in pairings if p.op is Op.REMOVED and len(before[p.before[0]].text) <= _NAME_LINE]
    come = [p for p in pairings if p.op is Op.ADDED and len(after[p.after[0]].text) <= _NAME_LINE]
    found: set[Pairing] = set()
    for old in gone[:_NAME_LINES]:
        for new in come[:_NAME_LINES]:
            if not found & {old, new} and renamed_body(before[old.before[0]].text, after[new.after[0]].text):
                found |= {old, new}
    return frozenset(found)


def _related_links(passages: Sequence[Passage]) -> frozenset[int]:
    """Positions of the links below a heading such as 相关链接, up to the next heading, number or sentence."""
    found: set[int] = set()
    inside = False
    for position, passage in enumerate(passages):
        text = passage.text
        if len(text) > _RELATED_LIMIT:
            inside = False
        elif opens_related_links(text):
            inside = True
        elif inside and (passage.kind in ("heading", "article") or text.endswith(("。", "；"))):
            inside = False
        if inside:
            found.add(position)
    return frozenset(found)
