"""A served site and Debian's Chromium driven by Playwright; skipped with the reason where there is no browser or font."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from datasette_config.app import build
from kb.config import DataDirectory, Settings

CHROMIUM = Path("/usr/bin/chromium")
sys.path.append(str(Path(__file__).parents[1] / "datasette_config"))
import made_up  # noqa: E402 -- it lies in a folder of tests, outside any package


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo site over the made-up base, served by uvicorn on a free loopback port."""
    data = DataDirectory(tmp_path_factory.mktemp("site"))
    made_up.fill(data.kb)
    application = build(data, Settings(demo=True), now=made_up.NOW).app()
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the site did not start"
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not installed (apt-get install chromium fonts-noto-cjk)")
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout
    if not fonts.strip():
        pytest.skip("no Chinese font: apt-get install fonts-noto-cjk")
    with sync_playwright() as playwright:
        # its sandbox needs privileges that build machines do not give; only our own pages are opened
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Reader:
    """One reader at one screen: a tab, the site's address, and what the browser complained of on the way."""

    tab: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site; what it complains of is collected from here on."""
        self.complaints.clear()
        self.tab.goto(self.address + path)
        return self.tab


Opening = Callable[..., Reader]


@pytest.fixture
def reader(chromium: Browser, address: str) -> Iterator[Opening]:
    """``reader(width=1280, dark=False, script=True)`` opens a tab; all are closed after the test."""
    opened: list[BrowserContext] = []

    def start(*, width: int = 1280, dark: bool = False) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            has_touch=width < 500,
            locale="zh-CN",
            bypass_csp=False,
        )
        context.set_default_timeout(5000)
        opened.append(context)
        one = Reader(context.new_page(), address)
        one.tab.on("console", lambda message: one.complaints.append(message.text))
        one.tab.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.tab.on("requestfailed", lambda request: one.complaints.append(f"failed: {request.url}"))
        return one

    yield start
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")
