"""A served site and a browser; skipped with the reason where there is no Chromium or no Chinese font."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from datasette_config.app import build
from kb.config import DataDirectory, Settings

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent / "datasette_config")]
import chromium  # noqa: E402 -- both lie in folders of tests, outside any package
import made_up  # noqa: E402


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
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not chromium.BINARY.exists():
        pytest.skip(
            f"no browser: {chromium.BINARY} is not installed (apt-get install chromium fonts-noto-cjk)"
        )
    fonts = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout
    if not fonts.strip():
        pytest.skip("no Chinese font: apt-get install fonts-noto-cjk")
    with chromium.Chromium(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")
