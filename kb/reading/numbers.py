"""文号: the number an authority gives a document, in all bracket variants and order forms."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "〔［[【（(﹝", "〕］]】）)﹞"
_YEAR = rf"[{re.escape(_OPEN)}] ?((?:19|20)\d\d|二[〇零○]{{1}}[〇零○一二三四五六七八九]{{2}}) ?年? ?[{re.escape(_CLOSE)}]"
_ORDINAL = r"[\d一二三四五六七八九十百零〇]{1,6}"
_HAN_YEAR = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_ORG = "[\u4e00-\u9fff]"

# 京政办发〔2024〕13号, 中国人民银行公告〔2026〕第9号
BRACKETED = re.compile(rf"({_ORG}{{1,24}}) ?{_YEAR} ?(第)? ?({_ORDINAL}) ?号")
# 国家互联网信息办公室令 第15号, 国务院令第292号, 公安部令（第33号）
ORDER = re.compile(rf"({_ORG}{{2,40}}?(?:令|公告|通告)) ?[（(]? ?第 ?({_ORDINAL}) ?号[）)]?")
# 国家新闻出版署公告2025年第3号, 2025年第3号公告
YEARLY = re.compile(
    rf"({_ORG}{{0,30}}?(?:令|公告|通告)) ?[（(]?((?:19|20)\d\d) ?年 ?第? ?({_ORDINAL}) ?号[）)]?"
)
YEARLY_AFTER = re.compile(rf"({_ORG}{{0,30}}?) ?((?:19|20)\d\d) ?年 ?第 ?({_ORDINAL}) ?号 ?(令|公告|通告)")

_QUOTING = re.compile("根据|依据|按照|依照|依|参照|废止|修订|修正|修改|同时|贯彻|落实|《")
_ISSUING = re.compile("^[，, ]{0,2}(?:公布|发布|颁布|印发|通过)")
_FIRST_ARTICLE = re.compile("^第[一1] ?[条章]")
_NUMBER_LINE = re.compile(rf"^[（(]? ?(?:(?:19|20)\d\d ?年 ?)?第? ?{_ORDINAL} ?号[）)]?$")
_ORDER_LINE = re.compile(rf"^({_ORG}{{3,40}})?(?:令|公告|通告)(?: ?[（(]?第 ?{_ORDINAL} ?号[）)]?)?$")
ORGANISATION = re.compile(
    r"^[\u4e00-\u9fff（）()]{2,40}(?:部|局|委|委员会|办公室|办公厅|厅|院|政府|署|银行|会|处|中心|海关|法院|检察院|常委会|协会|学会|联合会|办|司|集团|团队)$"
)
_STATE = re.compile("^中华人民共和国(?=国务院|[\u4e00-\u9fff]{2,20}(?:部|局|署|委员会|海关|办公室|银行))")
_LEAD = re.compile("^(?:文号|发文字号|编号|文件编号|字号|各|以|经|由|日|月|年|于)+")


def short_name(authority: str) -> str:
    """An authority without 中华人民共和国, which its sites print or leave out as they like."""
    return _STATE.sub("", authority)


def normalised(text: str) -> str:
    """A number in its printed standard form: ``〔〕`` around the year, no spaces; "" when the text holds none."""
    return short_name(_normalised(" ".join(text.split())))


def _normalised(text: str) -> str:
    if "号" not in text:  # which all of them have, and most lines have not
        return ""
    if found := BRACKETED.search(text):
        return f"{_LEAD.sub('', found[1])}〔{found[2].translate(_HAN_YEAR)}〕{found[3] or ''}{found[4]}号"
    if found := YEARLY.search(text):
        return f"{_issued_with(text, found)}{found[2]}年第{found[3]}号"
    if found := YEARLY_AFTER.search(text):
        return f"{_LEAD.sub('', found[1])}{found[2]}年第{found[3]}号{found[4]}"
    if found := ORDER.search(text):
        return f"{_issued_with(text, found)}第{found[2]}号"
    return ""


def _issued_with(text: str, found: re.Match[str]) -> str:
    """What stands before the ordinal, with the authorities printed before it: ``财政部 税务总局公告``."""
    own = _LEAD.sub("", found[1])
    before = text[: found.start()].split(" ") if text[: found.start()].endswith(" ") else []
    names: list[str] = []
    for name in reversed([part for part in before if part]):
        if not ORGANISATION.match(name):
            break
        names.insert(0, short_name(name))
    return " ".join(names) + (" " if names and own not in {"令", "公告", "通告"} else "") + own


def document_number(title: str, lines: list[str]) -> str:
    """The number of this document from its head: a line of its own, else the preface that publishes it, else the title.

    Numbers of other documents that the text cites are left alone.
    """
    head = _head(lines)
    for line in head:
        if len(line) <= 70 and (number := normalised(line)) and _stands_alone(line):
            return number
    for line in head:
        if number := _published_as(line):
            return number
    number = normalised(title)
    return number if number and _stands_alone(re.sub("《[^》]{0,200}》", "", title)) else ""


def order_issuers(lines: list[str]) -> tuple[str, ...]:
    """The authorities printed one to a line above ``令`` or ``公告`` and its number."""
    for at, line in enumerate(lines[:25]):
        found = _ORDER_LINE.match(line)
        if found and (not found[1] or ORGANISATION.match(found[1])):
            names = [found[1]] if found[1] else []
            for before in reversed(lines[max(0, at - 20) : at]):
                if not ORGANISATION.match(before):
                    break
                names.insert(0, before)
            return tuple(dict.fromkeys(names))
    return ()


def _head(lines: list[str]) -> list[str]:
    """The lines before the first article, with an order's head (authority, 令, 第15号) joined to one line."""
    head: list[str] = []
    for line in lines[:25]:
        if _FIRST_ARTICLE.match(line) and len(head) > 1:
            break
        if _NUMBER_LINE.match(line) and head and head[-1].endswith(("令", "公告", "通告")):
            head[-1] += line
        elif line in {"令", "公告", "通告"} and head:
            first = len(head)
            while first and ORGANISATION.match(head[first - 1]):
                first -= 1
            head.append((head[first] if first < len(head) else "") + line)
        else:
            head.append(line)
    return head


def _stands_alone(line: str) -> bool:
    """Whether a line is little more than the number: no citation, nothing but the issuer and brackets around it."""
    return not _QUOTING.search(line) and "。" not in line and "，" not in line


def _published_as(line: str) -> str:
    """``（2017年8月16日工业和信息化部令第43号公布 自2017年11月1日起施行）``"""
    if not line.startswith(("（", "(")):
        return ""
    for pattern in (ORDER, BRACKETED, YEARLY):
        for found in pattern.finditer(line):
            before = re.split("[，,；。 ]", line[: found.start()])[-1]
            if _ISSUING.match(line[found.end() :]) and "根据" not in before:
                return normalised(re.sub("^.*日", "", found[0]))
    return ""
