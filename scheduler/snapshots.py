"""One page as somebody saved it, and what every reader of saved pages needs: times, addresses, bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from urllib.parse import urlsplit

from kb.config import BEIJING
from kb.errors import UsageError
from kb.media import media_type

TIMESTAMP = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})T?(\d{2}):?(\d{2}):?(\d{2})(Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True)
class Snapshot:
    """``source`` is the id its manifest names, or empty; ``where`` is the file or record it came from, for a person."""

    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    source: str = ""
    where: str = ""


@dataclass(frozen=True)
class Skipped:
    """Something that was left out: ``problem`` says why, empty for what is no document at all (a picture, a script)."""

    problem: str = ""


Item = Snapshot | Skipped


def parse_timestamp(text: str) -> datetime:
    """``2024-03-04T123033+0000`` -> instant; Beijing time without an offset. Raises ``UsageError``."""
    match = TIMESTAMP.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        *digits, offset = match.groups()
        return datetime.strptime("".join(digits) + (offset or "+0800"), "%Y%m%d%H%M%S%z")
    except ValueError:
        raise UsageError(f"不是时间：{text}", do="请写成 2024-03-04T123033+0000 的形式") from None


def beijing_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)


def parse_moment(text: str) -> datetime:
    """An ISO 8601 date (its first instant in Beijing) or instant (Beijing time without an offset). Raises ``UsageError``."""
    try:
        parsed = datetime.fromisoformat(text)
        moment = parsed if parsed.tzinfo else parsed.replace(tzinfo=BEIJING)
        moment.timestamp()
    except (ValueError, OverflowError):
        raise UsageError(
            f"不是日期或时刻：{text}", do="请写成 2026-10-08 或 2026-10-08T09:30:00+08:00 的形式"
        ) from None
    return moment


def is_page_address(url: str) -> bool:
    """Whether this is an http(s) address with a host, and without a login: addresses are published."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and not re.search(r"\s", url)
    )


def read_bytes(file: Path) -> bytes:
    """Raises ``UsageError``."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"读不到文件：{error.strerror}", where=str(file), do="请检查路径和权限") from error


def from_file(file: Path, url: str, fetched_at: datetime, source: str = "") -> Snapshot:
    """Raises ``UsageError`` for a file that cannot be read or is of no known type."""
    headers = (("Content-Type", media_type(file)),)
    return Snapshot(url, fetched_at, 200, headers, read_bytes(file), source, where=str(file))


def within(file: Path, base: Path) -> bool:
    """Whether a file, links followed, lies below the folder that was named."""
    return file.resolve().is_relative_to(base.resolve())
