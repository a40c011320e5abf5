"""How slowly a host is asked, and how little: one request at a time, its pace, and "only if it changed"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from kb.archive import Head

MAX_CRAWL_DELAY = 300.0  # seconds; what robots.txt may ask of us beyond that would be a refusal in disguise


def pace(job_delay: float | None, source_delay: float) -> float:
    """Seconds between two requests to one host: the job's own word (tests, replays), else the declaration's."""
    return source_delay if job_delay is None else job_delay


def conditional_headers(head: Head | None) -> dict[str, str]:
    """If-None-Match and If-Modified-Since from what the server said last time; of a page that redirects, the target's
    validators say nothing."""
    if head is None or head.status != 200 or head.final_url:
        return {}
    headers = {}
    if head.etag:
        headers["If-None-Match"] = head.etag
    if head.last_modified:
        headers["If-Modified-Since"] = head.last_modified
    return headers


def slow_down(crawler: Crawler, host: str, crawl_delay: float) -> None:
    """Honour a Crawl-delay: never faster than it, from the next request to that host on."""
    downloader = crawler.engine.downloader
    delay = min(float(crawl_delay), MAX_CRAWL_DELAY)
    slot = downloader.slots.get(host)
    current = slot.delay if slot is not None else crawler.settings.getfloat("DOWNLOAD_DELAY")
    if delay <= current:
        return
    downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0}
    if slot is not None:
        slot.delay, slot.concurrency, slot.jitter = delay, 1, 0.0
