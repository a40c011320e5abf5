"""Page furniture told apart from rules, on any Chinese government or platform page.

What is special to one site stands in its declaration. The whole line must be furniture: a sentence that merely mentions
浏览 or 评论 is a sentence.
"""

from __future__ import annotations

import re

from kb.changing.furniture import COUNTER, RELATIVE, STATES, only_pieces, opens_as_furniture

_RELATED = re.compile(
    r"(?:【|\[)?(?:相关(?:链接|阅读|新闻|文章|文件|稿件|推荐|内容|报道|信息)|推荐阅读|延伸阅读|热门(?:文章|推荐|阅读)|猜你喜欢|友情链接|快速链接|最新(?:文章|动态)|更多(?:阅读|推荐))(?:】|\])?[:：]?$"
)
_TAG = re.compile(r"<[^<>]{1,500}>")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028\u2029\u2060\ufeff\u00ad]")
FURNITURE_LIMIT = 160
_MASKABLE_LIMIT = 60


def is_furniture(line: str) -> bool:
    """The whole line is page furniture: nothing in it is a rule."""
    if len(line) > FURNITURE_LIMIT or "\n" in line:
        return False
    text = _INVISIBLE.sub("", _TAG.sub("", line)).strip()
    return only_pieces(text) or opens_as_furniture(text)


def without_noise(text: str) -> str:
    """The text without white space, markup and invisible characters; counters and relative times are masked in short lines
    that state nothing: 播放量1000次以上 and 举办7天前提交 are conditions and stay."""
    text = _INVISIBLE.sub("", _TAG.sub("", text))
    if len(text) <= _MASKABLE_LIMIT and not STATES.search(text):
        text = RELATIVE.sub("", COUNTER.sub("", text))
    return "".join(text.split())


def opens_related_links(line: str) -> bool:
    """The line heads a list of links to other pages, whose order and choice are no part of the rule."""
    return len(line) <= 20 and _RELATED.match(line.strip()) is not None
