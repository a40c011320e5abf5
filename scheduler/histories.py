"""Histories of pages on disk: WARC files, saved pages and manifests, whatever ``zhengce import`` is pointed at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kb.config import BEIJING
from kb.errors import UsageError
from kb.sources import Source
from scheduler.saved import SHAPE, read_saved
from scheduler.snapshots import Item, Skipped, Snapshot, from_file, is_page_address, parse_timestamp, within
from scheduler.warcs import read_warc

__all__ = [
    "Item",
    "Skipped",
    "Snapshot",
    "parse_timestamp",
    "read_histories",
    "read_manifest",
    "read_saved",
    "read_warc",
]


@dataclass(frozen=True)
class _Line:
    file: Path
    url: str
    fetched_at: datetime
    source: str


def read_manifest(manifest: Path, base: Path) -> Iterator[Item]:
    """JSON lines {``file``, ``url``, ``fetched_at``, ``source``?}, oldest first (Beijing time without an offset); files are relative to ``base`` and lie
    below it, links followed. Raises ``UsageError``."""
    try:
        lines = manifest.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"清单无法读取：{error}", where=str(manifest), do="请检查路径，清单应为 UTF-8"
        ) from error
    entries = [
        _entry(line, base, f"{manifest} 第 {number} 行")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    for entry in sorted(entries, key=lambda entry: entry.fetched_at):
        yield from_file(entry.file, entry.url, entry.fetched_at, entry.source)


def _entry(line: str, base: Path, where: str) -> _Line:
    try:
        entry = json.loads(line)
        file, url = base / entry["file"], str(entry["url"])
        moment = datetime.fromisoformat(entry["fetched_at"])
        inside = within(file, base)
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"清单这一行无法使用：{error!r}", where=where, do="每行需要 file、url、fetched_at（ISO 8601）"
        ) from error
    if not inside:
        raise UsageError(
            f"清单指向文件夹之外的文件：{entry['file']}",
            where=where,
            do="文件应在 PATH 之下；确有需要时请把 PATH 写成包含它们的文件夹",
        )
    if not is_page_address(url):
        raise UsageError(f"网址应以 http 或 https 开头：{url}", where=where, do="请填页面的原网址")
    return _Line(
        file, url, moment if moment.tzinfo else moment.replace(tzinfo=BEIJING), str(entry.get("source") or "")
    )


def read_histories(
    path: Path, manifest: Path | None, source: Source | None, *, url: str = "", at: datetime | None = None
) -> Iterable[Item]:
    """Snapshots of whatever ``path`` is. Raises ``UsageError`` when nothing in it can be imported."""
    if url and not is_page_address(url):
        raise UsageError(f"网址应以 http 或 https 开头：{url}", where="--url", do="请填页面的原网址")
    warcs = _warcs(path) if manifest is None else []
    if (url or at) and (manifest is not None or warcs or path.suffix == ".jsonl"):
        raise UsageError(
            "--url 和 --date 只用于另存的网页", where=str(path), do="WARC 和清单自己写明网址与时间"
        )
    if manifest is not None:
        return read_manifest(manifest, path if path.is_dir() else path.parent)
    if warcs:
        return (item for warc in warcs for item in read_warc(warc))
    if path.suffix == ".jsonl" and path.is_file():
        return read_manifest(path, path.parent)
    if path.exists():
        return read_saved(path, source, url=url, at=at)
    raise UsageError(
        "没有这个文件或文件夹", where=str(path), do=f"请给 WARC 文件、网页文件、清单或文件夹；{SHAPE}"
    )


def _warcs(path: Path) -> list[Path]:
    if path.is_dir():
        return [
            file
            for kind in ("*.warc", "*.warc.gz")
            for file in sorted(path.rglob(kind))
            if within(file, path)
        ]
    return [path] if path.name.endswith((".warc", ".warc.gz")) else []
