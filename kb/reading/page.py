"""Any captured answer -> Reading: the verdict first, and the document only when the page is what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from kb.codes import BlockKind, Health, PageRole
from kb.errors import AttachmentUnreadable, Undecodable
from kb.model import Document, Reading
from kb.reading import attachments, health, html, markup
from kb.reading.brief import brief_body
from kb.reading.decode import CutShort, DecodedText, decode_characters, undo_content_encoding
from kb.reading.document import document_of
from kb.reading.health import Verdict
from kb.reading.look import Look, look_at
from kb.reading.messages import is_document, without_frame
from kb.reading.mojibake import mojibake
from kb.reading.past import PageHistory, verdict_on_history, with_history
from kb.reading.select import is_html, is_json, select, without_furniture
from kb.reading.selection import Selection, Way
from kb.reading.tree import TooComplex
from kb.reading.wechat import unread_replies
from kb.sources import Source

__all__ = ["PageHistory", "read_page"]


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
    reading = _read(body, page)
    if reading.health in {Health.OK, Health.UNDECODABLE} or history is None:
        return reading
    told = with_history(Verdict(reading.health, reading.reasons), history)
    return Reading(told.health, told.reasons, reading.encoding)


def _read(body: bytes, page: _Page) -> Reading:
    if verdict := health.truncated(body, page.headers):
        return _refused(verdict)
    try:
        body = undo_content_encoding(body, page.headers)
        if page.role in {PageRole.IMAGE, PageRole.ATTACHMENT} or attachments.kind_of(body):
            return _read_file(body, page)
        decoded = decode_characters(body, page.headers, page.source.encoding if page.source else "")
    except CutShort as error:
        return _refused(Verdict(Health.TRUNCATED, (str(error),)))
    except Undecodable as error:
        return _refused(
            health.verdict_on_status(page.status) or health.verdict_on_bytes(body, page.headers, str(error))
        )
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
        look = look_at(decoded.text)
        verdict = health.verdict_on_script(decoded.text, look, page.status)
        if not verdict and len(look.own) < health.SHORT:
            verdict = health.verdict_on_message(look)
    except Undecodable:
        return Reading(Health.WRONG_TYPE, (f"{expected}不认识的文件",))
    except TooComplex as error:
        return Reading(Health.WRONG_TYPE, (str(error),))
    return _refused(verdict or Verdict(Health.WRONG_TYPE, (f"{expected}网页",)), decoded.encoding)


# --------------------------------------------------------------------------- texts


def _read_decoded(decoded: DecodedText, page: _Page) -> Reading:
    text = decoded.text
    look = look_at(text)
    if verdict := _verdict_on_look(text, look, page):
        return _refused(verdict, decoded.encoding)
    if page.role is PageRole.LIST:
        return Reading(Health.OK, (), decoded.encoding)
    selection = select(text, page.source, page.on, page.url)
    document = document_of(selection, base=page.url, source=page.source)
    if selection.way is Way.NONE and is_html(text) and not (page.declares_body or selection.missing):
        selection, document = _guessed(selection, text, page)
    if sign := mojibake(f"{document.title}{document.text}"):
        return Reading(Health.UNDECODABLE, (f"网页上的文字是乱码：{sign}",), decoded.encoding)
    if verdict := _verdict_on_document(document, selection, look, page):
        return _refused(verdict, decoded.encoding)
    unread = unread_replies(text, document, page.source) if is_html(text) else ""
    return Reading(Health.OK, (unread,) if unread else (), decoded.encoding, document)


def _guessed(selection: Selection, text: str, page: _Page) -> tuple[Selection, Document]:
    """The heaviest part of an undeclared page; where that is nothing but frame, what stands under the title."""
    guessed = html.with_guessed_body(selection, text, page.source)
    guessed = without_furniture(guessed, page.source, page.url)
    document = document_of(guessed, base=page.url, source=page.source)
    if (guessed.way is Way.NONE or _only_frame(document)) and (brief := brief_body(text)):
        guessed = replace(selection, way=Way.GUESSED, markup=markup.canonical(brief))
        document = document_of(guessed, base=page.url, source=page.source)
    return guessed, document


def _verdict_on_look(text: str, look: Look, page: _Page) -> Verdict | None:
    if verdict := health.verdict_on_script(text, look, page.status):
        return verdict
    if by_status := health.verdict_on_status(page.status):
        by_words = health.verdict_on_words(look.title, look.own) if len(look.own) < health.SHORT else None
        return by_words if by_words and by_words.health is Health.CHALLENGE else by_status
    tagged = is_html(text)
    home = health.redirected_home(page.url, page.headers, look.canonical)
    if verdict := home or (health.cut_short(text) if tagged else None):
        return verdict
    if tagged and (verdict := health.jumps_elsewhere(text, page.url, look)):
        return health.verdict_on_message(look) or verdict
    if page.role is PageRole.LIST:
        few = not is_json(text) and len(look.own) < health.SHORT
        return health.verdict_on_message(look) if few else None
    return health.verdict_on_type(text, page.headers, tagged=tagged or is_json(text))


def _verdict_on_document(document: Document, selection: Selection, look: Look, page: _Page) -> Verdict | None:
    shown = bool(document.images or document.attachments)
    if selection.way is Way.NONE or (selection.way is Way.GUESSED and not shown and _only_frame(document)):
        gone = Verdict(Health.BODY_GONE, (selection.missing,)) if selection.missing else None
        return health.verdict_on_message(look) or gone or _missing_body(look, page)
    title = look.title or document.title
    uncertain = selection.way is Way.GUESSED and not is_document(title, document.text)
    if uncertain and (verdict := health.verdict_on_message(look)):
        return verdict
    characters = len(document.text)
    if not shown:
        if verdict := health.verdict_on_brief_body(title, document.text):
            return verdict
        if not characters:
            return _missing_body(look, page)
        least = page.source.document.min_characters if page.source else 0
        if characters < least:
            return Verdict(Health.EMPTY_SHELL, (f"正文只有 {characters} 字，少于应有的 {least} 字",))
    return verdict_on_history(document, look, page.history) if page.history else None


def _only_frame(document: Document) -> bool:
    """Whether a guess met nothing but operator, address and filing number."""
    return not without_frame([block.text for block in document.blocks if block.kind is not BlockKind.IMAGE])


def _missing_body(look: Look, page: _Page) -> Verdict:
    return health.verdict_on_missing_body(look, declared=page.declares_body)
