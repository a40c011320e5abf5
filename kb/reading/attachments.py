"""Attachments and images: right kind of file, and its text read in a process of its own with limits."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from kb.errors import AttachmentUnreadable
from kb.model import Block, BlockKind, Document, Link
from kb.reading.document import document_of
from kb.reading.markup import canonical
from kb.reading.selection import Selection, Way

WORKER = Path(__file__).with_name("attachment_worker.py")
TIMEOUT_SECONDS = 60
MAX_ATTACHMENT = 64 * 1024 * 1024

_MAGIC = (
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"BM", "bmp"),
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"{\\rtf", "rtf"),
)  # fmt: skip
IMAGES = frozenset({"png", "jpeg", "gif", "bmp", "webp"})
READABLE = frozenset({"pdf", "docx", "xlsx", "zip"})
_NAMES = {
    "ole": "旧版 Office 或 WPS 文件",
    "rar": "RAR 压缩包",
    "7z": "7z 压缩包",
    "rtf": "RTF 文件",
    "ofd": "OFD 版式文件",
    "pptx": "演示文稿",
}


def kind_of(body: bytes) -> str:
    """``pdf``, ``docx``, ``xlsx``, ``pptx``, ``ofd``, ``zip``, ``ole``, ``png`` …, or "" for none of these."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    kind = next((kind for magic, kind in _MAGIC if body.startswith(magic)), "")
    if kind == "bmp" and body[6:10] != b"\0\0\0\0":
        return ""  # two letters are no magic: the reserved bytes of a bitmap are zero
    if kind != "zip":
        return kind
    for marker, inner in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"), (b"OFD.xml", "ofd")):
        if marker in body:
            return inner
    return "zip"


def image_document(body: bytes, url: str) -> Document:
    """One image block. Its text names the very bytes, so that another image is another document."""
    kind = kind_of(body)
    digest = hashlib.sha256(body).hexdigest()[:16]
    block = Block(BlockKind.IMAGE, f"图片（{kind.upper()}，{len(body)} 字节，SHA-256 {digest}）", address=url)
    return Document(title="", blocks=(block,), images=(Link(url, ""),))


def unreadable_document(body: bytes, url: str, note: str) -> Document:
    """A good file whose text cannot be read here (scanned, old format): it is watched by its bytes."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Document(title="", blocks=(Block(BlockKind.IMAGE, f"{note}（SHA-256 {digest}）", address=url),))


def read_attachment(body: bytes, url: str) -> Document:
    """The document in a PDF, DOCX, XLSX or ZIP (its listing). Raises ``AttachmentUnreadable``."""
    kind = kind_of(body)
    if len(body) > MAX_ATTACHMENT:
        raise AttachmentUnreadable(f"附件超过 {MAX_ATTACHMENT >> 20} MiB", where=url, do="请人工打开原件")
    if kind not in READABLE:
        if kind:
            return unreadable_document(
                body, url, f"{_NAMES.get(kind, kind.upper() + ' 文件')}，未读出文字，请看原件"
            )
        raise AttachmentUnreadable("不是认识的附件格式", where=url, do="请人工打开原件")
    answer = _ask_worker(kind, body, url)
    html, title = str(answer.get("html", "")), str(answer.get("title", ""))
    selection = Selection(Way.TEXT, title, canonical(html))
    document = document_of(selection, base=url, source=None)
    return (
        document if document.text.strip() else unreadable_document(body, url, "扫描件，未读出文字，请看原件")
    )


def _ask_worker(kind: str, body: bytes, url: str) -> dict[str, Any]:
    """Ask ``attachment_worker`` in a process of its own; it may die of its limits, we do not.

    Run as a file in isolated mode: it needs nothing of ours, and half its time would go into importing it.
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
