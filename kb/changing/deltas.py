"""Obligation deltas: what kind of point changed, typed, with the words before and after.

Read from the changed spans and the points they touch; no model. A point that stands only on one side has an empty string on
the other, and -1 for its offset there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from kb.changing.penalties import counterparts, is_measure_alone, may_be_one, of_one_measure
from kb.changing.points import Point, points_in
from kb.changing.renames import is_authority
from kb.codes import DeltaKind
from kb.model import ObligationDelta, Span

SPANS = 200  # spans of one passage that are searched for points
STRETCH = 4_000  # characters of one span or passage that are searched for points
_REACH = 200  # how far a sentence is followed on each side of a span
_STOPS = "。；\n"
_SCOPE = re.compile(r"适用|范围|包括|所称|是指|仅限|限于|含")
_MATERIALS = re.compile(r"材料|资质|提交|附|上传|加盖|资料|证件|凭")
_EDGES = "，、；。：（）() \n"
_JOINED = re.compile(r"^(?:以及|或者|并且|和|或|及|与|并)")
_BOUND = re.compile(r"(?:不超过|不低于|不少于|不高于|不足|未满|超过|低于|高于|至少|至多|最多|不满|满|达到)$")
_WEAK = frozenset({"应当", "可以", "应", "可", "需", "须", "平台", "企业", "个人", "申请人"})
Range = tuple[int, int]
Pair = tuple[Point | None, Point | None]


def find_deltas(before: str, after: str, spans: Sequence[Span]) -> tuple[ObligationDelta, ...]:
    """The typed points that the spans touch (the first 200 of them), each with the one it became."""
    spans = spans[:SPANS]
    old_ranges = [(span.before_start, span.before_end) for span in spans]
    new_ranges = [(span.after_start, span.after_end) for span in spans]
    olds, news = _points_around(before, old_ranges), _points_around(after, new_ranges)
    pairs = _paired(before, after, (olds, news), (old_ranges, new_ranges))
    deltas = [_delta(old, new) for old, new in pairs if not _still_there(old, new, before, after)]
    told = {id(point) for pair in pairs for point in pair}
    for span, old_range, new_range in zip(spans, old_ranges, new_ranges, strict=True):
        touched = [p for p in olds if _touches(p, old_range)] + [p for p in news if _touches(p, new_range)]
        if not any(id(point) in told for point in touched):
            deltas += _by_context(before, after, span)
    return _telling(delta for delta in deltas if delta.before != delta.after)


_THINGS = frozenset(
    {DeltaKind.AUTHORITY, DeltaKind.SUBJECT, DeltaKind.EXCEPTION, DeltaKind.MATERIAL, DeltaKind.SCOPE}
)


def _still_there(old: Point | None, new: Point | None, before: str, after: str) -> bool:
    """A body, person or document that one text names at another place too: it neither came nor went."""
    if old is not None and new is not None:
        return False
    point, other = (old, after) if old is not None else (new, before)
    if point is None or point.kind not in _THINGS or point.words not in other:
        return False
    return any(p.kind is point.kind and p.words == point.words for p in points_in(other, 0, STRETCH))


def points_of(text: str) -> tuple[ObligationDelta, ...]:
    """What an added passage states: every typed point of it, with nothing before."""
    return _telling(_delta(None, point) for point in points_in(text, 0, STRETCH))


def points_lost(text: str) -> tuple[ObligationDelta, ...]:
    """What a removed passage stated: every typed point of it, with nothing after."""
    return _telling(_delta(point, None) for point in points_in(text, 0, STRETCH))


def _telling(deltas: Iterator[ObligationDelta]) -> tuple[ObligationDelta, ...]:
    """Each once; a bare 应当 or 平台 of added words goes when the same words state something more particular."""
    found = list(dict.fromkeys(deltas))
    strong = [d for d in found if (d.before and d.after) or (d.before or d.after) not in _WEAK]
    return tuple(strong or found)


def _delta(old: Point | None, new: Point | None) -> ObligationDelta:
    kind = (new or old or _NOTHING).kind
    first, second = old or _NOTHING, new or _NOTHING
    return ObligationDelta(kind, first.words, second.words, first.start, second.start)


_NOTHING = Point(DeltaKind.SCOPE, "", -1)


def _points_around(text: str, ranges: Sequence[Range]) -> list[Point]:
    """The points of the sentences in which the ranges lie, each with the bounding word that a range touches before it."""
    windows: list[Range] = []
    for start, end in ranges:
        low, high = _sentence(text, start, min(end, start + STRETCH))
        if windows and low <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(high, windows[-1][1]))
        else:
            windows.append((low, high))
    return [_with_bound(text, point, ranges) for low, high in windows for point in points_in(text, low, high)]


def _with_bound(text: str, point: Point, ranges: Sequence[Range]) -> Point:
    bound = _BOUND.search(text[max(0, point.start - 4) : point.start])
    if bound is None or point.kind not in (
        DeltaKind.THRESHOLD,
        DeltaKind.AMOUNT,
        DeltaKind.PERCENTAGE,
        DeltaKind.DEADLINE,
    ):
        return point
    longer = Point(point.kind, bound[0] + point.words, point.start - len(bound[0]))
    return longer if any(start < point.start and end > longer.start for start, end in ranges) else point


def _sentence(text: str, start: int, end: int) -> Range:
    floor, ceiling = max(0, start - _REACH), min(len(text), end + _REACH)
    left = max(text.rfind(stop, floor, start) for stop in _STOPS)
    rights = [place for stop in _STOPS if (place := text.find(stop, end, ceiling)) >= 0]
    return (left + 1 if left >= 0 else floor), min(rights, default=ceiling)


def _touches(point: Point, changed: Range) -> bool:
    """Words were changed in the point, or put into the middle of it."""
    return point.start < changed[1] and point.end > changed[0]


def _paired(
    before: str,
    after: str,
    sides: tuple[list[Point], list[Point]],
    ranges: tuple[Sequence[Range], Sequence[Range]],
) -> list[Pair]:
    """First the points that stand in one place on both sides, then penalties that are alone on their footing, then those of
    one kind that lost and gained a place. A penalty is set beside none but one on the same footing."""
    olds, news = sides
    old_touched, new_touched = (
        [p for p in side if any(_touches(p, r) for r in changed)]
        for side, changed in zip(sides, ranges, strict=True)
    )
    kept_old, kept_new = _standing(olds, news), _standing(news, olds)
    old_touched = [p for p in old_touched if id(p) not in kept_old]
    new_touched = [p for p in new_touched if id(p) not in kept_new]
    forward, backward = _carrier(*ranges), _carrier(ranges[1], ranges[0])
    pairs: list[Pair] = []
    used: set[int] = kept_old | kept_new

    def join(old: Point, new: Point) -> None:
        pairs.append((old, new))
        used.update((id(old), id(new)))

    def free(old: Point, new: Point) -> bool:
        one_kind = old.kind is new.kind and not used & {id(old), id(new)}
        return one_kind and may_be_one(before, old, after, new)

    def one_measure(old: Point, new: Point) -> bool:
        return old.kind is not DeltaKind.PENALTY or of_one_measure(before, old, after, new)

    for tier in (lambda old, new: old.words == new.words, one_measure):
        for old in old_touched:
            for new in news:
                if tier(old, new) and free(old, new) and _touches(new, forward(old)):
                    join(old, new)
        for new in new_touched:
            for old in olds:
                if tier(old, new) and free(old, new) and _touches(old, backward(new)):
                    join(old, new)
    penalties = [[p for p in side if p.kind is DeltaKind.PENALTY and id(p) not in used] for side in sides]
    for old, new in counterparts(before, penalties[0], after, penalties[1]):
        if old in old_touched or new in new_touched:
            join(old, new)
    for old in old_touched:
        for new in new_touched:
            if free(old, new) and (
                _touches(new, forward(old)) or (one_measure(old, new) and _near(old, new, forward))
            ):
                join(old, new)
    pairs += [(old, None) for old in old_touched if id(old) not in used]
    pairs += [(None, new) for new in new_touched if id(new) not in used]
    return sorted(pairs, key=_place)


def _standing(here: Sequence[Point], there: Sequence[Point]) -> set[int]:
    """The measures without a number (警告, 刑事责任) that the other text has too: a threat that still stands."""
    words = {point.words for point in there if is_measure_alone(point)}
    return {id(point) for point in here if is_measure_alone(point) and point.words in words}


_NEAR = 30  # characters between the place a point left and the place it took


def _near(old: Point, new: Point, forward: Callable[[Point], Range]) -> bool:
    start, end = forward(old)
    return new.start - end <= _NEAR and start - new.end <= _NEAR


def _place(pair: Pair) -> tuple[int, int]:
    old, new = pair
    return (new.start, 0) if new else (old.start, 1) if old else (0, 0)


def _carrier(here: Sequence[Range], there: Sequence[Range]) -> Callable[[Point], Range]:
    """The range of the other text that a point of this one became."""

    def carried(position: int, *, right: bool) -> int:
        shift = 0
        for (start, end), (other_start, other_end) in zip(here, there, strict=True):
            if position < start or (position == start and not right):
                break
            if position < end or (position == end and right and start == end):
                return other_end if right else other_start
            shift = other_end - end
        return position + shift

    return lambda point: (carried(point.start, right=False), carried(point.end, right=True))


def _by_context(before: str, after: str, span: Span) -> Iterator[ObligationDelta]:
    """Words of no type of their own are typed by what their sentence is about."""
    old_low, old_high = _sentence(before, span.before_start, span.before_end)
    new_low, new_high = _sentence(after, span.after_start, span.after_end)
    around = after[new_low:new_high][: 2 * _REACH] + before[old_low:old_high][: 2 * _REACH]
    (old, old_at), (new, new_at) = (
        _trimmed(span.before, span.before_start),
        _trimmed(span.after, span.after_start),
    )
    if max(len(old), len(new)) < 2:
        return
    if is_authority(old) or is_authority(new):
        kind = DeltaKind.AUTHORITY
    elif _SCOPE.search(old + new):
        kind = DeltaKind.SCOPE
    elif _MATERIALS.search(around) and _is_listed(before, after, span):
        kind = DeltaKind.MATERIAL
    elif _SCOPE.search(around):
        kind = DeltaKind.SCOPE
    else:
        return
    yield ObligationDelta(kind, old, new, old_at, new_at)


def _is_listed(before: str, after: str, span: Span) -> bool:
    """The words are a whole member of a list: a mark stands before and after them."""
    text, start, end = (
        (after, span.after_start, span.after_end)
        if span.after
        else (before, span.before_start, span.before_end)
    )
    opens = start == 0 or text[start - 1] in _EDGES or text[start] in _EDGES
    return opens and (end == len(text) or text[end] in _EDGES or text[end - 1] in _EDGES)


def _trimmed(words: str, at: int) -> tuple[str, int]:
    """Words of a span without the marks and the 和 or 或者 at their edges, and where they begin; -1 for none."""
    left = words.lstrip(_EDGES)
    joined = _JOINED.match(left)
    left = left[joined.end() :] if joined else left
    kept = left.rstrip(_EDGES)
    return (kept, at + len(words) - len(left)) if kept else ("", -1)
