"""Heads: what is known of each page of one source after the last run, so that the next run can ask "did it change?".

``captures/<source>/heads`` is a cache: it is rebuilt from the run logs when it is missing and brought up to date when
a log is newer. A head carries the key of the rules under which its fingerprint was taken; under other rules neither
its validators nor its fingerprint may be used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from kb.archive.digests import rules_key
from kb.archive.records import read_record
from kb.archive.runlog import Failed, RecordRef, RunStarted, Seen, read_run_log
from kb.codes import PageRole
from kb.errors import RunLogError, TornRecord
from kb.model import instant, page_id

_FORMAT = 1


class Head(NamedTuple):
    """The last state of one page. Instants are ISO 8601 in UTC, so that they compare as text."""

    page: str
    url: str
    role: PageRole
    status: int
    body_digest: str
    fingerprint: str
    capture: str
    kept_at: str  # when the last full record was fetched
    seen_at: str  # when the server last answered
    rules: str
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    parent: str = ""
    title: str = ""
    final_url: str = ""  # who answered, when the page redirects


def header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    """The first header of that name (in lower case), or an empty text."""
    return next((value for key, value in headers if key.lower() == name), "")


class Heads:
    """Heads of one source by page id and by address."""

    def __init__(self, folder: Path, source: str) -> None:
        self.folder, self.source = folder, source
        self._heads: dict[str, Head] = {}
        self._by_url: dict[str, str] = {}

    @classmethod
    def load(cls, folder: Path, source: str) -> Heads:
        """Heads of ``captures/<source>/``: from the cache, then from every run log that is newer than it."""
        heads = cls(folder, source)
        logs = heads._logs()
        done = heads._load_cache({log.name: log for log in logs})
        for log in logs:
            if not done or heads._order(log.name) > heads._order(done):
                heads.apply(log)
        return heads

    def _logs(self) -> list[Path]:
        return sorted(self.folder.glob("*.jsonl"), key=lambda log: self._order(log.name))

    def _order(self, log: str) -> tuple[str, int]:
        """When a run began, and the how manieth of that second it was: ``…-02.jsonl`` comes after ``….jsonl``."""
        started, number = log[:16], log.removesuffix(".jsonl")[17 + len(self.source) :].lstrip("-")
        return started, int(number) if number.isascii() and number.isdigit() else 1

    def __len__(self) -> int:
        return len(self._heads)

    def __iter__(self) -> Iterator[Head]:
        return iter(self._heads.values())

    def get(self, url: str) -> Head | None:
        """The head of an address, in whatever spelling that has the same canonical form."""
        page = self._by_url.get(url) or page_id(self.source, url)
        return self._heads.get(page)

    def expect_parts(self, event: Seen) -> None:
        """Remember what a document names, until it has answered: the run may end before it is asked."""
        for part in event.parts:
            page = page_id(self.source, part.url)
            self._expect(page, part.url, part.role, event.page, part.title)

    def expect(self, event: Failed) -> None:
        """Remember a document, attachment or image that was named and has not answered yet: nothing else may name it
        again, because its own document did not change since."""
        if event.role is not PageRole.LIST:
            self._expect(event.page, event.url, event.role, event.parent, event.title)

    def _expect(self, page: str, url: str, role: PageRole, parent: str, title: str) -> None:
        """Status 0, and nothing that could be compared."""
        if page not in self._heads:
            self.put(
                Head(
                    page,
                    url,
                    role,
                    status=0,
                    body_digest="",
                    fingerprint="",
                    capture="",
                    kept_at="",
                    seen_at="",
                    rules="",
                    parent=parent,
                    title=title,
                )
            )

    def put(self, head: Head) -> None:
        self._heads[head.page] = head
        self._by_url[head.url] = head.page

    def save(self) -> None:
        """Replace the cache in one step; a reader sees the old or the new one, whole."""
        logs = self._logs()
        newest = logs[-1] if logs else None
        data = {
            "format": _FORMAT,
            "log": newest.name if newest else "",
            "size": newest.stat().st_size if newest else 0,
            "heads": list(self._heads.values()),
        }
        temporary = self.folder / ".heads.tmp"
        with temporary.open("w", encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / "heads")

    def _load_cache(self, logs: dict[str, Path]) -> str:
        """Name of the newest log the cache knows; empty when the cache is missing, foreign or cannot be trusted."""
        try:
            data: dict[str, Any] = json.loads((self.folder / "heads").read_text("utf-8"))
            newest = str(data["log"])
            if data["format"] != _FORMAT or (newest and logs[newest].stat().st_size != data["size"]):
                return ""
            heads = [Head._make((*row[:2], PageRole(row[2]), *row[3:])) for row in data["heads"]]
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        for head in heads:
            self.put(head)
        return newest

    def apply(self, log: Path) -> None:
        """Bring the heads up to date with one run log."""
        rules, kept = "", dict[str, tuple[str, RecordRef]]()
        with suppress(RunLogError):  # the ingest reports it; what stands before the line is still known
            for _, event in read_run_log(log):
                if isinstance(event, RunStarted):
                    rules = rules_key(event.declaration_digest, event.code_digest, event.rules_digest)
                elif isinstance(event, Seen):
                    self._apply_seen(event, rules)
                    self.expect_parts(event)
                    if event.record is not None:
                        kept[event.page] = (event.capture, event.record)
                elif isinstance(event, Failed):
                    self.expect(event)
        for page, (capture, ref) in kept.items():
            if self._heads[page].capture == capture:  # an older import moves no head
                self._learn_validators(page, ref)

    def _apply_seen(self, event: Seen, rules: str) -> None:
        before, seen_at = self._heads.get(event.page), instant(event.fetched_at)
        if before is not None and before.seen_at > seen_at:
            return
        if event.record is not None:
            self.put(
                Head(
                    event.page,
                    event.url,
                    event.role,
                    event.status,
                    event.body_digest,
                    event.fingerprint,
                    event.capture,
                    kept_at=seen_at,
                    seen_at=seen_at,
                    rules=rules,
                    parent=event.parent,
                    title=event.title,
                    final_url=event.final_url,
                )
            )
        elif before is not None and before.capture == event.capture:
            self.put(before._replace(body_digest=event.body_digest, seen_at=seen_at))

    def _learn_validators(self, page: str, ref: RecordRef) -> None:
        """The log has no headers: read them from the record. A torn record forces a full capture next time."""
        head = self._heads[page]
        try:
            headers = read_record(self.folder, ref, source=self.source).headers
        except TornRecord:
            self.put(head._replace(rules="", fingerprint=""))
            return
        self.put(
            head._replace(
                content_type=header(headers, "content-type"),
                etag=header(headers, "etag"),
                last_modified=header(headers, "last-modified"),
            )
        )
