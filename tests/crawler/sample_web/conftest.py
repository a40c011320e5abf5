"""One sample web, its declarations, and a plain client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crawler.sample_web import SampleWeb, render_declarations
from crawler.sample_web.script import Site
from kb.sources import Source, load_declarations


@pytest.fixture
def web() -> Iterator[SampleWeb]:
    with SampleWeb() as web:
        yield web


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def declared(web: SampleWeb, tmp_path: Path) -> dict[str, Source]:
    render_declarations(web.port, tmp_path)
    return load_declarations([tmp_path])


def address(web: SampleWeb, site: Site, path: str) -> str:
    return f"http://{site.address}:{web.port}{path}"
