"""Open community pages: the guidance and the platform's own replies, never other people's comments or names.

A page carries its state as ``window.__INITIAL_STATE__ = {…}``; ``/community/ngi/doc/detail/<id>`` answers with the
same record as ``data``. Both are read by the names of their keys, since the state's nesting differs between themes;
where neither holds the document, the DOM is read without its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from kb.codes import BlockKind
from kb.model import Document
from kb.reading import html, markup
from kb.reading import tree as trees
from kb.reading.jsliteral import assigned
from kb.reading.noise import compile_noise
from kb.reading.selection import Selection, Way
from kb.reading.text import select_text
from kb.reading.wechat_badges import badged_replies, has_badge
from kb.reading.wechat_replies import (
    COMMENT_ITEM,
    COMMENT_KEY,
    CONTENT,
    MAX_DEPTH,
    created,
    replies_in,
    replies_in_tree,
    value,
)
from kb.sources import Mechanism, Source

STATE = "__INITIAL_STATE__"
SITE = "微信开放社区"
HEAD = 3_000  # characters in which a page says what site it is of
MIN_UNTITLED = 40  # characters from which a content without a title is a document and not a message

_BEIJING = timezone(timedelta(hours=8))
_WHEN = r"(?:\d+ ?(?:秒|分钟|小时|天|周|个月|年)前|刚刚|昨天|前天|[\d年月日\-: ]{0,20})"
_EDITED = re.compile(rf"(?:最后一次编辑于|最后编辑于|编辑于) ?{_WHEN}(?: ?[（(][^()（）\n]{{0,20}}[）)])?")
_COUNTED = "浏览|阅读|评论|收藏|点?赞|分享|转发|有用|回复"
_COUNT = r"\d[\d,.]{0,12} ?[万千kKwW]?\+?"
_COUNTER = re.compile(
    rf"^ ?(?:{_COUNT} ?次?(?:{_COUNTED}) ?)+$|^ ?(?:(?:{_COUNTED})[量数次]{{0,2}} ?[:：]? ?{_COUNT}[ 次]{{0,2}})+$"
    r"|^ ?\d+ ?个评论.*$",
    re.M,
)
PAGE_NOISE = (_EDITED, _COUNTER)

_TITLE = ("Title", "title")
_OWN_KEYS = frozenset(
    ["DocId", "docId", "docid", "doc_id", "CreateTime", "createTime", "create_time", "BlogCategory"]
)
_ASIDE_KEY = re.compile(
    "recommend|relat|hot|side|banner|next|prev|similar|neighbou?r|adver|promo|list$|rows$", re.I
)
_BODY_CSS = "#content.post_content, .post_content"
_TITLE_CSS = ".post_title, h1"
_COMMENTS_CSS = "[class*=comment], [id*=comment], [class*=nickname], .post_owner"
_TAG = re.compile("<[a-zA-Z]")
_QUOTED = re.compile(r"(?:引用|回复)? ?@?[^\s:：，。《》]{1,20} ?(?:发表于[^:：]{0,20})?[:：]")
_SITE = re.compile(rf"\s*[|_-]\s*{SITE}\s*$")

_IMAGE = re.compile(r'(<img src=")([^"]*)')
_PLATFORM_HOSTS = ("qpic.cn", "qlogo.cn", "weixin.qq.com", "wx.qq.com")
_TOKENS = re.compile(
    r"(?:wx_\w{1,20}|wxfrom|tp|token|lang|from|random|nonce|t|ts|timestamp|retryload|usePicPrefetch)=[^&]*(?:&amp;|&|$)",
    re.I,
)


def is_community(text: str, source: Source | None) -> bool:
    """Whether a page of HTML is a community page: by its declaration, its state, its comment items or its site's name."""
    declared = source is not None and source.mechanism is Mechanism.WECHAT
    return declared or STATE in text or COMMENT_ITEM in text or SITE in text[:HEAD]


def select_page(text: str, source: Source | None, on: date | None) -> Selection:
    """From the page's own state, else from its DOM. A ``missing`` reason stands where the state holds no document."""
    selection = _from_state(text, source)
    if selection is not None and selection.replies:
        return selection
    tree = trees.parse(text)
    said = replies_in_tree(tree) if COMMENT_ITEM in text else []
    if not said and has_badge(text, tree):
        said = badged_replies(tree)
    if selection is not None:
        return replace(selection, replies=_read_replies(said, source)) if said else selection
    return _from_dom(tree, text, said, source, on)


def unread_replies(text: str, document: Document, source: Source | None) -> str:
    """The remark that a community page marks official replies of which none was read, or ""."""
    if not is_community(text, source) or any(block.kind is BlockKind.REPLY for block in document.blocks):
        return ""
    return "页面上标有官方回复，没有读出，请看原页" if has_badge(text, trees.parse(text)) else ""


def _from_state(text: str, source: Source | None) -> Selection | None:
    for state in assigned(text, STATE) if STATE in text else ():
        if selection := select_json(state, source):
            return selection if selection.title else replace(selection, title=_title_of(text))
    return None


def _title_of(text: str) -> str:
    tree = trees.parse(text)
    node = tree.css_first(_TITLE_CSS)
    printed = " ".join(node.text(deep=True).split()) if node is not None else ""
    return _SITE.sub("", printed or trees.head_title(tree))


def _from_dom(
    tree: LexborHTMLParser, text: str, said: list[str], source: Source | None, on: date | None
) -> Selection:
    without_comments = _without_comments(tree, source, on)
    selection = html.select(without_comments, source, on)
    if selection.way is Way.NONE and not (source and html.rules_of(source, on).body):
        selection = html.with_guessed_body(selection, without_comments, source)
    if selection.way is Way.NONE:
        return replace(selection, missing=_why_missing(text, source, on))
    body = _same_images(markup.without_noise(selection.markup, PAGE_NOISE))
    return replace(selection, markup=body, replies=_read_replies(said, source))


def _why_missing(text: str, source: Source | None, on: date | None) -> str:
    if STATE in text:
        return f"定位不到正文：页面内嵌数据 {STATE} 里没有标题和正文，字段可能改了名"
    return "" if html.rules_of(source, on).body else "定位不到正文：页面上只有评论和框架"


def _without_comments(tree: LexborHTMLParser, source: Source | None, on: date | None) -> str:
    """The page's HTML without what is about comments or names their authors, the body's own ancestors apart."""
    declared = [selector.css for selector in html.rules_of(source, on).body if selector.css] if source else []
    keep = ", ".join([_BODY_CSS, _TITLE_CSS, *declared])
    for node in reversed(tree.css(_COMMENTS_CSS)):
        if node.parent is not None and node.tag not in {"html", "body"} and node.css_first(keep) is None:
            node.decompose()
    return tree.html or ""


def select_json(data: Any, source: Source | None) -> Selection | None:
    """From a state or a detail answer; ``None`` when nothing in it is a document of the page's own."""
    found = list(_records(data))
    if not found:
        return None
    _, record = max(found, key=lambda one: _rank(*one))
    title = " ".join(value(record, _TITLE).split())
    body = _markup(_html(value(record, CONTENT)), source)
    return Selection(Way.STATE, title, body, _published(record), _read_replies(replies_in(data), source))


def _rank(depth: int, record: dict[str, Any]) -> tuple[bool, bool, int, int]:
    """The page's own document has a title, an identity and a date, and stands near the root."""
    return bool(value(record, _TITLE)), bool(_OWN_KEYS & record.keys()), -depth, len(value(record, CONTENT))


def _records(data: Any, depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """(depth, object) for each object with a content, outside comments and what stands beside the document."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list) and len(data) == 1:
        yield from _records(data[0], depth)
    if isinstance(data, dict):
        content = value(data, CONTENT)
        if content and (value(data, _TITLE) or len(content) >= MIN_UNTITLED):
            yield depth, data
        for key in data:
            if not COMMENT_KEY.search(key) and not _ASIDE_KEY.search(key):
                yield from _records(data[key], depth + 1)


def _html(content: str) -> str:
    """A content that was escaped once too often, as the HTML that it is."""
    return unescape(content) if "<" not in content and re.search("&lt;/?[a-z]", content) else content


def _read_replies(said: list[str], source: Source | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (_markup(_without_quotes(reply), source) for reply in said))))


def _without_quotes(reply: str) -> str:
    """A reply's HTML without what somebody said whom it quotes by name; the platform quotes rules too, and those stay."""
    if "quote" not in reply:
        return reply
    tree = trees.parse(reply)
    for quote in reversed(tree.css("blockquote, [class*=quote]")):
        if quote.parent is not None and _QUOTED.match(quote.text(deep=True).strip()):
            quote.decompose()
    return tree.body.html or "" if tree.body is not None else ""


def _published(record: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    seconds = created(record)
    if not 0 < seconds < 10**10:
        return ()
    return (("published", datetime.fromtimestamp(seconds, _BEIJING).date().isoformat()),)


def _markup(content: str, source: Source | None) -> str:
    """Canonical markup of a content: HTML, or Markdown and plain text where it has no tag."""
    noise = (*PAGE_NOISE, *(compile_noise(source.noise.patterns) if source else ()))
    if not _TAG.search(content):
        return _same_images(select_text(content, noise).markup)
    tree = trees.parse(content)
    trees.remove_unread(tree)
    return _same_images(markup.canonical(tree.body.html or "", noise)) if tree.body is not None else ""


def _same_images(body: str) -> str:
    """Canonical markup in which an image of the platform has one address, whatever tokens and formats it was asked with."""

    def address(match: re.Match[str]) -> str:
        path, mark, query = match[2].partition("?")
        try:
            host = urlsplit(path).hostname or ""
        except ValueError:
            return match[0]
        if not mark or not host.endswith(_PLATFORM_HOSTS):
            return match[0]
        rest = "".join(
            part for part in re.split(r"(?<=&amp;)", query) if not _TOKENS.fullmatch(part)
        ).removesuffix("&amp;")
        return f"{match[1]}{path}{mark if rest else ''}{rest}"

    return _IMAGE.sub(address, body)
