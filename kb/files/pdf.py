"""PDF: its text page by page; a page that is a picture says so and is known by the digest of its picture."""

from __future__ import annotations

import hashlib
import io
from html import escape
from typing import Any

from kb.files.browser_print import size_of, title_by_size, with_title_on_one_line, without_browser_lines
from kb.files.limits import MARK, MAX_PAGES, Answer, LimitExceeded
from kb.files.lines import paragraphs
from kb.files.radicals import unified

_LEAST = 8  # characters below which a page with a picture is a scan with at most a page number or a watermark
_GARBLED = 0.3


def read(body: bytes, kind: str = "pdf") -> Answer:  # noqa: ARG001  (one signature for all readers)
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        raise LimitExceeded("文件有密码")
    if len(reader.pages) > MAX_PAGES:
        raise LimitExceeded(f"超过 {MAX_PAGES} 页")
    pages: list[list[str]] = []
    unread: dict[int, str] = {}
    pieces: list[tuple[str, float]] = []
    printed = False
    for number, page in enumerate(reader.pages):
        text = unified(_text(page, pieces if number == 0 else None).replace(MARK, ""))
        if why := _unreadable(text, page):
            unread[number], text = f"{why}，未读出文字（SHA-256 {_digest(page)}）", ""
        lines, by_browser = without_browser_lines(text.splitlines())
        printed = printed or by_browser
        pages.append(lines)
    title = title_by_size([(unified(words), size) for words, size in pieces])
    pages[:1] = [with_title_on_one_line(lines, title) for lines in pages[:1]]
    parts = []
    for number, found in enumerate(paragraphs(pages, title)):
        parts += [f"<p>{escape(line)}</p>" for line in found]
        if number in unread:
            parts.append(f"<p>{MARK}{unread[number]}</p>")
    answer = Answer("\n".join(parts), title, printed=printed)
    if unread and len(unread) < len(pages):
        where = "、".join(str(number + 1) for number in list(unread)[:20])
        answer.notes.append(f"共 {len(pages)} 页，其中 {len(unread)} 页是图像、未读出文字：第 {where} 页")
    elif unread:
        answer.notes.append(f"扫描件：{len(pages)} 页都是图像，未读出文字")
    return answer


def _text(page: Any, pieces: list[tuple[str, float]] | None) -> str:
    """The words of a page; its pieces with the size of their letters are put into ``pieces`` where those are asked for."""
    if pieces is None:
        return str(page.extract_text())

    def keep(words: str, matrix: Any, text_matrix: Any, _font: Any, size: float) -> None:
        pieces.append((words, size_of(matrix, text_matrix, size)))

    return str(page.extract_text(visitor_text=keep))


def _unreadable(text: str, page: Any) -> str:
    """Why the words of a page cannot be had from its text layer; "" when they can, or when the page is blank."""
    letters = "".join(text.split())
    strange = sum(
        1 for c in letters if c < " " or "\ue000" <= c <= "\uf8ff" or c == "\ufffd" or c >= "\U000f0000"
    )
    if letters and strange > _GARBLED * len(letters):
        return "字体没有文字编码的一页"
    return "扫描页" if len(letters) < _LEAST and _pictures(page) else ""


def _pictures(page: Any) -> list[Any]:
    """The pictures a page draws, also those inside its forms."""
    found: list[Any] = []
    waiting = [(page.get("/Resources"), 0)]
    while waiting:
        resources, depth = waiting.pop()
        if resources is None or depth > 4 or len(found) > 200:
            continue
        objects = resources.get_object().get("/XObject")
        for reference in objects.get_object().values() if objects is not None else ():
            item = reference.get_object()
            if item.get("/Subtype") == "/Image":
                found.append(item)
            elif item.get("/Subtype") == "/Form":
                waiting.append((item.get("/Resources"), depth + 1))
    return found


def _digest(page: Any) -> str:
    """Of the page's pictures as stored, and of its drawing where it has none. Whatever else the file says may change."""
    pictures = [picture._data for picture in _pictures(page)]
    contents = page.get_contents()
    data = pictures or [contents.get_data() if contents is not None else b""]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in data)).hexdigest()[:16]
