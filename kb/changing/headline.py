"""One Chinese line that says what changed, in the words of the text itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.changing.classify import IMAGE_REPLACED, TAKEN_UP
from kb.changing.enactment import ENACTED, is_enactment_note
from kb.changing.filings import batch_headline
from kb.changing.labels import label
from kb.changing.ordinals import to_int
from kb.changing.saying import said, short
from kb.changing.significance import AUTHORITY_RENAMED, REFERENCE, WORDING
from kb.changing.sister import image_line, replaced_images
from kb.changing.wording import BYLINE, CONTACT, HEADING
from kb.model import ChangeKind, Comparison, DeltaKind, Document, Op, PassageChange, Significance

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
_HARD = frozenset(
    {DeltaKind.DEADLINE, DeltaKind.AMOUNT, DeltaKind.THRESHOLD, DeltaKind.PERCENTAGE, DeltaKind.PENALTY, DeltaKind.FEE,
     DeltaKind.MODALITY, DeltaKind.MATERIAL, DeltaKind.VALIDITY, DeltaKind.TRANSITION}
)  # fmt: skip
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
    alone = len([p for p in comparison.passages if p.anchor and p.after != document.title]) == 1
    points = list(_points([p for p in told if not _says_kind(p, comparison.kind)]))
    points = [point.removeprefix(_ONLY) for point in points] if alone else points
    parts += points[:_PARTS]
    rest = len(points) - _PARTS
    return "；".join(parts) + (f"；另有{rest}处" if rest > 0 else "")


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


def _points(told: Sequence[PassageChange]) -> Iterator[str]:
    grave = [p for p in told if _grave(p)]
    yield from _amendments(sorted((p for p in grave if p.before and p.after), key=_weight))
    yield from _presence("新增", [(p.anchor, p.after) for p in grave if p.op is Op.ADDED])
    gone = [p for p in grave if p.op is Op.REMOVED]
    yield from _presence("删除", [(p.anchor_before, p.before) for p in gone if not _taken_up(p)])
    yield from (f"原{label(p.anchor_before)}{_taken_up(p)}" for p in gone if _taken_up(p))
    yield from _renumbered([p for p in told if p.op is Op.RENUMBERED or (grave and _number_shifted(p))])
    light = [p for p in told if not _grave(p) and p.op is not Op.RENUMBERED]
    following = [p for p in light if p.reason == REFERENCE]
    yield from _amendments(
        [p for p in light if p.before and p.after and p.op is not Op.MOVED and p not in following]
    )
    yield from _following(following)
    yield from (f"{label(p.anchor)}位置调整" for p in light if p.op is Op.MOVED)
    yield from _presence("新增", [(p.anchor, p.after) for p in light if p.op is Op.ADDED])
    yield from _presence("删除", [(p.anchor_before, p.before) for p in light if p.op is Op.REMOVED])


def _taken_up(passage: PassageChange) -> str:
    """``内容并入第四十一条`` of a removed passage whose words another one says now, else empty."""
    return passage.reason.partition("，")[0] if passage.reason.startswith(TAKEN_UP) else ""


def _following(passages: Sequence[PassageChange]) -> Iterator[str]:
    """References that only follow the new numbers, told as one."""
    if passages:
        more = f"等{len(passages)}处" if len(passages) > 1 else ""
        yield f"{label(passages[0].anchor)}{more}引用的条号随条文顺序调整"


def _weight(passage: PassageChange) -> tuple[bool, bool]:
    """Numbers and duties first; what stands before the first article (dates of earlier amendments) last."""
    return not any(delta.kind in _HARD for delta in passage.deltas), _PREAMBLE.match(
        passage.anchor
    ) is not None


def _grave(passage: PassageChange) -> bool:
    return passage.significance is Significance.SUBSTANTIVE


def _amendments(passages: Sequence[PassageChange]) -> Iterator[str]:
    for passage in passages:
        tells = passage.significance is Significance.SUBSTANTIVE and passage.reason != IMAGE_REPLACED
        words = said(passage) if tells or passage.reason in _TOLD else ""
        words = REWRITTEN if words and _rewritten(passage) else words
        yield f"{_place(passage)}：{words or passage.reason}"


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


def _presence(verb: str, passages: Sequence[tuple[str, str]]) -> Iterator[str]:
    if len(passages) > 3:
        yield f"{verb}{label(passages[0][0])}等{len(passages)}处"
        return
    for anchor, text in passages:
        name = "题注" if _PREAMBLE.match(anchor) and is_enactment_note(text) else label(anchor)
        yield (f"{verb}{name}" if _ARTICLE.match(name) or not text else f"{verb}{name}“{short(text)}”")


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
