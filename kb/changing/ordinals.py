"""Legal numbering: what stands before a passage (``第十二条``, ``（三）``, ``1.``) and how deep it hangs.

The depth of a number follows the drafting rules of Chinese legislation (编 章 节 条 款 项 目) and of official letters
(一、 （一） 1. （1） ①).
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from kb.numerals import NUMERAL, tight


class Depth(IntEnum):
    """How deep a number hangs; a deeper passage belongs to the nearest shallower one before it."""

    BOOK = 1
    SUBBOOK = 2
    CHAPTER = 3
    SECTION = 4
    ARTICLE = 5
    CLAUSE = 6  # 款: never printed, counted by us
    CHINESE = 7  # 一、
    BRACKETED = 8  # （一）
    ARABIC = 9  # 1.
    BRACKETED_ARABIC = 10  # （1）
    CIRCLED = 11  # ①


class Ordinal(NamedTuple):
    """``printed`` is the number in one spelling (no inner spaces, full-width brackets); ``end`` is where the text begins."""

    depth: Depth
    printed: str
    end: int


_DIVISION = re.compile(rf"第 ?([{NUMERAL}](?: ?[{NUMERAL}]){{0,7}}) ?(分编|编|章|节)[\s　:：、]*")
_ARTICLE = re.compile(
    rf"第 ?([{NUMERAL}](?: ?[{NUMERAL}]){{0,9}}) ?条(?: ?之 ?([{NUMERAL}]{{1,3}}))?(?P<gap>[\s　:：、．.]*)"
)
_PLAIN_ARTICLE = re.compile(
    r"(第[〇零○一二两三四五六七八九十百千万0-9]{1,9}条)[\s　][\s　:：、．.]*+(?!之)"
)  # most of them
_REFERENCE = re.compile(r"第|规定|所|和|至|到|的|中|以及|及|或|与|、|，|,|款|项|（[一二三四五六七八九十]")
_CHINESE = re.compile(r"([一二三四五六七八九十百]{1,5})[\s　]?、[\s　]*")
_BRACKETED = re.compile(r"[（(][\s　]?([一二三四五六七八九十百]{1,5})[\s　]?[）)][\s　、.．]*")
_ARABIC = re.compile(r"([0-9０-９]{1,3})[\s　]?(?:[、．]|\.(?![0-9]))[\s　]*")
_BRACKETED_ARABIC = re.compile(r"[（(]?[\s　]?([0-9０-９]{1,3})[\s　]?[）)][\s　、.．]*")
_CIRCLED = re.compile(r"([①-⑳])[\s　]*")
_DIVISIONS = {"编": Depth.BOOK, "分编": Depth.SUBBOOK, "章": Depth.CHAPTER, "节": Depth.SECTION}
_STARTERS = frozenset("第（(一二三四五六七八九十百0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_TITLE_LIMIT = 60


def read_ordinal(text: str) -> Ordinal | None:
    """The number at the head of a paragraph, or None when it has none (a reference such as 第九条规定的 is no number)."""
    if not text or text[0] not in _STARTERS:
        return None
    if text[0] == "第":
        return _read_article(text) or _read_division(text)
    return _read_item(text)


def _read_article(text: str) -> Ordinal | None:
    if plain := _PLAIN_ARTICLE.match(text):
        return Ordinal(Depth.ARTICLE, plain[1], plain.end())
    match = _ARTICLE.match(text)
    if match is None:
        return None
    end = match.end()
    if end < len(text) and not match["gap"] and _REFERENCE.match(text, end):
        return None
    number, suffix, _ = match.groups()
    printed = f"第{tight(number)}条之{tight(suffix)}" if suffix else f"第{tight(number)}条"
    return Ordinal(Depth.ARTICLE, printed, end)


def _read_division(text: str) -> Ordinal | None:
    match = _DIVISION.match(text)
    if match is None or len(text) > _TITLE_LIMIT or text.endswith(("。", "；", "，")):
        return None
    return Ordinal(_DIVISIONS[match[2]], f"第{tight(match[1])}{match[2]}", match.end())


def _read_item(text: str) -> Ordinal | None:
    if match := _CHINESE.match(text):
        return Ordinal(Depth.CHINESE, f"{match[1]}、", match.end())
    if match := _BRACKETED.match(text):
        return Ordinal(Depth.BRACKETED, f"（{match[1]}）", match.end())
    if match := _ARABIC.match(text):
        return Ordinal(Depth.ARABIC, f"{tight(match[1])}.", match.end())
    if match := _BRACKETED_ARABIC.match(text):
        return Ordinal(Depth.BRACKETED_ARABIC, f"（{tight(match[1])}）", match.end())
    if match := _CIRCLED.match(text):
        return Ordinal(Depth.CIRCLED, match[1], match.end())
    return None
