from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.local_web import Desk, LocalWeb


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    server = LocalWeb()
    yield server
    server.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
