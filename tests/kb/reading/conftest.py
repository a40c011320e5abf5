"""Sources and pages for the tests of reading."""

from collections.abc import Callable
from typing import Any

import pytest

from kb.sources import Source

MakeSource = Callable[..., Source]


def source_from(**declared: Any) -> Source:
    return Source.model_validate(
        {
            "id": "test.rules",
            "title": "示例来源",
            "authority": "示例局",
            "mechanism": "pages",
            "level": "regulator",
            "hosts": ["www.example.gov.cn"],
            "start": ["https://www.example.gov.cn/"],
            "publish": "full",
            "document": {"min_characters": 1},
            **declared,
        }
    )


@pytest.fixture
def make_source() -> MakeSource:
    return source_from
