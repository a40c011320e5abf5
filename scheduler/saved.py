"""Pages saved by hand: a file, or a folder of files, each with its address, its time and the document it belongs to.

``<document>/<timestamp>.<ext>`` is the history of one document; any other file is a document by itself, named by its
file name without a leading date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from kb.addresses import UNKNOWN_HOST
from kb.errors import UsageError
from kb.media import MEDIA_TYPES
from kb.model import canonical_url, instant
from kb.saved_from import saved_from
from kb.sources import Source
from scheduler.snapshots import (
    TIMESTAMP,
    Item,
    Skipped,
    beijing_midnight,
    from_file,
    parse_timestamp,
    read_bytes,
    within,
)

SHAPE = "文件夹应为 <文件名称>/<时间>.html（一份规则文件的历次快照），或若干另存的网页；可读 " + "、".join(
    sorted(suffix[1:] for suffix in MEDIA_TYPES)
)
_LEADING_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)[\s_.-]*|(\d{4})(\d{2})(\d{2})(?!\d)[\s_.-]*")
_COMPANIONS = ("_files", ".files", "_文件")
_HTML = frozenset(suffix for suffix, media in MEDIA_TYPES.items() if media == "text/html")


@dataclass(frozen=True)
class SavedFile:
    """``name`` is the document's name below the folder, ``at`` the instant of the snapshot."""

    file: Path
    name: str
    at: datetime


def read_saved(
    path: Path, source: Source | None, *, url: str = "", at: datetime | None = None
) -> Iterator[Item]:
    """The pages in ``path``; ``url`` and ``at`` are told for all of them. Raises ``UsageError``, before anything is
    given, when two files cannot be told apart or a list page would be overwritten."""
    files, skipped = _files(path)
    if not files and not skipped:
        raise UsageError("没有可导入的文件", where=str(path), do=SHAPE)
    base = path if path.is_dir() else path.parent
    saved = [_saved(file, base, at) for file in files]
    alone = len({each.name for each in saved}) == 1
    pages = [
        (url or _saved_from(each.file) or made_address(each.name, source, alone), each) for each in saved
    ]
    pages.sort(key=lambda page: (page[1].at, page[0]))
    _refuse_doubles(pages)
    for address, each in pages:
        if source is not None and is_list_page(address, source):
            skipped.append(
                Skipped(
                    f"{each.file}：{address} 是来源的栏目页，不能作为规则文件导入；请用 --url 给出原文网址"
                )
            )
        else:
            yield from_file(each.file, address, each.at)
    yield from skipped


def _files(path: Path) -> tuple[list[Path], list[Item]]:
    """The files to read and what is left out: what a browser saved beside a page, and links that lead elsewhere."""
    if path.is_file():
        return [path], []
    files: list[Path] = []
    skipped: list[Item] = []
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() not in MEDIA_TYPES or not file.is_file():
            continue
        if not within(file, path):
            skipped.append(Skipped(f"{file}：链接指向文件夹之外，未导入"))
        elif any(part.endswith(_COMPANIONS) for part in file.relative_to(path).parent.parts):
            skipped.append(Skipped())
        else:
            files.append(file)
    return files, skipped


def _saved(file: Path, base: Path, told: datetime | None) -> SavedFile:
    folder = file.parent.relative_to(base)
    document = folder.as_posix() if folder.parts else base.resolve().name
    if TIMESTAMP.fullmatch(file.stem):
        return SavedFile(file, document, told or parse_timestamp(file.stem))
    at, rest = _dated(file.stem)
    if rest:
        named = rest if file.suffix.lower() in _HTML else rest + file.suffix.lower()
        document = (folder / named).as_posix()
    saved = datetime.fromtimestamp(file.stat().st_mtime_ns / 1e9, UTC)
    return SavedFile(file, document, told or at or saved)


def _dated(stem: str) -> tuple[datetime | None, str]:
    """The day a file name begins with, and the rest of the name."""
    if match := _LEADING_DATE.match(stem):
        with suppress(ValueError):
            year, month, day = (int(part) for part in match.groups() if part)
            return beijing_midnight(date(year, month, day)), stem[match.end() :]
    return None, stem


def _saved_from(file: Path) -> str:
    return saved_from(read_bytes(file)) if file.suffix.lower() in _HTML else ""


def made_address(name: str, source: Source | None, alone: bool) -> str:
    """Where nobody says the address: the one page a source without lists declares, else one made of the name."""
    if source is not None and source.list is None:
        if alone and len(source.start) == 1:
            return source.start[0]
        for url in source.start:
            if Path(urlsplit(url).path).stem == name:
                return url
    return f"https://{UNKNOWN_HOST}/{quote(name)}"


def is_list_page(url: str, source: Source) -> bool:
    return source.list is not None and canonical_url(url) in {canonical_url(start) for start in source.start}


def _refuse_doubles(pages: list[tuple[str, SavedFile]]) -> None:
    held: dict[tuple[str, str], Path] = {}
    for address, each in pages:
        key = (canonical_url(address), instant(each.at))
        if key in held:
            raise UsageError(
                f"两份快照是同一文件、同一时刻（{instant(each.at)}），分不出先后",
                where=f"{held[key]} 与 {each.file}",
                do="请在文件名开头写上日期，如 2026-10-08 名称.html，或用 --date 逐份导入",
            )
        held[key] = each.file
