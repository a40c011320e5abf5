"""Watched pictures as people may look at them: found in the captures, decoded in a process of its own, given as a PNG of
our own making. The bytes that a site sent never reach a reader."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from datasette_config.site import TooSlow
from kb.archive import RecordRef, read_record
from kb.codes import PageRole
from kb.config import DataDirectory
from kb.errors import AttachmentUnreadable, NotFound, TornRecord, Undecodable
from kb.reading.attachments import shown_image
from kb.reading.decode import undo_content_encoding

KEPT = 32 * 1024 * 1024
"""Bytes of pictures held in memory; one has at most 6 MiB."""

WAITING = 8


class Pictures:
    """Pictures by the digest of their bytes, the last asked for kept. One is made at a time, beside the event loop."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept, self._limit, self._size, self._queued = OrderedDict[str, bytes](), kept, 0, 0
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    async def of(self, database: Path, row: dict[str, Any]) -> bytes:
        """The picture of a capture (a row of ``knowledge.picture``) as PNG. Raises ``NotFound`` where the record is torn or
        no picture within the limits, ``TooSlow`` when too many readers already wait."""
        digest = row["body_digest"]
        if digest in self._kept:
            self._kept.move_to_end(digest)
            return self._kept[digest]
        if self._queued >= WAITING:
            raise TooSlow
        self._queued += 1
        try:
            png = await asyncio.get_running_loop().run_in_executor(self._worker, _made, database, row)
        finally:
            self._queued -= 1
        self._keep(digest, png)
        return png

    def _keep(self, digest: str, png: bytes) -> None:
        if digest in self._kept or len(png) > self._limit:
            return
        self._kept[digest] = png
        self._size += len(png)
        while self._size > self._limit:
            self._size -= len(self._kept.popitem(last=False)[1])


def _made(database: Path, row: dict[str, Any]) -> bytes:
    folder = DataDirectory(database.parent).captures / row["source_id"]
    ref = RecordRef(row["record_file"], row["record_offset"], row["record_length"], row["record_digest"])
    try:
        capture = read_record(folder, ref, source=row["source_id"], role=PageRole.IMAGE)
        return shown_image(undo_content_encoding(capture.body, capture.headers), row["url"])
    except (TornRecord, AttachmentUnreadable, Undecodable) as error:
        raise NotFound(f"没有可显示的图片：{row['capture_id']}") from error
