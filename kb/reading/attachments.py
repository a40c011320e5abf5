"""Attachments and images: right kind of file, and its text read in a process of its own with limits."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.codes import BlockKind
from kb.errors import AttachmentUnreadable
from kb.files.limits import MARK
from kb.model import Block, Document, Link, Table
from kb.reading.document import document_of
from kb.reading.markup import canonical
from kb.reading.printed import has_crumbs, printed_page
from kb.reading.selection import Selection, Way
from kb.reading.tree import TooComplex

WORKER = Path(__file__).resolve().parent.parent / "files" / "__main__.py"
TIMEOUT_SECONDS = 60
MAX_ATTACHMENT = 64 * 1024 * 1024

_MAGIC = (
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"BM", "bmp"),
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"{\\rtf", "rtf"),
)  # fmt: skip
IMAGES = frozenset({"png", "jpeg", "gif", "bmp", "webp"})
READABLE = frozenset({"pdf", "docx", "xlsx", "zip", "ofd"})
CONVERTED = frozenset({"ole", "rtf"})
_NAMES = {
    "ole": "旧版 Office 或 WPS 文件",
    "rar": "RAR 压缩包",
    "7z": "7z 压缩包",
    "rtf": "RTF 文件",
    "pptx": "演示文稿",
}
_DIRECTORY = 4_000_000  # bytes at the end of an archive in which its directory stands
_MEDIA = re.compile(rf"^{MARK}([^{MARK}]+)$")


def kind_of(body: bytes) -> str:
    """``pdf``, ``docx``, ``xlsx``, ``pptx``, ``ofd``, ``zip``, ``ole``, ``png`` …, or "" for none of these."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    kind = next((kind for magic, kind in _MAGIC if body.startswith(magic)), "")
    if kind == "bmp" and body[6:10] != b"\0\0\0\0":
        return ""  # two letters are no magic: the reserved bytes of a bitmap are zero
    return _kind_of_zip(body) if kind == "zip" else kind


def _kind_of_zip(body: bytes) -> str:
    """By the member that makes it one: names stand in the directory at the end, each after its fixed head of 46 bytes."""
    end = body[-_DIRECTORY:]
    names = {
        end[at + 46 : at + 46 + int.from_bytes(end[at + 28 : at + 30], "little")]
        for at in (match.start() for match in re.finditer(b"PK\x01\x02", end))
    }
    if b"OFD.xml" in names:
        return "ofd"
    if b"[Content_Types].xml" in names:
        for folder, kind in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")):
            if any(name.startswith(folder) for name in names):
                return kind
    return "zip"


def image_document(body: bytes, url: str) -> Document:
    """One image block. Its text names the pixels: metadata that a server strips is no other image. A picture that does
    not decode within the limits is named by its bytes."""
    kind = kind_of(body).upper()
    try:
        facts = ask_worker("image", body, url)
        text = f"图片（{facts['width']}×{facts['height']}，像素 SHA-256 {str(facts['pixels'])[:16]}）"
    except AttachmentUnreadable:
        digest = hashlib.sha256(body).hexdigest()[:16]
        text = f"图片（{kind}，{len(body)} 字节，SHA-256 {digest}）"
    return Document(title="", blocks=(Block(BlockKind.IMAGE, text, address=url),), images=(Link(url, ""),))


def shown_image(body: bytes, url: str = "") -> bytes:
    """The picture as a PNG of our own making, for people to look at: bounded in size, nothing of the foreign file in it.

    Raises ``AttachmentUnreadable`` for what does not decode within the limits.
    """
    return base64.b64decode(str(ask_worker("image", body, url)["png"]))


def unreadable_document(body: bytes, url: str, note: str) -> Document:
    """A good file whose text cannot be read here (scanned, old format): it is watched by its bytes."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Document(title="", blocks=(Block(BlockKind.IMAGE, f"{note}（SHA-256 {digest}）", address=url),))


def read_attachment(body: bytes, url: str) -> tuple[Document, tuple[str, ...]]:
    """The document in a PDF, DOCX, XLSX, OFD or ZIP, of a DOC, WPS or RTF where a converter is installed, and what a
    reader must know of it (deleted words left out, pages that are pictures). Raises ``AttachmentUnreadable``."""
    kind = kind_of(body)
    if len(body) > MAX_ATTACHMENT:
        raise AttachmentUnreadable(f"附件超过 {MAX_ATTACHMENT >> 20} MiB", where=url, do="请人工打开原件")
    if not kind:
        raise AttachmentUnreadable("不是认识的附件格式", where=url, do="请人工打开原件")
    if kind not in READABLE | CONVERTED:
        note = f"{_NAMES.get(kind, kind.upper() + ' 文件')}，未读出文字，请看原件"
        return unreadable_document(body, url, note), (note,)
    try:
        answer = ask_worker(kind, body, url)
    except AttachmentUnreadable as error:
        if kind not in CONVERTED:
            raise
        note = f"{_NAMES[kind]}，未读出文字，请看原件"
        return unreadable_document(body, url, note), (str(error),)
    return _document(answer, body, url)


def _document(answer: dict[str, Any], body: bytes, url: str) -> tuple[Document, tuple[str, ...]]:
    markup, title = canonical(str(answer.get("html", ""))), str(answer.get("title", ""))
    selection = Selection(Way.TEXT, title, markup)
    if answer.get("printed") or has_crumbs(markup):
        selection = printed_page(markup, title)
    try:
        document = document_of(selection, base=url, source=None)
    except TooComplex as error:
        raise AttachmentUnreadable(str(error), where=url, do="请人工打开原件") from error
    blocks = tuple(_picture(block) for block in document.blocks)
    notes = tuple(str(note) for note in answer.get("notes", ()))
    if not any(block.text and block.kind is not BlockKind.IMAGE for block in blocks):
        # 扫描件 is known by the pictures of its pages: whatever else the file says may change.
        scanned = blocks or unreadable_document(body, url, "未读出文字，请看原件").blocks
        return Document(title="", blocks=scanned), notes
    title = "" if document.title.startswith(MARK) else document.title
    tables = tuple(_unmarked(table) for table in document.tables)
    return replace(document, blocks=blocks, title=title, tables=tables), notes


def _picture(block: Block) -> Block:
    """A line that stands for a picture becomes one; one inside a table is words of its cell. It has no address of its own:
    its digest alone says which it is."""
    if match := _MEDIA.match(block.text):
        return Block(BlockKind.IMAGE, match[1])
    if MARK not in block.text:
        return block
    cells = tuple(replace(cell, text=cell.text.replace(MARK, "")) for cell in block.cells)
    return replace(block, text=block.text.replace(MARK, ""), cells=cells)


def _unmarked(table: Table) -> Table:
    return replace(table, rows=tuple(tuple(text.replace(MARK, "") for text in row) for row in table.rows))


def ask_worker(kind: str, body: bytes, url: str) -> dict[str, Any]:
    """Ask ``kb.files`` in a process of its own; it may die of its limits, we do not.

    Run as a file in isolated mode: it needs nothing else of ours, and half its time would go into importing it.
    """
    try:
        done = subprocess.run(  # noqa: S603  (our own module, no shell)
            [sys.executable, "-I", str(WORKER), kind],
            input=body,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        answer = (
            json.loads(done.stdout) if done.returncode == 0 else {"error": "读取附件的进程超出限额或出错"}
        )
    except (subprocess.TimeoutExpired, ValueError):
        answer = {"error": f"读取附件超过 {TIMEOUT_SECONDS} 秒或输出损坏"}
    if not isinstance(answer, dict) or "error" in answer:
        reason = answer.get("error", "") if isinstance(answer, dict) else ""
        raise AttachmentUnreadable(f"附件读不出：{reason}", where=url, do="请人工打开原件")
    return answer
