"""Hardened Scrapy settings; each override says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

from crawler.guard import resolver_for

if TYPE_CHECKING:
    from crawler.guard import HostGuard

MAX_SIZE = 8 * 1024 * 1024  # bytes; no rule is larger, and a page must fit in memory several times
TIMEOUT = 60.0  # seconds; Chinese government sites answer slowly from afar, a hung one must not hold a run
HANDLER = "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"
REPLAY_HANDLER = "crawler.replay.ReplayDownloadHandler"

# Middlewares from the engine's side to the downloader's. Those that Scrapy brings and that are missing here are off:
# cookies and HTTP authentication leak across hosts, meta refresh and proxies lead around the guard, HttpCompression
# would take the wire's bytes away before they are kept, the rest does nothing that we need.
MIDDLEWARES = {
    "crawler.capture.CaptureMiddleware": 100,
    "crawler.guard.GuardMiddleware": 200,
    "crawler.robots.RobotsMiddleware": 300,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "crawler.guard.GuardedRedirectMiddleware": 600,
}


class QuietLog(LogFormatter):
    """No line for each page: the run log says it."""

    def crawled(self, *_: object) -> None:  # type: ignore[override]
        return None


def user_agent(version: str, contact: str) -> str:
    """Our own name and whom to write to: never a browser's."""
    return f"zhengce/{version} (+{contact})" if contact else f"zhengce/{version}"


def scrapy_settings(guard: HostGuard, *, delay: float, replay: bool) -> dict[str, Any]:
    handler = REPLAY_HANDLER if replay else HANDLER
    return {
        # --- what a hostile page or a neighbour on this machine could use against us
        "TELNETCONSOLE_ENABLED": False,  # a Python prompt for whoever reaches the port
        "REMOTE_CONTROL_ENABLED": False,  # new in 2.19, on by default: the same in modern dress
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "file": None,  # a link to file:///etc/passwd would be read
            "data": None,  # pages that nobody published
            "ftp": None,
            "s3": None,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # 2.19 accepts any certificate by default
        "TWISTED_DNS_RESOLVER": resolver_for(guard),  # checks and connects with the same answer
        "DOWNLOAD_MAXSIZE": MAX_SIZE,  # default 1 GiB
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,  # half a page is no page
        "DOWNLOAD_TIMEOUT": TIMEOUT,
        "REDIRECT_MAX_TIMES": 5,  # default 20
        "MEMUSAGE_ENABLED": False,  # bodies are bounded by DOWNLOAD_MAXSIZE times the workers; nothing accumulates
        "COOKIES_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # HTTP_PROXY of the environment would resolve names behind the guard's back
        "ROBOTSTXT_OBEY": False,  # Scrapy's own lets waiting requests through and reads errors as "allowed"; see robots
        "REFERER_ENABLED": False,  # nobody needs to know where we came from
        # --- politeness
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0.2 if delay else 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay else 8,
        "AUTOTHROTTLE_ENABLED": False,  # the declared pace is a floor; it does not drift
        # --- retries: twice, for what may pass by itself
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 503, 504, 522, 524, 408],  # not 429: that is a request to stop
        "RETRY_EXCEPTIONS": [  # not CannotResolveHostError: a refused address shows up as one
            "scrapy.exceptions.DownloadConnectionRefusedError",
            "scrapy.exceptions.DownloadFailedError",
            "scrapy.exceptions.DownloadTimeoutError",
            "scrapy.exceptions.ResponseDataLossError",
            "twisted.internet.error.ConnectionDone",
            "twisted.internet.error.ConnectionLost",
        ],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the run log says it
        # --- cost
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": MIDDLEWARES,
        "SPIDER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES": {},
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {},
        "STATS_DUMP": False,
        "LOG_LEVEL": "WARNING",
        "LOG_FORMATTER": QuietLog,
        "LOG_VERSIONS": [],
        "SPIDER_LOADER_WARN_ONLY": True,
    }
