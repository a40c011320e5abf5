"""WARC 1.1 records, one gzip member each, written and read through warcio.

Headers and body are kept as they came over the wire, so that any WARC reader opens them. warcio reads a torn record
silently, therefore ``read_record`` itself checks offset, length and digest before it parses a byte.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kb.archive.runlog import RecordRef
from kb.codes import Origin, PageRole
from kb.errors import TornRecord
from kb.model import Capture, instant

WARC_VERSION = "1.1"


class _WireHeaders(StatusAndHeaders):  # type: ignore[misc]  # warcio carries no types
    """Headers written byte for byte; warcio would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 - warcio's signature
        lines = [f"{self.protocol} {self.statusline}", *(f"{name}: {value}" for name, value in self.headers)]
        text = "\r\n".join(lines) + "\r\n\r\n"
        try:
            self.headers_buff = text.encode("latin-1")
        except UnicodeEncodeError:
            self.headers_buff = text.encode("utf-8")


def _record_id(*parts: str) -> str:
    """A record id that the same capture always gets, so that an archive can be compared byte for byte."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join(parts))}>"


def _append(file: BinaryIO, member: bytes) -> RecordRef:
    """Append one gzip member and force it to disk: a log line may speak of it only after that."""
    offset = file.tell()
    file.write(member)
    file.flush()
    os.fsync(file.fileno())
    return RecordRef(Path(file.name).name, offset, len(member), hashlib.sha256(member).hexdigest())


def write_info(file: BinaryIO, *, run: str, written_at: datetime, software: str) -> RecordRef:
    """The ``warcinfo`` record with which every file begins."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=WARC_VERSION)
    headers = StatusAndHeaders(
        "",
        [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", _record_id("warcinfo", run)),
            ("WARC-Filename", Path(file.name).name),
            ("WARC-Date", instant(written_at)),
        ],
        protocol=f"WARC/{WARC_VERSION}",
    )
    payload = (
        f"software: {software}\r\nformat: WARC File Format {WARC_VERSION}\r\nisPartOf: {run}\r\n".encode()
    )
    writer.write_record(
        writer.create_warc_record(
            "", "warcinfo", warc_headers=headers, payload=BytesIO(payload), length=len(payload)
        )
    )
    return _append(file, out.getvalue())


def write_record(file: BinaryIO, capture: Capture) -> RecordRef:
    """Append a capture as a ``response`` record and force it to disk."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=WARC_VERSION)
    try:
        reason = HTTPStatus(capture.status).phrase
    except ValueError:
        reason = ""
    headers = _WireHeaders(f"{capture.status} {reason}", list(capture.headers), protocol="HTTP/1.1")
    record = writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        warc_headers_dict={
            "WARC-Record-ID": _record_id(capture.capture_id, capture.url),
            "WARC-Date": instant(capture.fetched_at),
        },
        http_headers=headers,
    )
    writer.write_record(record)
    return _append(file, out.getvalue())


def read_bytes(folder: Path, ref: RecordRef) -> bytes:
    """The compressed bytes of a record; raises ``TornRecord`` unless offset, length and digest all hold."""
    where = f"{ref.file} @{ref.offset}+{ref.length}"
    if Path(ref.file).name != ref.file:
        raise TornRecord("记录所指的文件不在来源目录内", where=where, do="请检查监测日志是否被改动")
    try:
        with (folder / ref.file).open("rb") as file:
            file.seek(ref.offset)
            member = file.read(ref.length)
    except OSError as error:
        raise TornRecord(f"读不到原始记录：{error.strerror}", where=where, do="请从备份恢复该文件") from error
    if len(member) != ref.length or hashlib.sha256(member).hexdigest() != ref.digest:
        raise TornRecord("原始记录不完整：长度或摘要不符", where=where, do="请从备份恢复该文件")
    return member


def read_record(
    folder: Path,
    ref: RecordRef,
    *,
    source: str,
    role: PageRole = PageRole.DOCUMENT,
    origin: Origin = Origin.LIVE,
) -> Capture:
    """The capture a run log line refers to. Raises ``TornRecord``."""
    member = read_bytes(folder, ref)
    try:
        record = next(iter(ArchiveIterator(BytesIO(member))))
        if record.rec_type != "response" or record.http_headers is None:
            raise ValueError(f"record type {record.rec_type}")
        return Capture(
            source=source,
            url=record.rec_headers.get_header("WARC-Target-URI"),
            fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
            status=int(record.http_headers.get_statuscode()),
            headers=tuple(record.http_headers.headers),
            body=record.raw_stream.read(),
            role=role,
            origin=origin,
        )
    except (ArchiveLoadFailed, StopIteration, ValueError, EOFError) as error:
        raise TornRecord(f"原始记录无法解析：{error}", where=f"{ref.file} @{ref.offset}") from error
