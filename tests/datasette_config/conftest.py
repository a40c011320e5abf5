"""The site over a made-up knowledge base, in this process."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import ModuleType

import pytest
import pytest_asyncio
from datasette.app import Datasette, DatasetteClient

from datasette_config.app import build
from kb.config import DataDirectory, Settings, SiteSettings


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made_up() -> ModuleType:
    return _load("made_up")


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path)


@pytest.fixture
def filled(data: DataDirectory, made_up: ModuleType) -> DataDirectory:
    made_up.fill(data.kb)
    return data


def _site(data: DataDirectory, made_up: ModuleType, **settings: bool) -> Datasette:
    public = settings.pop("public", False)
    return build(data, Settings(site=SiteSettings(public=public), **settings), now=made_up.NOW)


@pytest.fixture
def site(made_up: ModuleType) -> Callable[..., Datasette]:
    def make(data: DataDirectory, **settings: bool) -> Datasette:
        return _site(data, made_up, **settings)

    return make


@pytest_asyncio.fixture
async def reader(filled: DataDirectory, made_up: ModuleType) -> AsyncIterator[DatasetteClient]:
    """A reader of the loopback site over the filled base."""
    datasette = _site(filled, made_up)
    await datasette.invoke_startup()
    yield datasette.client


@pytest_asyncio.fixture
async def stranger(filled: DataDirectory, made_up: ModuleType) -> AsyncIterator[DatasetteClient]:
    """A reader of the public site over the same base."""
    datasette = _site(filled, made_up, public=True)
    await datasette.invoke_startup()
    yield datasette.client
