"""ZIP: every member a heading and its text. Nothing is ever written out; archives inside archives are not opened."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from html import escape
from importlib import import_module

from kb.files.limits import MARK, Answer, LimitExceeded, read_member, unpacked

_KINDS = {".docx": "docx", ".xlsx": "xlsx", ".pdf": "pdf", ".ofd": "ofd"}
_TEXTS = (".txt", ".md", ".csv")
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_SYSTEM = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read(body: bytes, kind: str = "zip") -> Answer:  # noqa: ARG001  (one signature for all readers)
    archive = unpacked(body)
    answer, parts = Answer(), []
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_system(entry)]
    for name, entry in sorted(((name_of(entry), entry) for entry in entries), key=lambda pair: pair[0]):
        parts.append(f"<h2>{escape(name.replace(MARK, ''))}</h2>")
        html, why = _member(archive, entry, name)
        if why:
            parts.append(f"<p>{MARK}{why}</p>")
            answer.notes.append(f"{name}：{why}")
        parts.append(html)
    answer.html = "\n".join(parts)
    return answer


def name_of(entry: zipfile.ZipInfo) -> str:
    """The member's name: Windows writes Chinese names in GBK without saying so, and some tools UTF-8 without saying so."""
    if entry.flag_bits & 0x800 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _is_system(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.startswith(_SYSTEM[0]) or entry.filename.rpartition("/")[2] in _SYSTEM[1:]


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> tuple[str, str]:
    """Its markup, and why a person must look at it: the reason names the very bytes."""
    if entry.flag_bits & 1:
        return "", f"成员有密码，未读出（CRC {entry.CRC:08x}，{entry.file_size} 字节）"
    try:
        data = read_member(archive, entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        return "", f"成员损坏或压缩方式不受支持，未读出（CRC {entry.CRC:08x}）"
    html, why = _read(data, f".{name.rpartition('.')[2].lower()}")
    if not why and not html.strip():
        why = "未读出文字，请看原件"
    return html, f"{why}（SHA-256 {hashlib.sha256(data).hexdigest()[:16]}）" if why else ""


def _read(data: bytes, ending: str) -> tuple[str, str]:
    if ending in _ARCHIVES or (data.startswith(b"PK\x03\x04") and ending not in _KINDS):
        return "", "压缩包里的压缩包不予打开"
    if ending in _TEXTS:
        return _text(data), ""
    if ending not in _KINDS:
        return "", ""
    try:
        return str(import_module(f"kb.files.{_KINDS[ending]}").read(data).html), ""
    except LimitExceeded as error:
        return "", str(error)
    except Exception as error:  # one broken member does not hide the others; the process has its limits
        return "", f"文件损坏或不受支持：{type(error).__name__}"


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = data.decode("utf-8", "replace")
    return "\n".join(f"<p>{escape(line)}</p>" for line in text.replace(MARK, "").splitlines())
