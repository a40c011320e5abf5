"""One page that a person names: fetched as its source is crawled (robots.txt, guard, pace), into a folder thrown away.

What cannot be fetched is an error that says why, and nothing of it is kept: no capture, no incident, no version.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb import words
from kb.archive import Failed, Seen, read_record, read_run_log
from kb.codes import Coverage, PageRole
from kb.config import Clock, DataDirectory, Settings
from kb.errors import NotFetched
from kb.sources import Source
from scheduler.crawling import crawl
from scheduler.snapshots import Snapshot

LIMIT = 900.0
"""Seconds: a page, robots.txt before it and its attachments, at the declared pace."""


def fetch_page(
    url: str, source: Source, settings: Settings, clock: Clock, *, secrets: Iterable[str] = ()
) -> Snapshot:
    """The page as the server answered, whatever it answered. ``secrets``: environment variables that the crawl does not
    get. Raises ``NotFetched`` when there was no answer."""
    if source.coverage in {Coverage.MANUAL, Coverage.BLIND}:
        raise not_fetched(url, f"来源 {source.id} 的监测覆盖是“{words.zh(source.coverage)}”，程序不去取")
    with tempfile.TemporaryDirectory(prefix="zhengce-fetch-") as folder:
        done = crawl(
            DataDirectory(Path(folder)),
            {source.id: source},
            clock=clock,
            contact=settings.contact,
            allow_addresses=settings.allow_addresses,
            pages={source.id: (url,)},
            limit=LIMIT,
            secrets=secrets,
        )
        for event in _answers(Path(folder) / "captures" / source.id):
            if isinstance(event, Failed):
                raise not_fetched(url, f"{words.zh(event.health)}：{event.reason}")
            if event.record is not None:
                capture = read_record(Path(folder) / "captures" / source.id, event.record, source=source.id)
                return Snapshot(
                    url, capture.fetched_at, capture.status, capture.headers, capture.body, source.id
                )
    why = [outcome.failure.partition("；")[0] for outcome in done.failed]  # what follows promises another try
    raise not_fetched(url, why[0] if why else "没有得到回应")


def not_fetched(url: str, why: str) -> NotFetched:
    """``why`` is a clause in Chinese."""
    return NotFetched(f"没有取到这一页（{why}），本库没有改动", where=url, do=by_hand(url))


def by_hand(url: str) -> str:
    """What a person can always do, as a command to copy."""
    return f"用浏览器打开原站，另存网页，然后 zhengce missed {shlex.quote(url)} --file 另存的文件"


def _answers(folder: Path) -> Iterator[Seen | Failed]:
    """What came of the page itself, not of its attachments."""
    for log in sorted(folder.glob("*.jsonl")):
        for _, event in read_run_log(log):
            if isinstance(event, Seen | Failed) and event.role is PageRole.DOCUMENT:
                yield event
