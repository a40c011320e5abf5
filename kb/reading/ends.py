"""The ends of an undeclared page's text: lines of date and source, buttons and editors' lines that are not its own."""

from __future__ import annotations

import re

from kb.reading.frame import FOOTER, INDEX, LABEL, LONGEST_BUTTON, is_button, is_info
from kb.reading.messages import without_frame

LONGEST_FOOTER = 150
_TAG = re.compile(r"<[^>]*>")
_SURE_INDEX = re.compile(r"索 ?引 ?号|主 ?题 ?(?:分 ?类|词)|发 ?文 ?(?:机 ?[关构]|字 ?号)|公开主体|统一编号")
_CRUMBS = re.compile(r"(?:[您你的]|现在|当前|目前|所在){1,5}位置 ?[:：]")
_TIME_ONLY = re.compile(r"[\W_]{0,3}(?:时 ?间|日 ?期)[:：]")
_OF_PAGE = re.compile("来源|浏览|点击|阅读|字[体号]|打印|作者")
_CREDIT = re.compile(
    r"[【\[（(\s]{0,2}(?:责任?编|责任?编辑|本?网?编辑|值班编辑|审核|校对|初审|复审|终审|监制|编审|作者)[^。；]{0,4}[:：/／丨|]"
    r"|[^。；，]{0,40}(?:供稿|撰稿|摄影|摄) ?(?:[/／:：]|$)"
)
_PAGES = re.compile(r"(?:[【\[] ?\d+ ?[】\]] ?){2,20}$|第?一?页?下一页")
_PROMOTION = re.compile(r".{1,60}(?:>>+|＞＞|&gt;&gt;)\s*$")


def trimmed(markup: str, title: str) -> str:
    """Canonical markup without the page's own lines at its ends; a text of nothing else stays as it is."""
    lines = markup.split("\n")
    words = [at for at, line in enumerate(lines) if _TAG.sub("", line).strip()]
    texts = [lines[at] for at in words]
    headed = bool(words) and words[0] > 0 and lines[words[0] - 1].startswith("<h")
    first = _first(texts, title, headed=headed)
    last = _last(texts, first)
    if first == last:
        return markup
    dropped = {*words[:first], *words[last:]}
    if first and headed:
        dropped |= {words[0] - 1, words[0] + 1}  # the tags of the heading
    return "\n".join(line for at, line in enumerate(lines) if at not in dropped)


def _first(texts: list[str], title: str, *, headed: bool) -> int:
    """The first line of the text: after the page's title with its date, and its index, if they stand here.

    A title in heading tags (``headed``), or above the line of date and source, is the page's; any other is the text's.
    """
    first = 1 if len(texts) > 1 and texts[0] == title and (headed or is_info(texts, 1)) else 0
    indexed = any(_SURE_INDEX.match(text) for text in texts[:8])
    while first < len(texts) and _opens_no_text(texts[first], below_title=first > 0, indexed=indexed):
        first += 1
        if first < len(texts) and texts[first] == title and (indexed or is_info(texts, first + 1)):
            first += 1  # the title of the page between its index or its crumbs and its text
    return first


def _last(texts: list[str], first: int) -> int:
    """Where the text ends: before buttons, editors' lines, and a footer with the operator's lines above it."""
    last, footed = len(texts), False
    while last > first:
        line = texts[last - 1]
        footer = _is_footer(line) or (footed and not without_frame([line]))
        if not footer and not _closes_no_text(texts, last - 1):
            break
        footed = footed or footer
        last -= 1
    return last


def _is_footer(line: str) -> bool:
    """A sentence that speaks of rights is none."""
    return len(line) <= LONGEST_FOOTER and not line.endswith("。") and bool(FOOTER.search(line))


def _opens_no_text(line: str, *, below_title: bool, indexed: bool) -> bool:
    if len(line) > LONGEST_BUTTON or "<" in line:
        return False
    if _TIME_ONLY.match(line):  # also how the notice of a meeting begins
        return below_title or bool(_OF_PAGE.search(line))
    if INDEX.match(line) and not LABEL.match(line):
        return indexed
    if below_title and is_info([line], 0) and _OF_PAGE.search(line):
        return True
    return bool(LABEL.match(line) or _PROMOTION.match(line) or _CRUMBS.match(line)) or is_button(line)


def _closes_no_text(texts: list[str], at: int) -> bool:
    line = texts[at]
    if len(line) > LONGEST_BUTTON or "<" in line:
        return False
    if at and texts[at - 1].endswith(("编辑：", "编辑:", "责编：", "责编:")) and len(line) <= 5:
        return True
    label = bool(LABEL.match(line)) and not _TIME_ONLY.match(line)
    return label or bool(_CREDIT.match(line) or _PAGES.match(line)) or is_button(line)
