"""Open community pages: the guidance and the platform's own replies, never other people's comments or names.

A page carries its state as ``window.__INITIAL_STATE__ = {…}``; ``/community/ngi/doc/detail/<id>`` answers with the
same record as ``data``. Both are read by the names of their keys, since the state's nesting differs between themes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from kb.reading import markup
from kb.reading import tree as trees
from kb.reading.noise import compile_noise
from kb.reading.selection import Selection, Way
from kb.sources import Source

COMMENT_ITEM = "js_post_comment_item"
MAX_DEPTH = 12

_STATE = re.compile(r"__INITIAL_STATE__\s*=\s*(?=\{)")
_CREATED = ("CreateTime", "createTime", "create_time")
_BEIJING = timezone(timedelta(hours=8))
_WHEN = r"(?:\d+ ?(?:秒|分钟|小时|天|周|个月|年)前|刚刚|昨天|前天|[\d年月日\-: ]{0,20})"
_EDITED = re.compile(rf"(?:最后一次编辑于|最后编辑于|编辑于) ?{_WHEN}(?: ?[（(][^()（）\n]{{0,20}}[）)])?")
_COUNTER = re.compile(r"^\s*(?:\d+\s*(?:浏览|阅读|评论|收藏|赞)\s*)+$|^\s*\d+\s*个评论.*$", re.M)
PAGE_NOISE = (_EDITED, _COUNTER)
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
    noise = (*PAGE_NOISE, *(compile_noise(source.noise.patterns) if source else ()))
    official = sorted(filter(_is_official, _comments(data)), key=_created)
    replies = [_markup(_value(comment, _CONTENT), noise) for comment in official]
    title = " ".join(_value(record, _TITLE).split())
    body = _markup(_value(record, _CONTENT), noise)
    return Selection(Way.STATE, title, body, _published(record), tuple(dict.fromkeys(filter(None, replies))))


def with_replies(selection: Selection, text: str, source: Source | None) -> Selection:
    """The selection of a page that carries no state, with the platform's own replies and without the page's counters."""
    noise = (*PAGE_NOISE, *(compile_noise(source.noise.patterns) if source else ()))
    tree = trees.parse(text)
    trees.remove_unread(tree)
    found = []
    for comment in tree.css(f".{COMMENT_ITEM}"):
        badges = (badge.text(deep=True).strip() for badge in comment.css("i, em, span, label"))
        content = comment.css_first(".post_comment_content")
        if content is not None and (comment.css_matches("[class*=official]") or "官方" in badges):
            found.append(markup.canonical(content.html or "", noise))
    body = markup.without_noise(selection.markup, PAGE_NOISE)
    return replace(selection, markup=body, replies=tuple(dict.fromkeys(filter(None, found))))


def _created(record: dict[str, Any]) -> int:
    return next((value for key in _CREATED if isinstance(value := record.get(key), int)), 0)


def _published(record: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    seconds = _created(record)
    if not 0 < seconds < 10**10:
        return ()
    return (("published", datetime.fromtimestamp(seconds, _BEIJING).date().isoformat()),)


def _markup(html: str, noise: tuple[re.Pattern[str], ...]) -> str:
    tree = trees.parse(html)
    trees.remove_unread(tree)
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
            if key in _COMMENTS:
                lists = (
                    [value] if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
                )
                yield from (
                    item
                    for part in lists
                    if isinstance(part, list)
                    for item in part
                    if isinstance(item, dict)
                )
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
