"""What one crawl of one source knows: its declaration, what was seen before, whom it may ask, and the clock."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, datetime

from crawler.guard import HostGuard
from kb.archive import CaptureWriter, Head, Heads
from kb.codes import Origin
from kb.config import BEIJING, Clock
from kb.model import canonical_url
from kb.sources import Source


@dataclass
class Session:
    source: Source
    writer: CaptureWriter
    heads: Heads
    guard: HostGuard
    clock: Clock
    headers: dict[str, str]
    origin: Origin = Origin.LIVE
    replay: str = ""
    pages: tuple[str, ...] | None = None
    unconditional: bool = False
    timeout: float = 60.0
    max_bytes: int = 256 * 1024 * 1024
    ends_at: float = float("inf")  # on the monotonic clock
    received: int = 0  # bytes of answers so far
    requested: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock.now().replace(microsecond=0)

    def today(self) -> date:
        """The calendar day in Beijing, which chooses among a declaration's rules."""
        return self.clock.now().astimezone(BEIJING).date()

    def exhausted(self) -> bool:
        """Whether the run has used up what it may fetch, and says so once: a site does not decide how much that is."""
        if self.received < self.max_bytes and time.monotonic() < self.ends_at:
            return False
        reason = "本次监测已达到下载量或时间上限，其余页面未查看"
        if reason not in self.errors:
            self.errors.append(reason)
        return True

    def first_time(self, url: str) -> bool:
        """Whether this run has not asked for an address yet; from now on it has."""
        try:
            url = canonical_url(url)
        except ValueError:  # no address at all, e.g. half an IPv6 one: no page could be known by it
            return False
        if url in self.requested:
            return False
        self.requested.add(url)
        return True

    def asked(self, url: str) -> bool:
        """Whether this run has asked for an address, in whatever spelling that has the same canonical form."""
        return canonical_url(url) in self.requested

    def validators_of(self, url: str) -> Head | None:
        return None if self.unconditional else self.writer.usable_head(url)
