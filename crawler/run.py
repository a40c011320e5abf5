"""``python -m crawler.run``: one crawl of one source. Reads a ``CrawlJob`` as JSON on standard input.

Writes ``captures/<source>/<run>.jsonl`` and, when something is kept in full, ``<run>.warc.gz``; exit code 0 when the run
log has its end line and nothing went wrong on our side, 1 when an error of ours cost a page, 2 when the job cannot be
used.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from crawler.alone import end_with, only_crawl_of
from crawler.guard import HostGuard
from crawler.politeness import pace
from crawler.replay import replay_origin
from crawler.session import Session
from crawler.settings import TIMEOUT, scrapy_settings, user_agent
from kb.archive import CaptureWriter, Heads
from kb.codes import Origin
from kb.config import BEIJING, clock_at
from kb.errors import ConfigError, ZhengceError
from kb.netguard import Guard
from kb.sources import load_declaration

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class CrawlJob(BaseModel):
    """One crawl, as the scheduler asks for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    declaration: Path
    captures: Path = Field(description="the folder that holds one folder a source")
    origin: Origin = Origin.LIVE
    replay: str | None = Field(
        default=None, description="http://host:port that answers for every declared host"
    )
    allow_addresses: tuple[str, ...] = Field(default=(), description="CIDR blocks besides public addresses")
    delay: float | None = Field(
        default=None, ge=0, description="seconds between requests to one host, instead of the declared"
    )
    now: str | None = Field(
        default=None, description="a fixed instant, ISO 8601 with offset, for every capture"
    )
    pages: tuple[str, ...] | None = Field(default=None, description="only these addresses: a second look")
    unconditional: bool = False
    contact: str = ""
    max_bytes: int = Field(default=256 * 1024 * 1024, ge=1, description="bytes of answers, then the run ends")
    max_seconds: float = Field(default=6 * 3600, gt=0, description="wall-clock time, then the run ends")

    @model_validator(mode="after")
    def _origin_fits(self) -> CrawlJob:
        if (self.origin is Origin.REPLAY) != (self.replay is not None) or self.origin is Origin.IMPORT:
            raise ValueError("origin replay and a replay address belong together; imports are not crawled")
        return self


def zhengce_version() -> str:
    try:
        return version("zhengce")
    except PackageNotFoundError:
        return "0"


def open_session(job: CrawlJob) -> Session:
    """Everything that can be wrong with a job is found here, before the first request. Raises ``ZhengceError``."""
    source = load_declaration(job.declaration)
    clock = clock_at(job.now)
    guard = HostGuard(source.hosts, Guard.from_blocks(job.allow_addresses), resolved=job.replay is None)
    replay = ""
    if job.replay is not None:
        replay = replay_origin(job.replay)
        host = replay.rpartition("//")[2].rpartition(":")[0]
        guard.guard = Guard.from_blocks([*job.allow_addresses, host])
    heads = Heads.load(job.captures / source.id, source.id)
    headers = {
        "Accept": ACCEPT,
        "Accept-Language": "zh-CN,zh;q=0.9",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": user_agent(zhengce_version(), job.contact),
        **source.headers,
    }
    writer = CaptureWriter(
        job.captures,
        source=source.id,
        origin=job.origin,
        started_at=clock.now(),
        declaration_digest=source.digest,
        rules_digest=source.rules_digest(clock.now().astimezone(BEIJING).date()),
        heads=heads,
    )
    return Session(
        source=source,
        writer=writer,
        heads=heads,
        guard=guard,
        clock=clock,
        headers=headers,
        origin=job.origin,
        replay=replay,
        pages=job.pages,
        unconditional=job.unconditional,
        timeout=TIMEOUT,
        max_bytes=job.max_bytes,
        ends_at=time.monotonic() + job.max_seconds,
    )


def crawl(job: CrawlJob) -> Session:
    """Run one crawl to its end line. Raises ``ZhengceError`` for a job that cannot be used."""
    # A proxy would resolve names itself; nothing in this process may use one.
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
    source = load_declaration(job.declaration)
    with only_crawl_of(job.captures / source.id):
        session = open_session(job)
        with session.writer:
            reason = _run_spider(job, session)
            session.writer.finished(session.now(), status=_status(session, reason))
    return session


def _status(session: Session, reason: str) -> str:
    """``partial`` when the crawl was stopped or a callback failed; empty lets the counts decide."""
    counts = session.writer.counts
    if reason != "finished" or session.errors:
        return "partial" if counts["requested"] > counts["failed"] else "failed"
    return ""


def _run_spider(job: CrawlJob, session: Session) -> str:
    """Why the spider ended: ``finished``, or what stopped it."""
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.spiders import SPIDERS

    ended = ["not started"]
    delay = pace(job.delay, session.source.delay_seconds)
    process = AsyncCrawlerProcess(scrapy_settings(session.guard, delay=delay, replay=bool(session.replay)))
    crawler = process.create_crawler(SPIDERS[session.source.mechanism])

    def closed(reason: str) -> None:
        ended[0] = reason

    crawler.signals.connect(closed, signals.spider_closed)
    # Thousands of pages live shortly and hold no cycles: what is loaded now is never garbage, and full collections
    # cost a tenth of a crawl.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    task = process.crawl(crawler, session=session)
    process.start()
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        raise error
    return ended[0]


def main(read: Callable[[], str] = sys.stdin.read) -> int:
    try:
        try:
            job = CrawlJob.model_validate_json(read())
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            key = ".".join(str(part) for part in first["loc"]) or "（整个任务）"
            raise ConfigError(f"监测任务 {key} 有误：{first['msg']}", where="stdin") from error
        end_with(os.getppid())
        session = crawl(job)
    except ZhengceError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    for message in dict.fromkeys(session.errors):
        print(f"{session.source.id}：{message}", file=sys.stderr)
    return 1 if session.errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
