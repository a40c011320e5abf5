"""One Chinese line that says what changed, in the words of the text itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kb.changing.labels import label
from kb.model import ChangeKind, Comparison, Document, Op, PassageChange, Significance, Span

_QUOTE_LIMIT = 24
_MARKS = "，、；。：:,; 　"
_PARTS = 3
_ARTICLE = re.compile(r"^第[〇零一二三四五六七八九十百千0-9]+条(?:之[一二三四五六七八九十]+)?$")
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
    told = _telling(comparison)
    if not told:
        return "只有页面杂项不同" if comparison.differing else f"{document.title}：未见变动".lstrip("：")
    parts = [_WHOLE[comparison.kind]] if comparison.kind in _WHOLE else []
    points = list(_points(told))
    parts += points[:_PARTS]
    rest = len(points) - _PARTS
    return "；".join(parts) + (f"；另有{rest}处" if rest > 0 else "")


def _telling(comparison: Comparison) -> list[PassageChange]:
    differing = [p for p in comparison.differing if p.significance is not Significance.NOISE]
    return sorted(differing, key=lambda p: p.significance is not Significance.SUBSTANTIVE)


def _points(told: Sequence[PassageChange]) -> Iterator[str]:
    yield from _amendments([p for p in told if p.op in (Op.AMENDED, Op.SPLIT, Op.MERGED) and _grave(p)])
    yield from _presence("新增", [(p.anchor, p.after) for p in told if p.op is Op.ADDED and _grave(p)])
    yield from _presence(
        "删除", [(p.anchor_before, p.before) for p in told if p.op is Op.REMOVED and _grave(p)]
    )
    yield from _renumbered([p for p in told if p.op is Op.RENUMBERED or _number_shifted(p)])
    light = [p for p in told if not _grave(p) and p.op is not Op.RENUMBERED]
    yield from _amendments([p for p in light if p.before and p.after and p.op is not Op.MOVED])
    yield from (f"{label(p.anchor)}位置调整" for p in light if p.op is Op.MOVED)
    yield from _presence("新增", [(p.anchor, p.after) for p in light if p.op is Op.ADDED])
    yield from _presence("删除", [(p.anchor_before, p.before) for p in light if p.op is Op.REMOVED])


def _grave(passage: PassageChange) -> bool:
    return passage.significance is Significance.SUBSTANTIVE


def _amendments(passages: Sequence[PassageChange]) -> Iterator[str]:
    for passage in passages:
        said = "，".join(_say(span) for span in passage.spans[:2] if _worth(span)) or passage.reason
        more = "等" if len(passage.spans) > 2 else ""
        yield f"{_place(passage)}：{said}{more}"


def _place(passage: PassageChange) -> str:
    """The passage's name, and of a table row also the column in which the words stand."""
    name = label(passage.anchor)
    if passage.spans and "：" in passage.after and _is_row(passage):
        start = passage.after.rfind("\n", 0, passage.spans[0].after_start) + 1
        header, colon, _ = passage.after[start:].partition("：")
        if colon and "\n" not in header and len(header) <= 12:
            return f"{name} {header}"
    return name


def _is_row(passage: PassageChange) -> bool:
    return not passage.anchor.startswith(("第", "一", "（")) and "\n" in passage.after


def _worth(span: Span) -> bool:
    return bool(span.before.strip(_MARKS) or span.after.strip(_MARKS))


def _say(span: Span) -> str:
    before, after = (_short(text.strip(_MARKS)) for text in (span.before, span.after))
    if before and after:
        return f"“{before}”改为“{after}”"
    return f"新增“{after}”" if after else f"删去“{before}”"


def _short(text: str) -> str:
    text = text.replace("\n", " ")
    return text if len(text) <= _QUOTE_LIMIT else f"{text[: _QUOTE_LIMIT - 1]}…"


def _presence(verb: str, passages: Sequence[tuple[str, str]]) -> Iterator[str]:
    if len(passages) > 3:
        yield f"{verb}{label(passages[0][0])}等{len(passages)}处"
        return
    for anchor, text in passages:
        name = label(anchor)
        yield (
            f"{verb}{name}"
            if _ARTICLE.match(name) or not text
            else f"{verb}{name}“{_short(text.strip(_MARKS))}”"
        )


def _number_shifted(passage: PassageChange) -> bool:
    return (
        passage.op is Op.AMENDED
        and bool(passage.anchor_before)
        and _last_article(passage.anchor_before) != _last_article(passage.anchor)
    )


def _last_article(anchor: str) -> str:
    return next((part for part in reversed(anchor.split("/")) if _ARTICLE.match(part)), "")


def _renumbered(passages: Sequence[PassageChange]) -> Iterator[str]:
    articles = [p for p in passages if _last_article(p.anchor_before) and _last_article(p.anchor)]
    names = list(dict.fromkeys(_last_article(p.anchor_before) for p in articles))
    if len(names) == 1:
        yield f"原{names[0]}条号调整为{_last_article(articles[0].anchor)}"
    elif names:
        yield f"原{names[0]}至{names[-1]}条号顺延"
    elif passages:
        yield f"{label(passages[0].anchor)}{'等' if len(passages) > 1 else ''}序号调整"
