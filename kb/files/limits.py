"""What a foreign file may cost, and the shape of an answer."""

from __future__ import annotations

import io
import resource
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

CPU_SECONDS = 40
MEMORY = 1 << 30
MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 2_000  # a member that unpacks to so many times its size is a bomb; office XML stays below 200
MAX_ENTRIES = 5_000
MAX_PAGES = 2_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_NESTED_TABLES = 10

MARK = "\ue0ff"
"""Opens a line that stands for a picture: ``MARK + words``. Private to worker and reader, taken out of foreign text."""


class LimitExceeded(Exception):
    """The file is refused; the message, in Chinese, says why."""


@dataclass
class Answer:
    """``html``: simple markup. ``notes``: what was left out or could not be read, in Chinese, for people.
    ``printed``: a browser's print of a web page, with the page's own frame around its text."""

    html: str = ""
    title: str = ""
    notes: list[str] = field(default_factory=list)
    printed: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"title": self.title, "html": self.html, "notes": self.notes, "printed": self.printed}


def limit_process() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def unpacked(body: bytes) -> zipfile.ZipFile:
    """The archive, when what it says of itself is within the limits. ``read_member`` holds it to its word."""
    archive = zipfile.ZipFile(io.BytesIO(body))
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise LimitExceeded(f"压缩包超出限额：成员超过 {MAX_ENTRIES} 个")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise LimitExceeded(f"压缩包解开后超出限额（{MAX_UNPACKED >> 20} MiB）")
    if any(entry.file_size > MAX_RATIO * max(entry.compress_size, 512) for entry in entries):
        raise LimitExceeded(f"压缩包超出限额：有成员解开后大于原来的 {MAX_RATIO} 倍")
    return archive


def read_member(archive: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> bytes:
    """The bytes of one member, at most what the limit allows whatever its head claims."""
    with archive.open(name) as member:
        data = member.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise LimitExceeded(f"压缩包解开后超出限额（{MAX_UNPACKED >> 20} MiB）")
    return data


def parse_xml(data: bytes) -> etree._Element:
    """Without entities, network or the parser's larger limits."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    return etree.fromstring(data, parser)
