"""Readers of page histories on disk: WARC files, folders ``<document>/<timestamp>.<ext>`` and manifests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from kb.errors import UsageError
from kb.media import MEDIA_TYPES, media_type
from kb.sources import Source

TIMESTAMP = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})T?(\d{2}):?(\d{2}):?(\d{2})(Z|[+-]\d{2}:?\d{2})?")
DECODED = frozenset({"content-encoding", "transfer-encoding", "content-length"})


@dataclass(frozen=True)
class Snapshot:
    """One page as somebody saved it. ``source`` is the id its manifest names, or empty."""

    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    source: str = ""


def parse_timestamp(text: str) -> datetime:
    """``2024-03-04T123033+0000`` -> instant; without an offset it is UTC. Raises ``UsageError``."""
    match = TIMESTAMP.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        *digits, offset = match.groups()
        return datetime.strptime("".join(digits) + (offset or "Z"), "%Y%m%d%H%M%S%z")
    except ValueError:
        raise UsageError(f"不是时间：{text}", do="请写成 2024-03-04T123033+0000 的形式") from None


def _from_file(file: Path, url: str, fetched_at: datetime, source: str = "") -> Snapshot:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise UsageError(f"读不到文件：{error.strerror}", where=str(file), do="请检查路径和权限") from error
    return Snapshot(url, fetched_at, 200, (("Content-Type", media_type(file)),), body, source)


def read_warc(file: Path) -> Iterator[Snapshot]:
    """The HTTP answers in a WARC file, content encodings undone. Raises ``UsageError`` when it is none."""
    try:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response" or record.http_headers is None:
                    continue
                kept = tuple((k, v) for k, v in record.http_headers.headers if k.lower() not in DECODED)
                yield Snapshot(
                    record.rec_headers.get_header("WARC-Target-URI"),
                    datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC),
                    int(record.http_headers.get_statuscode()),
                    kept,
                    record.content_stream().read(),
                )
    except (ArchiveLoadFailed, OSError, ValueError) as error:
        raise UsageError(f"WARC 文件无法读取：{error}", where=str(file), do="请检查文件是否完整") from error


def read_manifest(manifest: Path, base: Path) -> Iterator[Snapshot]:
    """JSON lines {``file``, ``url``, ``fetched_at``, ``source``?}; files are relative to ``base``."""
    try:
        lines = manifest.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"清单无法读取：{error}", where=str(manifest), do="请检查路径，清单应为 UTF-8"
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{manifest} 第 {number} 行"
        try:
            entry = json.loads(line)
            file, url, moment = (
                base / entry["file"],
                str(entry["url"]),
                datetime.fromisoformat(entry["fetched_at"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"清单这一行无法使用：{error!r}", where=where, do="每行需要 file、url、fetched_at（ISO 8601）"
            ) from error
        if urlsplit(url).scheme not in {"http", "https"}:
            raise UsageError(f"网址应以 http 或 https 开头：{url}", where=where, do="请填页面的原网址")
        yield _from_file(
            file, url, moment if moment.tzinfo else moment.replace(tzinfo=UTC), str(entry.get("source") or "")
        )


def _document_url(name: str, source: Source | None, alone: bool) -> str:
    """The address of a document folder: the declaration's own where it is clear which, else one made of its name."""
    if source is not None:
        if alone and len(source.start) == 1:
            return source.start[0]
        for url in source.start:
            if Path(urlsplit(url).path).stem == name:
                return url
    host = source.hosts[0] if source is not None else "imported.invalid"
    return f"https://{host}/{quote(name)}"


def read_folder(folder: Path, source: Source | None) -> Iterator[Snapshot]:
    """``<document>/<timestamp>.<ext>`` below ``folder``, or ``folder`` itself as the one document. Oldest first."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix.lower() in MEDIA_TYPES]
    documents = sorted({file.parent for file in files})
    for document in documents:
        url = _document_url(document.name, source, alone=len(documents) == 1)
        for file in sorted(file for file in files if file.parent == document):
            yield _from_file(file, url, parse_timestamp(file.stem))


def read_histories(path: Path, manifest: Path | None, source: Source | None) -> Iterable[Snapshot]:
    """Snapshots of whatever ``path`` is. Raises ``UsageError`` when nothing in it can be imported."""
    if manifest is not None:
        return read_manifest(manifest, path if path.is_dir() else path.parent)
    if path.is_dir():
        warcs = sorted(path.rglob("*.warc")) + sorted(path.rglob("*.warc.gz"))
        return (
            (snapshot for warc in warcs for snapshot in read_warc(warc))
            if warcs
            else read_folder(path, source)
        )
    if path.name.endswith((".warc", ".warc.gz")):
        return read_warc(path)
    if path.suffix == ".jsonl":
        return read_manifest(path, path.parent)
    if path.is_file():
        saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return [_from_file(path, _document_url(path.stem, source, alone=True), saved)]
    raise UsageError("没有可导入的内容", where=str(path), do="请给 WARC 文件、文件夹、网页文件或清单")
