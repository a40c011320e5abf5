"""PURE. The rules that a text names: 《…》 with the 文号 printed beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 120
"""Characters of a title; what is longer between the marks is a broken quotation."""

_MARK = re.compile("[《》]")
_RULE = re.compile(
    r"(?:法|条例|办法|规定|细则|规则|通知|公告|通告|决定|意见|标准|规范|准则|目录|指南|指引|方案|措施|程序|规程|制度|批复|函|令|解释|纲要|规划|公约|要求|清单|名录)(?:[（(〔][^《》]{1,24}[）)〕])?$"
)
_ALIAS = re.compile(
    r"^(?:(?:管理|实施|暂行|指导|修改|处罚)?(?:办法|规定|条例|细则|规则|通知|公告|意见|决定|方案|指南|标准|目录|规范|准则|解释|通告|措施)|征求意见稿|.{0,2})$"
)
_BRACKET = re.compile(r"^[（(]([^《》]{2,80}?号[^《》（）()]{0,60})[）)]")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,24} ?[〔\[［【（(] ?[0-9]{4} ?[〕\]］】）)] ?第?[0-9]{1,5}号"
    r"|[\u4e00-\u9fff]{1,30}(?:令|公告|通告) ?[（(]?(?:[0-9]{4}年)?第?[0-9〇零一二三四五六七八九十百]{1,6}号"
    r"|[0-9]{4}年第[0-9]{1,4}号"
)
_BEFORE = re.compile(
    r"([\u4e00-\u9fff]{2,24}(?:令|公告)第?[0-9〇零一二三四五六七八九十百]{1,6}号)(?:公布|发布)?的?$"
)
_LEAD = re.compile(r"^(?:日(?!照|喀)|原|由|经(?!济)|以(?!及))(?=[\u4e00-\u9fff]{2})")


@dataclass(frozen=True, slots=True)
class Mention:
    """``[start, end)`` covers the title with its marks and the bracket that gives its number."""

    title: str
    number: str
    start: int
    end: int

    @property
    def is_rule(self) -> bool:
        return bool(_RULE.search(self.title))


def mentions(text: str) -> list[Mention]:
    """The titles in a text, outermost marks first; aliases (《办法》) are left out. Linear in the text."""
    found: list[Mention] = []
    opened: list[int] = []
    for mark in _MARK.finditer(text):
        if mark[0] == "《":
            opened.append(mark.start())
            continue
        if not opened:
            continue
        start = opened.pop()
        if opened and mark.end() - opened[0] <= LONGEST:
            continue
        opened.clear()
        title = text[start + 1 : mark.start()].strip()
        if len(title) > LONGEST or _ALIAS.match(title):
            continue
        found.append(_mention(text, title, start, mark.end()))
    return found


def _mention(text: str, title: str, start: int, end: int) -> Mention:
    bracket = _BRACKET.match(text[end : end + 160])
    if bracket and (number := number_in(bracket[1])):
        return Mention(title, number, start, end + bracket.end())
    before = _BEFORE.search(text[max(0, start - 60) : start])
    return Mention(title, _LEAD.sub("", before[1]) if before else "", start, end)


def number_in(text: str) -> str:
    """The first 文号 of a text as printed, without what leads to it; "" when there is none."""
    found = _NUMBER.search(text)
    return _LEAD.sub("", found[0]) if found else ""
