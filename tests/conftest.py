"""Fixtures every room shares."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of development sets beside the checkout; the project itself never needs it."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the development sets (../shared) are not beside this checkout")
    return SHARED
