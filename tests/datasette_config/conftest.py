"""The site over a made-up knowledge base, in this process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from datasette.app import Datasette, DatasetteClient

from datasette_config.app import build
from kb.config import DataDirectory, Settings, SiteLimits, SiteSettings

sys.path.append(str(Path(__file__).parent))
import made_up as story


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    return story


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory, made_up: ModuleType) -> DataDirectory:
    """The filled base that tests copy, or read without changing it."""
    kept = DataDirectory(tmp_path_factory.mktemp("pattern"))
    made_up.fill(kept.kb)
    return kept


@pytest.fixture
def filled(pattern: DataDirectory, data: DataDirectory) -> DataDirectory:
    """A copy of its own for a test that changes the base."""
    shutil.copy(pattern.kb, data.kb)
    return data


@pytest.fixture(scope="session")
def site(made_up: ModuleType) -> Callable[..., Datasette]:
    def make(data: DataDirectory, *, public: bool = False, demo: bool = False) -> Datasette:
        unlimited = SiteLimits(**dict.fromkeys(SiteLimits.model_fields.keys() - {"at_once"}, "off"))
        settings = Settings(site=SiteSettings(public=public, limits=unlimited), demo=demo)
        return build(data, settings, now=made_up.NOW)

    return make


@pytest.fixture(scope="session")
def reader(pattern: DataDirectory, site: Callable[..., Datasette]) -> DatasetteClient:
    """A reader of the loopback site over the filled base."""
    return site(pattern).client


@pytest.fixture(scope="session")
def stranger(pattern: DataDirectory, site: Callable[..., Datasette]) -> DatasetteClient:
    """A reader of the public site over the same base."""
    return site(pattern, public=True).client
