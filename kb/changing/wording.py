"""Differences that are more than spelling and still change nothing owed: order, contacts, bylines, names of headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.changing.deltas import points_of
from kb.changing.enactment import only_enactment, only_history
from kb.changing.fold import folded
from kb.changing.tokens import tokenise
from kb.model import Passage

ADDRESS = "只有网址不同"
CONTACT = "只有联系方式不同"
BYLINE = "只有页面署名、来源或者发布时间不同"
HEADING = "只有标题用字不同"
_SENTENCE = re.compile(r"[^。；;\n]+")
_LEANING = re.compile(
    r"但|前款|前述|前项|上述|其(?!他)|该|否则|此|同时|并|逾期|反之|经|因此|以上|以下|下列|如下"
)
_CONNECTED = re.compile(r"(、|以及|或者|并且|和|与|或|及)")
_LIST_LIMIT = 200
_ORDER_LIMIT = 5_000
_CONTACT_LIMIT = 120
_BYLINE_LIMIT = 60
_HEADING_LIMIT = 30
_URL = re.compile(r"https?://[A-Za-z0-9./?=&%_#:~+,;@!$*…-]+|(?:www\.)[A-Za-z0-9./?=&%_#:~+-]+")
_CONTACT = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?:联系电话|咨询电话|监督电话|投诉电话|举报电话|服务热线|热线|电话|传真|手机|邮编|邮政编码)[:：为]?[ 　]?[0-9][0-9()（）、,，/ 　-]{2,40}"
)
_CONTACT_LABEL = re.compile(
    r"(?:(?:业务|政策|技术)?(?:联系人|联系方式|联系电话|咨询电话|监督电话|投诉电话|举报电话|办公电话|服务热线|电话|传真|手机|邮编|邮政编码|电子邮箱|电子邮件|邮箱|[Ee]-?mail|"
    r"通[信讯]地址|联系地址|办公地址|单位地址|地址|微信公众号|公众号|QQ群?))[ 　]?[:：]"
)
_ASKS = re.compile(r"。.|[；]|应当|不得|必须|须|提交|报送|申请|材料|逾期|截止|期限|工作日")
_BYLINE = re.compile(
    r"(来源|作者|发布时间|发布日期|日期|时间|索引号|稿源|信息来源|撰稿|发布机构|信息分类|主题分类)[ 　]?[:：]"
)
_STATUS = re.compile(r"废止|失效|停止执行|征求意见|试行|暂行|草案|修订|修正|有效")


def only_order(before: str, after: str) -> str:
    """The same sentences, or the members of one list, in another order; a sentence that leans on another stays put."""
    if len(before) > _ORDER_LIMIT or sorted(folded(before)) != sorted(folded(after)):
        return ""
    first, second = (_SENTENCE.findall(text) for text in (before, after))
    if len(first) > 1 and sorted(map(folded, first)) == sorted(map(folded, second)):
        return "" if any(_LEANING.match(s.strip()) for s in (*first, *second)) else "只有语句先后不同"
    return "只有并列事项的先后不同" if _list_reordered(before, after) else ""


def _list_reordered(before: str, after: str) -> bool:
    old, new = tokenise(before), tokenise(after)
    head, tail = _common_ends(old, new)
    parts = []
    for tokens in (old, new):
        middle = "".join(tokens[head : len(tokens) - tail])
        if len(middle) > _LIST_LIMIT or not _CONNECTED.search(middle) or re.search(r"[，。；：]", middle):
            return False
        pieces = _CONNECTED.split(middle)
        parts.append((sorted(map(folded, pieces[::2])), sorted(pieces[1::2])))
    return parts[0] == parts[1] and all(parts[0][0])


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many tokens the two begin with, and end with, alike."""
    short = min(len(old), len(new))
    head = next((k for k in range(short) if old[k] != new[k]), short)
    tail = next((k for k in range(short - head) if old[-1 - k] != new[-1 - k]), short - head)
    return head, tail


def only_address(before: str, after: str) -> str:
    for pattern, reason in ((_URL, ADDRESS), (_CONTACT, CONTACT)):
        if (
            pattern.search(before)
            and pattern.search(after)
            and folded(pattern.sub("", before)) == folded(pattern.sub("", after))
        ):
            return reason
    return CONTACT if is_contact(before) and is_contact(after) else ""


def is_contact(text: str) -> bool:
    """A line that only says whom to ask and where: it opens with such a label and asks for nothing."""
    opening = _CONTACT_LABEL.match(text.strip())
    if opening is None or len(text) > _CONTACT_LIMIT:
        return False
    return not _ASKS.search(text[opening.end() :])


def only_byline(before: str, after: str) -> str:
    one, other = _BYLINE.match(before), _BYLINE.match(after)
    same = one and other and one[1] == other[1] and max(len(before), len(after)) <= _BYLINE_LIMIT
    return BYLINE if same else only_enactment(before, after)


def is_byline(text: str) -> bool:
    return (len(text) <= _BYLINE_LIMIT and _BYLINE.match(text) is not None) or only_history(text)


def only_heading(old: Passage, new: Passage) -> str:
    """A numbered heading that was given another name; one that states a point or the text's standing is more than a name."""
    if not (old.kind == new.kind == "heading" and old.ordinal and new.ordinal):
        return ""
    if max(len(old.text), len(new.text)) > _HEADING_LIMIT or _STATUS.search(old.text + new.text):
        return ""
    return HEADING if points_of(old.text) == points_of(new.text) else ""
