"""Which media type a file on disk stands for, where no server said so."""

from __future__ import annotations

from pathlib import Path

from kb.errors import UsageError

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".json": "application/json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
}


def media_type(path: Path) -> str:
    """Raises ``UsageError`` for an extension that cannot be read."""
    try:
        return MEDIA_TYPES[path.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"不认识的文件类型：{path.suffix or '（无扩展名）'}",
            where=str(path),
            do="可读 " + "、".join(sorted(suffix[1:] for suffix in MEDIA_TYPES)),
        ) from None
