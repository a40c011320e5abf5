"""Any captured answer -> Reading: the verdict first, and the document only when the page is what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from kb.errors import AttachmentUnreadable, Undecodable
from kb.model import Document, Health, PageRole, Reading
from kb.reading import attachments, health, html
from kb.reading import tree as trees
from kb.reading.decode import DecodedText, decode_characters, undo_content_encoding
from kb.reading.document import document_of
from kb.reading.health import Verdict
from kb.reading.select import is_html, is_json, select
from kb.reading.selection import Selection, Way
from kb.reading.tree import TooComplex
from kb.sources import Source

FRAME = 200  # visible characters from which a page without its body is a site that was rebuilt, not an empty shell


@dataclass(frozen=True, slots=True)
class PageHistory:
    """What the last good version of the page looked like: the length of its text and its title."""

    characters: int
    title: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What was asked and how it was answered, without the body."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    source: Source | None
    on: date | None
    role: PageRole
    history: PageHistory | None

    @property
    def declares_body(self) -> bool:
        return bool(self.source and html.rules_of(self.source, self.on).body)


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

    A list page gets the verdict alone. Never raises for what a server sent; raises ``BadSelector`` or
    ``DeclarationError`` for an unusable declaration.
    """
    page = _Page(url, status, tuple(headers), source, on, role, history)
    if verdict := health.truncated(body, page.headers):
        return _refused(verdict)
    try:
        body = undo_content_encoding(body, page.headers)
        if role in {PageRole.IMAGE, PageRole.ATTACHMENT} or attachments.kind_of(body):
            return _read_file(body, page)
        decoded = decode_characters(body, page.headers, source.encoding if source else "")
    except Undecodable as error:
        return _refused(health.verdict_on_status(status) or Verdict(Health.UNDECODABLE, (str(error),)))
    try:
        return _read_decoded(decoded, page)
    except TooComplex as error:
        return Reading(Health.WRONG_TYPE, (str(error),), decoded.encoding)


def _refused(verdict: Verdict, encoding: str = "") -> Reading:
    return Reading(verdict.health, verdict.reasons, encoding)


# --------------------------------------------------------------------------- files

_EXPECTED = {
    PageRole.IMAGE: "图片",
    PageRole.ATTACHMENT: "附件",
    PageRole.LIST: "列表页",
    PageRole.DOCUMENT: "网页",
}


def _read_file(body: bytes, page: _Page) -> Reading:
    if verdict := health.verdict_on_status(page.status):
        return _refused(verdict)
    kind = attachments.kind_of(body)
    if not kind:
        return _read_no_file(body, page)
    if (page.role is PageRole.IMAGE) != (kind in attachments.IMAGES) or page.role is PageRole.LIST:
        return Reading(Health.WRONG_TYPE, (f"要的是{_EXPECTED[page.role]}，得到的是 {kind.upper()} 文件",))
    if kind in attachments.IMAGES:
        return Reading(Health.OK, document=attachments.image_document(body, page.url))
    try:
        document, notes = attachments.read_attachment(body, page.url)
        return Reading(Health.OK, notes, document=document)
    except AttachmentUnreadable as error:
        return Reading(Health.WRONG_TYPE, (str(error),))


def _read_no_file(body: bytes, page: _Page) -> Reading:
    """An error page in place of a file is named after what it says; plain text may well be an attachment."""
    expected = f"要的是{_EXPECTED[page.role]}，得到的是"
    try:
        decoded = decode_characters(body, page.headers)
        if not is_html(decoded.text) and page.role is PageRole.ATTACHMENT and decoded.text.strip():
            return _read_decoded(decoded, page)
        look = _look(decoded.text)
        verdict = health.verdict_on_script(decoded.text, look.visible, page.status)
        if not verdict and len(look.visible) < health.SHORT:
            verdict = health.verdict_on_words(look.title, look.unlinked)
    except Undecodable:
        return Reading(Health.WRONG_TYPE, (f"{expected}不认识的文件",))
    except TooComplex as error:
        return Reading(Health.WRONG_TYPE, (str(error),))
    return _refused(verdict or Verdict(Health.WRONG_TYPE, (f"{expected}网页",)), decoded.encoding)


# --------------------------------------------------------------------------- texts


def _read_decoded(decoded: DecodedText, page: _Page) -> Reading:
    text = decoded.text
    look = _look(text)
    if verdict := _verdict_on_look(text, look, page):
        return _refused(verdict, decoded.encoding)
    if page.role is PageRole.LIST:
        return Reading(Health.OK, (), decoded.encoding)
    selection = select(text, page.source, page.on)
    if selection.way is Way.NONE and is_html(text) and not (page.declares_body or selection.missing):
        selection = html.with_guessed_body(selection, text, page.source)
    document = document_of(selection, base=page.url, source=page.source)
    if verdict := _verdict_on_document(document, selection, look, page):
        return _refused(verdict, decoded.encoding)
    return Reading(Health.OK, (), decoded.encoding, document)


@dataclass(frozen=True, slots=True)
class _Look:
    """A first look at any answer: its title, its visible words, those outside links, its own canonical address."""

    title: str
    visible: str
    unlinked: str
    canonical: str = ""


def _look(text: str) -> _Look:
    if is_json(text) or not is_html(text):
        return _Look("", text.strip(), text.strip())
    tree = trees.parse(text)
    address = tree.css_first("link[rel=canonical][href]")
    canonical = (address.attributes.get("href") or "") if address is not None else ""
    head = tree.css_first("title")
    title = " ".join(head.text(deep=True).split()) if head is not None else ""
    trees.remove_unread(tree)
    visible = _words(tree)
    tree.strip_tags(["a"])
    return _Look(title, visible, _words(tree), canonical)


def _words(tree: LexborHTMLParser) -> str:
    body = tree.body
    return " ".join(body.text(deep=True, separator=" ").split()) if body is not None else ""


def _verdict_on_look(text: str, look: _Look, page: _Page) -> Verdict | None:
    if verdict := health.verdict_on_script(text, look.visible, page.status):
        return verdict
    if by_status := health.verdict_on_status(page.status):
        by_words = (
            health.verdict_on_words(look.title, look.unlinked) if len(look.visible) < health.SHORT else None
        )
        return by_words if by_words and by_words.health is Health.CHALLENGE else by_status
    if verdict := health.redirected_home(page.url, page.headers, look.canonical):
        return verdict
    if verdict := health.jumps_elsewhere(text, page.url, look.visible):
        return verdict
    if page.role is PageRole.LIST and not is_json(text) and len(look.visible) < health.SHORT:
        return health.verdict_on_words(look.title, look.unlinked)
    return None


def _verdict_on_document(
    document: Document, selection: Selection, look: _Look, page: _Page
) -> Verdict | None:
    if selection.way is Way.NONE:
        gone = Verdict(Health.BODY_GONE, (selection.missing,)) if selection.missing else None
        return health.verdict_on_words(look.title, look.unlinked) or gone or _missing_body(look, page)
    uncertain = selection.way is Way.GUESSED and len(look.visible) < health.SHORT
    if uncertain and (verdict := health.verdict_on_words(look.title, look.unlinked)):
        return verdict
    characters = len(document.text)
    if not (document.images or document.attachments):
        if verdict := health.verdict_on_brief_body(look.title, document.text):
            return verdict
        if not characters:
            return _missing_body(look, page)
        least = page.source.document.min_characters if page.source else 0
        if characters < least:
            return Verdict(Health.EMPTY_SHELL, (f"正文只有 {characters} 字，少于应有的 {least} 字",))
    return health.collapsed(characters, page.history.characters) if page.history else None


def _missing_body(look: _Look, page: _Page) -> Verdict:
    if not look.visible:
        return Verdict(Health.EMPTY_SHELL, ("收到的内容里没有一个可见的字",))
    if len(look.visible) < FRAME:
        return Verdict(Health.EMPTY_SHELL, (f"页面只有框架，没有正文（{len(look.visible)} 字）",))
    if page.declares_body:
        return Verdict(Health.BODY_GONE, ("定位不到正文：页面框架还在，已声明的选择器都没有匹配，疑似改版",))
    return Verdict(Health.BODY_GONE, ("定位不到正文：页面上没有成段的文字，像是列表或导航页",))
