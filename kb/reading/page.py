"""Any captured answer -> Reading: the verdict first, and the document only when the page is what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from kb.errors import AttachmentUnreadable, Undecodable
from kb.model import Document, Health, PageRole, Reading
from kb.reading import attachments, health, html, markup
from kb.reading.decode import DecodedText, decode_characters, undo_content_encoding
from kb.reading.document import document_of
from kb.reading.markup import TooComplex
from kb.reading.select import is_html, is_json, select
from kb.reading.selection import Selection, Way
from kb.sources import Source


@dataclass(frozen=True, slots=True)
class PageHistory:
    """What the last good version of the page looked like: the length of its text and its title."""

    characters: int
    title: str


def read_page(
    body: bytes,
    *,
    url: str,
    status: int = 200,
    headers: Iterable[tuple[str, str]] = (),
    source: Source | None = None,
    on: date | None = None,
    role: PageRole = PageRole.DOCUMENT,
    history: PageHistory | None = None,
) -> Reading:
    """Read a body as it came over the wire. ``on`` chooses among the source's rules of old.

    Never raises for what a server sent; raises ``BadSelector`` or ``DeclarationError`` for an unusable declaration.
    """
    headers = tuple(headers)
    if verdict := health.truncated(body, headers):
        return _refusal(verdict)
    try:
        body = undo_content_encoding(body, headers)
        if role in {PageRole.IMAGE, PageRole.ATTACHMENT} or attachments.kind_of(body):
            return _read_file(body, url, status, headers, role)
        decoded = decode_characters(body, headers, source.encoding if source else "")
    except Undecodable as error:
        at_status = health.verdict_on_status(status)
        return _refusal(at_status) if at_status else Reading(Health.UNDECODABLE, (str(error),))
    try:
        return _read_decoded(decoded, url, status, headers, source, on, role, history)
    except TooComplex as error:
        return Reading(Health.WRONG_TYPE, (str(error),), decoded.encoding)


def _refusal(verdict: health.Verdict, encoding: str = "") -> Reading:
    return Reading(verdict.health, verdict.reasons, encoding)


def _read_file(
    body: bytes, url: str, status: int, headers: tuple[tuple[str, str], ...], role: PageRole
) -> Reading:
    if verdict := health.verdict_on_status(status):
        return _refusal(verdict)
    kind = attachments.kind_of(body)
    if not kind or (role is PageRole.IMAGE) != (kind in attachments.IMAGES) or role is PageRole.LIST:
        return _wrong_file(body, url, status, headers, role, kind)
    if kind in attachments.IMAGES:
        return Reading(Health.OK, document=attachments.image_document(body, url))
    try:
        return Reading(Health.OK, document=attachments.read_attachment(body, url))
    except AttachmentUnreadable as error:
        return Reading(Health.WRONG_TYPE, (str(error),))


_EXPECTED = {
    PageRole.IMAGE: "图片",
    PageRole.ATTACHMENT: "附件",
    PageRole.LIST: "列表页",
    PageRole.DOCUMENT: "网页",
}


def _wrong_file(
    body: bytes, url: str, status: int, headers: tuple[tuple[str, str], ...], role: PageRole, kind: str
) -> Reading:
    """An error page in place of a file is named after what it says; plain text may well be an attachment."""
    if kind:
        return Reading(Health.WRONG_TYPE, (f"要的是{_EXPECTED[role]}，得到的是 {kind.upper()} 文件",))
    try:
        decoded = decode_characters(body, headers)
    except Undecodable:
        return Reading(Health.WRONG_TYPE, (f"要的是{_EXPECTED[role]}，得到的是不认识的文件",))
    if not is_html(decoded.text) and role is PageRole.ATTACHMENT and decoded.text.strip():
        return _read_decoded(decoded, url, status, headers, None, None, PageRole.DOCUMENT, None)
    text = decoded.text
    tree = markup.parse(text)
    verdict = health.verdict_on_page(text, visible_text(tree), _head_title(tree), status)
    return (
        _refusal(verdict, decoded.encoding)
        if verdict
        else Reading(Health.WRONG_TYPE, (f"要的是{_EXPECTED[role]}，得到的是网页",), decoded.encoding)
    )


def _read_decoded(
    decoded: DecodedText,
    url: str,
    status: int,
    headers: tuple[tuple[str, str], ...],
    source: Source | None,
    on: date | None,
    role: PageRole,
    history: PageHistory | None,
) -> Reading:
    text = decoded.text
    visible, verdict = _look(text, url, status, headers)
    if verdict or (verdict := health.verdict_on_status(status)):
        return _refusal(verdict, decoded.encoding)
    if role is PageRole.LIST:
        return Reading(Health.OK, (), decoded.encoding)
    selection = select(text, url=url, source=source, on=on)
    if selection.way is Way.NONE and is_html(text) and not (source and source.rules_at(on or date.max).body):
        selection = html.with_guessed_body(selection, text, source)
    document = document_of(selection, base=url, source=source)
    verdict = _verdict_on_document(document, selection, text, visible, source, history)
    return (
        _refusal(verdict, decoded.encoding) if verdict else Reading(Health.OK, (), decoded.encoding, document)
    )


def _look(
    text: str, url: str, status: int, headers: tuple[tuple[str, str], ...]
) -> tuple[str, health.Verdict | None]:
    """The visible text of any page, and what it shows instead of a document."""
    if is_json(text) or not is_html(text):
        return text, health.verdict_on_page(text, text, "", status) if not is_json(text) else None
    tree = markup.parse(text)
    visible, title = visible_text(tree), _head_title(tree)
    named = {name.lower(): value for name, value in headers}
    canonical = tree.css_first("link[rel=canonical][href]")
    address = (canonical.attributes.get("href") or "") if canonical is not None else ""
    verdict = health.verdict_on_page(text, visible, title, status)
    return visible, verdict or health.redirected_home(url, named, address)


def visible_text(tree: LexborHTMLParser) -> str:
    """The page's words on one line. Takes scripts and controls out of the tree."""
    tree.strip_tags(markup.UNREAD)
    body = tree.body
    return " ".join(body.text(deep=True, separator=" ").split()) if body is not None else ""


def _head_title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    return " ".join(node.text(deep=True).split()) if node is not None else ""


_SOFT_404 = re.compile("^(?:404|页面不存在|您访问的页面|错误页|出错了|Not Found)", re.I)


def _verdict_on_document(
    document: Document,
    selection: Selection,
    text: str,
    visible: str,
    source: Source | None,
    history: PageHistory | None,
) -> health.Verdict | None:
    characters = len(document.text)
    carries = characters or document.images or document.attachments
    if selection.way is Way.NONE and len(visible) >= 200:
        return health.Verdict(Health.BODY_GONE, ("定位不到正文：已声明的选择器都没有匹配，疑似改版",))
    if not carries:
        return health.verdict_on_shell(text, visible)
    least = source.document.min_characters if source else 0
    if characters < least and not (document.images or document.attachments):
        return health.Verdict(Health.EMPTY_SHELL, (f"正文只有 {characters} 字，少于声明的 {least} 字",))
    return health.collapsed(characters, history.characters) if history else None
