"""The platform's own replies under a community page, told by the platform's marks; nobody's name stays in them.

A name that merely says so, a badge inside what somebody wrote, or the mark of whom a comment answers does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_DEPTH = 12
COMMENT_KEY = re.compile(
    r"(?:comments?|repl(?:y|ies)|answers?)(?:_?(?:list|data|infos?|items|rows|results?))?$", re.I
)
COMMENT_ITEM = "js_post_comment_item"
CONTENT = ("Content", "content", "HtmlContent", "html_content")

_SAID = (*CONTENT, "CommentContent", "commentContent", "Text", "text")
_CREATED = ("CreateTime", "createTime", "create_time")
OFFICIAL_WORDS = frozenset(
    ["官方", "official", "官方人员", "官方账号", "官方回复", "官方团队", "官方运营", "官方工作人员", "运营专员", "社区运营专员", "微信团队", "微信官方", "平台官方"]
)  # fmt: skip
_FLAG = re.compile(
    r"(?:is_?)?official(?:_?(?:account|user|staff|reply|answer|member|flag))?|is_?(?:staff|admin|operator)",
    re.I,
)
_BADGE = re.compile("identity|badge|role|label|tag|mark|(?:user|author|owner|account)_?type", re.I)
_AUTHOR = re.compile(
    "(?:author|owner|creator|poster|member|account|profile|commenter|(?:comment|create|from)?_?user)(?:_?info)?",
    re.I,
)
_DELETED = re.compile("is_?del(?:eted?)?", re.I)
_NICK = re.compile("(?:nick|user|author|display)?_?(?:name|nick)|nick", re.I)
_ANSWERED = re.compile("(?:reply|answer)_?to|at_?(?:user|list)|to_?user|parent|target|quote", re.I)
_TRUE: tuple[Any, ...] = (True, "1", "true", "True")  # True equals 1

_DELIMITED = re.compile(r"(?<![A-Za-z0-9_.-])@[^\s@<>:：,，。]{1,20}(?:[\s:：,，]|$)")
_ANSWERING = re.compile(r"^回复 ?[^\s<>:：，。]{1,20} ?[:：]")
_GREETING = r"(?=[ ,，:：]{0,2}(?:您好|你好|同学))"
_LEFT = " ,，:：\u2005"
SOMEBODY = "（用户）"

_OWN_BADGES = "i, em, span, label, b, strong"
_SAID_CSS = ".post_comment_content, [class*=comment_content]"
_NICK_CSS = ".post_comment_owner_nickname, [class*=nickname]"


def value(record: dict[str, Any], keys: Iterable[str]) -> str:
    return next((found for key in keys if isinstance(found := record.get(key), str) and found), "")


def created(record: dict[str, Any]) -> int:
    """Seconds since 1970, 0 when the record does not say; milliseconds and numbers in quotes are read too."""
    said = next((str(found) for key in _CREATED if (found := record.get(key))), "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
    return number // 1000 if number >= 10**11 else number


def replies_in(data: Any) -> list[str]:
    """What official accounts said in a state or an answer: HTML without names, oldest first."""
    items = list(_comments(data, ()))
    nicks = [nick for comment, _ in items for nick in _nicks(comment) if not is_official(comment)]
    official = sorted((one for one in items if is_official(one[0])), key=lambda one: created(one[0]))
    return [
        without_names(value(comment, _SAID), answered=(*above, *_answered(comment)), known=nicks)
        for comment, above in official
    ]


def is_official(comment: dict[str, Any], depth: int = 0) -> bool:
    """An account the platform itself marks as its own."""
    if any(_DELETED.fullmatch(key) and found in _TRUE for key, found in comment.items()):
        return False
    for key, found in comment.items():
        if _FLAG.fullmatch(key) and found in _TRUE:
            return True
        if _BADGE.search(key) and _says_official(found):
            return True
        is_author = isinstance(found, dict) and depth < 3 and _AUTHOR.fullmatch(key)
        if is_author and is_official(found, depth + 1):
            return True
    return False


def _says_official(badge: Any) -> bool:
    if isinstance(badge, str):
        return badge.strip().lower() in OFFICIAL_WORDS
    if isinstance(badge, list):
        return any(map(_says_official, badge[:20]))
    return isinstance(badge, dict) and any(
        isinstance(found, str) and _says_official(found) for found in badge.values()
    )


def _comments(
    data: Any, above: tuple[str, ...], depth: int = 0
) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """(comment, names of those it stands below), wherever the page's own nesting puts comments."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for item in data:
            yield from _comments(item, above, depth + 1)
    elif isinstance(data, dict):
        for key, found in data.items():
            for item in _items(found) if COMMENT_KEY.search(key) else ():
                yield item, above
            is_comment = bool(value(data, _SAID)) and not value(data, ("Title", "title"))
            yield from _comments(found, (*above, *_nicks(data)) if is_comment else above, depth + 1)


def _items(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        if value(found, _SAID):
            return [found]
        return [item for part in found.values() if isinstance(part, list) for item in _items(part)]
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _nicks(comment: dict[str, Any]) -> Iterator[str]:
    for key, found in comment.items():
        if isinstance(found, str) and _NICK.fullmatch(key):
            yield found
        elif isinstance(found, dict) and _AUTHOR.fullmatch(key):
            yield from _nicks(found)


def _answered(comment: dict[str, Any]) -> Iterator[str]:
    """Names of those a comment says it answers."""
    for key, found in comment.items():
        if _ANSWERED.match(key):
            for one in found if isinstance(found, list) else [found]:
                if isinstance(one, dict):
                    yield from _nicks(one)
                elif isinstance(one, str) and ("name" in key.lower() or "nick" in key.lower()):
                    yield one


def without_names(said: str, *, answered: Iterable[str], known: Iterable[str]) -> str:
    """HTML without the names of those answered, wherever they stand, and of the known where they are addressed.

    Names that other comments bring with them are only taken out after ``@`` or before a greeting: a reply must not
    change because somebody came along whose name is a word of it.
    """
    for name in sorted({*answered} - {""}, key=len, reverse=True):
        plain = _plain(name)
        said = re.sub(
            rf"(?:回复 ?)?@?{plain}(?= ?[:：,，\s])" if len(name) < 3 else f"@?{plain}", SOMEBODY, said
        )
    for name in sorted({name for name in known if len(name) > 1}, key=len, reverse=True):
        if escape(name, quote=False) in said:
            said = re.sub(f"@{_plain(name)}|{_plain(name)}{_GREETING}", SOMEBODY, said)
    opening, text = _opening(said)
    text = _ANSWERING.sub("", _DELIMITED.sub("", text.replace("&nbsp;", " ")))
    text = re.sub(rf"^(?:回复 ?)?{SOMEBODY}[{_LEFT}]*|^[{_LEFT}]+", "", text)
    return opening + text


def _plain(name: str) -> str:
    """A pattern for a name as HTML holds it."""
    return re.escape(escape(name, quote=False))


def _opening(said: str) -> tuple[str, str]:
    """The tags before the first word, and the rest."""
    tags = re.match(r"(?:\s*<[^>]*>)*\s*", said)
    end = tags.end() if tags else 0
    return said[:end], said[end:]


def replies_in_tree(tree: LexborHTMLParser) -> list[str]:
    """What official accounts said in a page's comment items, as HTML without names, in the page's order.

    Takes the items out of the tree: what is left of the page is nobody's comment.
    """
    items = tree.css(f".{COMMENT_ITEM}")
    names = [_name(item) for item in items]
    above = [_names_above(item) for item in items]
    found: list[str] = []
    for item, others in reversed(
        list(zip(items, above, strict=True))
    ):  # inner items before those that hold them
        said = _taken_out(item)
        if said and _is_badged(item):
            found.append(without_names(said, answered=others, known=names))
        item.decompose()
    return found[::-1]


def _name(item: LexborNode) -> str:
    node = item.css_first(_NICK_CSS)
    return node.text(deep=True).strip() if node is not None else ""


def _names_above(item: LexborNode) -> Sequence[str]:
    names = []
    node = item.parent
    while node is not None:
        if COMMENT_ITEM in (node.attributes.get("class") or "").split():
            names.append(_name(node))
        node = node.parent
    return names


def _taken_out(item: LexborNode) -> str:
    parts = item.css(_SAID_CSS)
    said = (parts[0].html or "") if parts else ""
    for part in reversed(parts):
        if part.parent is not None:
            part.decompose()
    return said


def _is_badged(item: LexborNode) -> bool:
    """Whether what is left of an item without what was said in it carries the platform's mark."""
    if any(node.text(deep=True).strip().lower() in OFFICIAL_WORDS for node in item.css(_OWN_BADGES)):
        return True
    classes = " ".join((node.attributes.get("class") or "") for node in [item, *item.css("[class]")]).split()
    return any(
        re.fullmatch(r"(?!has|no)(?:\w+[_-])?(?:is[_-])?official(?:[_-](?:badge|tag|icon|mark|label))?", one)
        for one in classes
    )
