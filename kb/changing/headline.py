"""One Chinese line that says what changed, in the words of the text itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kb.changing.classify import IMAGE_REPLACED, TAKEN_UP
from kb.changing.enactment import ENACTED, is_enactment_note
from kb.changing.filings import batch_headline
from kb.changing.fold import TYPOS
from kb.changing.labels import label
from kb.changing.saying import RANKS, said, short
from kb.changing.significance import AUTHORITY_RENAMED, REFERENCE, WORDING
from kb.changing.sister import image_line, replaced_images
from kb.changing.wording import BYLINE, CONTACT, HEADING
from kb.codes import ChangeKind, Op, Significance
from kb.model import Comparison, Document, PassageChange
from kb.numerals import to_int

_PARTS = 3
_EDGES = "，、；。：（）()【】〔〕[] 　\n"
_DRAFT = re.compile(r"(?:草案)?(?:第[一二三四五]次|再次|公开)?(?:征求意见|公开征求意见)(?:稿)?")
_MARKS_OF = {
    ChangeKind.FINALISED: _DRAFT,
    ChangeKind.REPEALED: re.compile(
        r"(?:本[\u4e00-\u9fff]{1,4})?(?:现?已|自[0-9年月日]{6,12}起|于[0-9年月日]{6,12}|现|予以|同时)*(?:废止|失效)"
    ),
}
_ARTICLE = re.compile(r"^第[〇零一二三四五六七八九十百千0-9]+条(?:之[一二三四五六七八九十]+)?$")
Move = tuple[int, int, str, str]  # an article's number before and after, and the same as printed
_ONLY = "第1段："
"""The place of words in a text of one paragraph, which needs none."""
_PREAMBLE = re.compile(r"第[0-9]+段$")
REWRITTEN = "全文改写"
_LONG_ENOUGH, _LEFT = 12, 0.25  # characters of a text worth the word, and the share of it that may be left
_PRESENCE, _WORDS, _FRONT, _LIGHT = 5, 7, 8, 9
_BESIDE = frozenset({"标题", "文号", "发布机关"})
_PAGE_DATES = frozenset({"成文日期", "发布日期"})
_TOLD = frozenset({AUTHORITY_RENAMED, WORDING, CONTACT, HEADING, BYLINE, ENACTED})
"""Reasons for which the words themselves are worth telling; elsewhere (spelling, order) the reason says it."""
_WHOLE = {
    ChangeKind.REPEALED: "本文件写明废止",
    ChangeKind.FINALISED: "正式稿公布",
    ChangeKind.DRAFT_PUBLISHED: "征求意见稿公布",
    ChangeKind.DRAFT_REOPENED: "再次征求意见",
    ChangeKind.AUTHORITY_RENAMED: "机关更名",
    ChangeKind.DUTY_TRANSFERRED: "职责划转",
}


def headline(comparison: Comparison, document: Document) -> str:
    """What changed, gravest first, at most three points: ``第二十四条：“十个工作日”改为“五个工作日”``."""
    if comparison.kind is ChangeKind.LIST_BATCH:
        return batch_headline(comparison)
    if comparison.kind is ChangeKind.IMAGE_REPLACED and replaced_images(comparison):
        return image_line(comparison, document)
    told = _telling(comparison)
    if not told:
        return "只有页面杂项不同" if comparison.differing else f"{document.title}：未见变动".lstrip("：")
    parts = [_WHOLE[comparison.kind]] if comparison.kind in _WHOLE else []
    told = [p for p in told if not _says_kind(p, comparison.kind)]
    if any(map(_grave, told)):
        told = [p for p in told if p.anchor not in _PAGE_DATES]
    articled = any(_ARTICLE.match(_article(p.anchor)) for p in comparison.passages)
    points = sorted(_points(told, articled=articled), key=lambda point: point.rank)
    chosen = _chosen(points)
    alone = len([p for p in comparison.passages if p.anchor and p.after != document.title]) == 1
    named = f"《{document.title}》：" if document.title else ""
    parts += [point.text.replace(_ONLY, named, 1) if alone else point.text for point in chosen]
    runs = list(_renumbered([p for p in told if p.op is Op.RENUMBERED or _number_shifted(p)]))
    moved = "、".join(runs) if len(runs) <= _PARTS else "条文顺序作相应调整"
    line = "；".join(parts)
    line = f"{line}（{moved}）" if line and moved else line or moved
    return line + _left(told, chosen)


class _Point(NamedTuple):
    """``named``: how many passages ``text`` names; ``rank``: the less the weightier."""

    rank: int
    text: str
    named: int = 1


def _chosen(points: Sequence[_Point]) -> list[_Point]:
    """The weightiest three; an added or removed duty takes the third place where none is among them."""
    chosen = list(points[:_PARTS])
    presences = [point for point in points if point.rank == _PRESENCE]
    if presences and presences[0] not in chosen:
        chosen[-1] = presences[0]
    return chosen


def _left(told: Sequence[PassageChange], chosen: Sequence[_Point]) -> str:
    """How many passages the line does not name; those of no weight are counted apart."""
    grave = sum(_grave(p) for p in told)
    light = sum(not _grave(p) and p.op is not Op.RENUMBERED for p in told)
    named = sum(point.named for point in chosen if point.rank < _LIGHT)
    named_light = sum(point.named for point in chosen if point.rank >= _LIGHT)
    rest, editorial = grave - named, light - named_light
    if rest > 0 and editorial > 0:
        return f"；另有{rest}处实质变动、{editorial}处文字变动"
    return f"；另有{rest}处" if rest > 0 else f"；另有{editorial}处文字变动" if editorial > 0 else ""


def _says_kind(passage: PassageChange, kind: ChangeKind) -> bool:
    """Nothing changed here but the words that make the whole repealed or final: the kind says it."""
    mark = _MARKS_OF.get(kind)
    words = [(span.before, span.after) for span in passage.spans] or [(passage.before, passage.after)]
    return mark is not None and all(
        mark.sub("", old).strip(_EDGES) == mark.sub("", new).strip(_EDGES) for old, new in words
    )


def _telling(comparison: Comparison) -> list[PassageChange]:
    differing = [p for p in comparison.differing if p.significance is not Significance.NOISE]
    return sorted(differing, key=lambda p: p.significance is not Significance.SUBSTANTIVE)


def _points(told: Sequence[PassageChange], *, articled: bool) -> Iterator[_Point]:
    grave = [p for p in told if _grave(p)]
    for passage in grave:
        if passage.before and passage.after:
            yield _Point(_rank(passage, articled=articled), _amendment(passage))
    yield from _presence("新增", [(p.anchor, p) for p in grave if p.op is Op.ADDED], articled=articled)
    gone = [p for p in grave if p.op is Op.REMOVED]
    yield from _presence("删除", [(p.anchor_before, p) for p in gone if not _taken_up(p)], articled=articled)
    for passage in gone:
        if _taken_up(passage):
            yield _Point(_PRESENCE + 1, f"原{label(passage.anchor_before)}{_taken_up(passage)}")
    light = [p for p in told if not _grave(p) and p.op is not Op.RENUMBERED]
    following = [p for p in light if p.reason == REFERENCE]
    for passage in light:
        if passage.op is Op.MOVED:
            yield _Point(_LIGHT + 1, f"{label(passage.anchor)}位置调整")
        elif passage.before and passage.after and passage not in following:
            yield _Point(_LIGHT, _amendment(passage))
    yield from _following(following)
    for verb, op in (("新增", Op.ADDED), ("删除", Op.REMOVED)):
        ones = [(p.anchor or p.anchor_before, p) for p in light if p.op is op]
        yield from (point._replace(rank=_LIGHT + 2) for point in _presence(verb, ones, articled=articled))


def _taken_up(passage: PassageChange) -> str:
    """``内容并入第四十一条`` of a removed passage whose words another one says now, else empty."""
    return passage.reason.partition("，")[0] if passage.reason.startswith(TAKEN_UP) else ""


def _following(passages: Sequence[PassageChange]) -> Iterator[_Point]:
    """References that only follow the new numbers, told as one."""
    if passages:
        more = f"等{len(passages)}处" if len(passages) > 1 else ""
        words = f"{label(passages[0].anchor)}{more}引用的条号随条文顺序调整"
        yield _Point(_LIGHT, words, len(passages))


def _rank(passage: PassageChange, *, articled: bool) -> int:
    """Penalties, periods, duties, whom and what it covers, materials; then other words; what stands before the first
    article (an order's number, the day of publication) last."""
    if articled and _PREAMBLE.match(passage.anchor or passage.anchor_before):
        return _FRONT
    if passage.anchor in _BESIDE:
        return _FRONT
    return min((RANKS[delta.kind] for delta in passage.deltas), default=_WORDS)


def _grave(passage: PassageChange) -> bool:
    return passage.significance is Significance.SUBSTANTIVE


def _amendment(passage: PassageChange) -> str:
    tells = passage.significance is Significance.SUBSTANTIVE and passage.reason != IMAGE_REPLACED
    words = said(passage) if tells or passage.reason in _TOLD else ""
    words = REWRITTEN if words and _rewritten(passage) else words
    if not words and passage.reason == TYPOS and (quoted := said(passage)):
        words = f"{quoted}（{TYPOS}）"
    return f"{_place(passage)}：{words or passage.reason}"


def _rewritten(passage: PassageChange) -> bool:
    """Next to nothing of the old words is left: an article that was given another text."""
    if passage.op is not Op.AMENDED or min(len(passage.before), len(passage.after)) < _LONG_ENOUGH:
        return False
    kept = len(passage.before) - sum(len(span.before) for span in passage.spans)
    return kept < _LEFT * max(len(passage.before), len(passage.after))


def _place(passage: PassageChange) -> str:
    """The passage's name, and of a table row also the column in which the words stand."""
    if _PREAMBLE.match(passage.anchor) and is_enactment_note(passage.after):
        return "题注"
    name = label(passage.anchor).rstrip("、.．")
    if passage.spans and "：" in passage.after and _is_row(passage):
        start = passage.after.rfind("\n", 0, passage.spans[0].after_start) + 1
        header, colon, _ = passage.after[start:].partition("：")
        if colon and "\n" not in header and len(header) <= 12:
            return f"{name} {header}"
    return name


def _is_row(passage: PassageChange) -> bool:
    return not passage.anchor.startswith(("第", "一", "（")) and "\n" in passage.after


def _presence(
    verb: str, passages: Sequence[tuple[str, PassageChange]], *, articled: bool
) -> Iterator[_Point]:
    """Passages that came or went, those that state a duty first; more than three are told as one."""
    front = [one for one in passages if articled and _PREAMBLE.match(one[0])]
    rest = sorted((one for one in passages if one not in front), key=lambda one: not one[1].deltas)
    if len(rest) > _PARTS:
        yield _Point(_PRESENCE, f"{verb}{label(rest[0][0])}等{len(rest)}处", len(rest))
        rest = []
    for rank, ones in ((_PRESENCE, rest), (_FRONT, front)):
        for anchor, passage in ones:
            text = passage.after or passage.before
            name = "题注" if _PREAMBLE.match(anchor) and is_enactment_note(text) else label(anchor)
            yield _Point(
                rank, f"{verb}{name}" if _ARTICLE.match(name) or not text else f"{verb}{name}“{short(text)}”"
            )


def _number_shifted(passage: PassageChange) -> bool:
    return (
        passage.op is Op.AMENDED
        and bool(passage.anchor_before)
        and _article(passage.anchor_before) != _article(passage.anchor)
    )


def _article(anchor: str) -> str:
    return next((part for part in reversed(anchor.split("/")) if _ARTICLE.match(part)), "")


def _renumbered(passages: Sequence[PassageChange]) -> Iterator[str]:
    """Articles that moved on together are told as one run."""
    pairs = [(_article(p.anchor_before), _article(p.anchor)) for p in passages]
    moves = {old: new for old, new in pairs if old and new and old != new}
    for run in _runs(sorted((_number(old), _number(new), old, new) for old, new in moves.items())):
        first, last = run[0], run[-1]
        yield f"原{first[2]}至{last[2]}条号顺延" if len(run) > 1 else f"原{first[2]}条号调整为{first[3]}"
    rest = [p for p in passages if _article(p.anchor_before) == _article(p.anchor)]
    if rest and not moves:
        yield f"{label(rest[0].anchor)}{'等' if len(rest) > 1 else ''}序号调整"


def _runs(moves: Sequence[Move]) -> list[list[Move]]:
    """Neighbouring articles (at most one number apart) that all moved by the same number."""
    runs: list[list[Move]] = []
    for move in moves:
        last = runs[-1][-1] if runs else None
        if last is not None and move[0] - last[0] <= 1 and move[1] - move[0] == last[1] - last[0]:
            runs[-1].append(move)
        else:
            runs.append([move])
    return runs


def _number(article: str) -> int:
    return to_int(article[1 : article.index("条")]) or 0
