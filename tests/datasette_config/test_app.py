"""Starting the site: which addresses make it a public one, and that it answers over a real socket."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.error import URLError

import pytest

from datasette_config.app import build, is_loopback, reached_at
from datasette_config.site import site_of
from kb.config import Settings, SiteSettings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_hosts(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "10.0.0.1", "example.invalid", "127.0.0.1.example.invalid", ""],  # noqa: S104
)
def test_any_other_host_is_public(host):
    assert not is_loopback(host)


def test_settings_reach_the_pages(data):
    settings = Settings(demo=True, site=SiteSettings(public=True, base_url="https://zc.example.invalid/"))
    site = site_of(build(data, settings, now="2026-11-24T09:00:00+08:00"))
    assert (site.demo, site.public, site.base_url) == (True, True, "https://zc.example.invalid")
    assert site.now == "2026-11-24T09:00:00+08:00"


@pytest.mark.parametrize(
    ("served", "reached"),
    [
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://[::1]:8765", "http://[::1]:8765"),
        ("http://0.0.0.0:8765", "http://127.0.0.1:8765"),
        ("http://[::]:8765", "http://127.0.0.1:8765"),
    ],
)
def test_readers_are_sent_where_it_is_really_served(served, reached):
    assert reached_at(Settings(), served).site.base_url == reached


def test_a_base_url_that_was_set_stands_whatever_the_port():
    for said in ("https://rules.example.invalid/zhengce", "http://127.0.0.1:8001"):
        settings = Settings(site=SiteSettings(base_url=said))
        assert reached_at(settings, "http://127.0.0.1:8765").site.base_url == said


def test_ops_db_is_never_opened(filled):
    filled.ops.write_bytes(b"private")
    assert [name for name in build(filled, Settings()).databases if not name.startswith("_")] == ["kb"]


SERVE = """
import sys
from pathlib import Path
from datasette_config.app import run
from kb.config import DataDirectory, Settings
run(DataDirectory(Path(sys.argv[1])), Settings(), "127.0.0.1", int(sys.argv[2]))
"""


@pytest.mark.slow
def test_serves_and_ends_on_sigterm(filled):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(filled.root), str(port)])
    try:
        healthy = _healthy(f"http://127.0.0.1:{port}/healthz")
        assert isinstance(healthy, dict)
        assert healthy["ok"] is True
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) in {0, -signal.SIGTERM}
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _healthy(url: str) -> object:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                return json.load(answer)
        except URLError:
            time.sleep(0.1)
    return None
