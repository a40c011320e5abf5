"""The row of words beside a picture of a table: a program reads no picture, but says what became of its text version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.changing.classify import IMAGE_REPLACED
from kb.changing.passages import split_passages
from kb.codes import Op
from kb.model import Comparison, Document, Passage, PassageChange

_NEAR = 4  # passages above a picture that may say what it shows
_CAPTION = 60  # characters; a longer passage is text and no caption
_PUNCTUATION = re.compile(r"[\s“”\"'《》（）()\[\]【】、，。：:/／\-—_·|]+")
_TABLE = "材料表"


def sister_row(document: Document, image_anchor: str) -> Passage | None:
    """The row of a table of the same document that is about what the picture ``图N`` shows: its key stands in the picture's
    own words, else in the lines right above it, else in the heading it hangs below or in the title. None when no row or
    several equally good ones are."""
    passages = split_passages(document)
    place = next(
        (at for at, p in enumerate(passages) if p.kind == "image" and p.anchor == image_anchor), None
    )
    if place is None:
        return None
    rows = [p for p in passages if p.kind == "row" and _key(p)]
    for words in _contexts(document, passages, place):
        said = _squeezed(words)
        found = [row for row in rows if _key(row) in said]
        longest = max((len(_key(row)) for row in found), default=0)
        best = [row for row in found if len(_key(row)) == longest]
        if len(best) == 1:
            return best[0]
    return None


def _contexts(document: Document, passages: tuple[Passage, ...], place: int) -> Iterator[str]:
    yield passages[place].text.partition("http")[0]
    above = range(place - 1, max(-1, place - 1 - _NEAR), -1)
    yield from (passages[at].text for at in above if _is_caption(passages[at]))
    heading = next((passages[at] for at in range(place - 1, -1, -1) if passages[at].kind == "heading"), None)
    if heading is not None:
        yield heading.text
    yield document.title


def _is_caption(passage: Passage) -> bool:
    return passage.kind not in ("row", "image", "reply") and len(passage.text) <= _CAPTION


def _key(row: Passage) -> str:
    """The most particular name of a row: the last part of its key; a letter or a number alone names nothing."""
    key = _squeezed(row.anchor.partition("〔")[0].rpartition("/")[2])
    return key if len(key) >= 2 and not key.isdigit() and not row.anchor.startswith("表") else ""


def _squeezed(text: str) -> str:
    return _PUNCTUATION.sub("", text).lower()


def replaced_images(comparison: Comparison) -> list[PassageChange]:
    return [p for p in comparison.differing if p.reason == IMAGE_REPLACED]


def image_line(comparison: Comparison, after: Document) -> str:
    """``材料表图片被更换，内容待人工判读；同页文字版“AI绘画”一行：未见变动``; the second half only where such a row is."""
    for change in replaced_images(comparison):
        row = sister_row(after, change.anchor)
        if row is None:
            continue
        same = any(p.anchor == row.anchor and p.op is Op.SAME for p in comparison.passages)
        return f"{_name(after)}{IMAGE_REPLACED}；{_said(row.anchor, same=same)}"
    return f"{_name(after)}{IMAGE_REPLACED}"


def sister_line(before: Document, after: Document, address: str) -> str:
    """For a picture replaced at one ``address``, whose change is a page of its own: what the page that shows it says
    beside it, ``同页文字版“AI绘画”一行：未见变动``. ``before`` and ``after`` are that page around the replacement.
    "" when it does not show the picture or no row of words is about it."""
    passages = split_passages(after)
    anchor = next((p.anchor for p in passages if p.kind == "image" and p.text.endswith(address)), "")
    row = sister_row(after, anchor)
    if row is None:
        return ""
    same = any(p.anchor == row.anchor and p.text == row.text for p in split_passages(before))
    return _said(row.anchor, same=same)


def told_beside(before: Document, after: Document, address: str) -> str:
    """``image_line`` for a picture replaced at one ``address``, from the page that shows it, before and after."""
    line = sister_line(before, after, address)
    return f"{_name(after)}{IMAGE_REPLACED}" + (f"；{line}" if line else "")


def _said(anchor: str, *, same: bool) -> str:
    return f"同页文字版“{anchor.rpartition('/')[2]}”一行：{'未见变动' if same else '有变动'}"


def _name(document: Document) -> str:
    return _TABLE if _TABLE in document.text or _TABLE in document.title else ""
