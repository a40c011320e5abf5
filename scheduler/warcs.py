"""The documents in a WARC file, content encodings undone within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from kb.errors import Undecodable, UsageError
from kb.media import MEDIA_TYPES
from kb.reading.decode import MAX_DECODED, undo_content_encoding
from scheduler.snapshots import Item, Skipped, Snapshot, is_page_address

DOCUMENT_TYPES = frozenset({*MEDIA_TYPES.values(), "application/xhtml+xml"})
DECODED = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def read_warc(file: Path) -> Iterator[Item]:
    """What the HTTP answers of a WARC file are; ``UsageError`` when it is none."""
    try:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response" and record.http_headers is not None:
                    yield _item(record, file)
    except (ArchiveLoadFailed, OSError, ValueError) as error:
        raise UsageError(f"WARC 文件无法读取：{error}", where=str(file), do="请检查文件是否完整") from error


def _item(record: Any, file: Path) -> Item:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    where = f"{file} {url}"
    if not _is_document(record, url):
        return Skipped()
    try:
        fetched_at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        return Skipped(f"{where}：记录没有可用的时间（WARC-Date），未导入")
    if fetched_at.tzinfo is None:
        fetched_at = fetched_at.replace(tzinfo=UTC)
    headers = tuple(record.http_headers.headers)
    try:
        body = undo_content_encoding(_wire_body(record), headers)
    except Undecodable as error:
        return Skipped(f"{where}：{error.what}，未导入")
    kept = tuple((name, value) for name, value in headers if name.lower() not in DECODED)
    return Snapshot(url, fetched_at.astimezone(UTC), 200, kept, body, where=where)


def _is_document(record: Any, url: str) -> bool:
    media = (record.http_headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()
    return (
        record.http_headers.get_statuscode() == "200"
        and media in DOCUMENT_TYPES
        and is_page_address(url)
        and urlsplit(url).path != "/robots.txt"
    )


def _wire_body(record: Any) -> bytes:
    """At most ``MAX_DECODED`` bytes as they came over the wire, without chunks. Raises ``Undecodable``."""
    wire = _read(record.raw_stream)
    coding = (record.http_headers.get_header("Transfer-Encoding") or "").strip().lower()
    return _read(ChunkedDataReader(BytesIO(wire))) if coding == "chunked" else wire


def _read(stream: Any) -> bytes:
    parts, left = [], MAX_DECODED + 1
    while left and (part := stream.read(min(left, 65536))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise Undecodable(f"正文超过 {MAX_DECODED // 1024 // 1024} MiB", do="请核对网址是否指向网页")
    return b"".join(parts)
