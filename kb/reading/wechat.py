"""Open community pages: the guidance and the platform's own replies, never other people's comments or names.

A page carries its state as ``window.__INITIAL_STATE__ = {…}``; ``/community/ngi/doc/detail/<id>`` answers with the
same record as ``data``. Both are read by the names of their keys, since the state's nesting differs between themes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kb.reading import markup
from kb.reading.selection import Selection, Way
from kb.sources import Mechanism, Source

HOST = "developers.weixin.qq.com"
MAX_DEPTH = 12

_STATE = re.compile(r"__INITIAL_STATE__\s*=\s*(?=\{)")
_EDITED = re.compile(
    r"(?:最后一次编辑于|最后编辑于|编辑于)\s*[\d年月日\-: ]{0,20}(?:[^\S\n]*\((?:[^()\n]{0,20})\))?"
)
_COUNTER = re.compile(r"^\s*(?:\d+\s*(?:浏览|阅读|评论|收藏|赞)\s*)+$|^\s*\d+\s*个评论.*$", re.M)
_OFFICIAL_WORDS = ("官方", "official")
_OFFICIAL_KEY = re.compile("official|is_?staff|is_?admin", re.I)
_BADGE_KEY = re.compile("identity|badge|role|label|tag", re.I)
_AUTHOR_KEY = re.compile("author|owner|user|creator", re.I)
_ASIDE_KEY = re.compile("recommend|related|hot|side|list$", re.I)
_CONTENT = ("Content", "content", "HtmlContent", "html_content")
_TITLE = ("Title", "title")
_COMMENTS = (
    "CommentList",
    "commentList",
    "comments",
    "Comments",
    "comment_list",
    "ReplyList",
    "replyList",
    "SubCommentList",
)


def is_community(url: str, source: Source | None) -> bool:
    return (source is not None and source.mechanism is Mechanism.WECHAT) or (
        urlsplit(url).hostname == HOST and "/community/" in url
    )


def select_page(text: str, source: Source | None) -> Selection | None:
    """From the page's own state; ``None`` when it carries none that holds a document."""
    found = _STATE.search(text) if "__INITIAL_STATE__" in text else None
    if not found:
        return None
    try:
        state, _ = json.JSONDecoder().raw_decode(text, found.end())
    except (ValueError, RecursionError):
        return None
    return select_json(state, source)


def select_json(data: Any, source: Source | None) -> Selection | None:
    """From a state or a detail answer; ``None`` when no record in it has both a title and a content."""
    record = next(_records(data), None)
    if record is None:
        return None
    noise = (_EDITED, _COUNTER, *(markup.compile_noise(source.noise.patterns) if source else ()))
    replies = tuple(
        dict.fromkeys(
            body
            for comment in _comments(data)
            if _is_official(comment) and (body := _markup(_value(comment, _CONTENT), noise))
        )
    )
    title = " ".join(_value(record, _TITLE).split())
    return Selection(Way.STATE, title, _markup(_value(record, _CONTENT), noise), (), replies)


def _markup(html: str, noise: tuple[re.Pattern[str], ...]) -> str:
    tree = markup.parse(html)
    markup.remove(tree, ())
    body = tree.body
    return markup.canonical(body.html or "", noise) if body is not None else ""


def _value(record: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((value for key in keys if isinstance(value := record.get(key), str) and value), "")


def _records(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Objects with a title and a content, breadth before depth in comment-free parts: the page's own comes first."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, dict):
        if _value(data, _TITLE) and _value(data, _CONTENT):
            yield data
        for key in data:
            if key not in _COMMENTS and not _ASIDE_KEY.search(key):
                yield from _records(data[key], depth + 1)


def _comments(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if key in _COMMENTS and isinstance(value, list):
                yield from (item for item in value if isinstance(item, dict))
            yield from _comments(value, depth + 1)
    elif isinstance(data, list):
        for item in data:
            yield from _comments(item, depth + 1)


def _is_official(comment: dict[str, Any], depth: int = 0) -> bool:
    """An account the platform itself marks as its own; a name that merely says so does not count."""
    for key, value in comment.items():
        if _OFFICIAL_KEY.search(key) and value in (True, 1, "1", "true"):
            return True
        if _BADGE_KEY.search(key) and isinstance(value, str) and value.strip().lower() in _OFFICIAL_WORDS:
            return True
        in_author = isinstance(value, dict) and depth < 3 and _AUTHOR_KEY.search(key)
        if in_author and _is_official(value, depth + 1):
            return True
    return False
