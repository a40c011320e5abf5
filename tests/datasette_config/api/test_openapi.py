"""The API is what its OpenAPI document says: schemathesis asks every operation, with data that fits and data that does not."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import schemathesis
from datasette.app import DatasetteClient
from hypothesis import strategies
from schemathesis.python.asgi import HOST
from schemathesis.specs.openapi.checks import positive_data_acceptance

from datasette_config.api.cursors import encode
from datasette_config.api.description import described
from datasette_config.api.operations import OPERATIONS
from datasette_config.app import build
from kb.config import DataDirectory, Settings, SiteLimits, SiteSettings

ADDRESS = f"http://{HOST}"
CONFIGURED = {
    "seed": 20261124,
    "generation": {"deterministic": True, "max-examples": 25, "mode": "all"},
    # no schema can say how long an address may be (414)
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "414"]},
        "negative_data_rejection": {"expected-statuses": ["400", "404", "414"]},
    },
}
CURSORS = [
    encode(("2026-11-24T00:00:00Z", "ch-a1")),
]


class _Site:
    """The site that the fixture opens: the operations are known before there is one."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


SITE = _Site()
UNSAID = {"cursor", "until"}
"""No schema can say which cursors a list gave, nor that one day is after another."""
schemathesis.openapi.format("cursor", strategies.sampled_from(CURSORS))
API = schemathesis.openapi.from_dict(described(ADDRESS), config=schemathesis.Config.from_dict(CONFIGURED))
API.app = SITE


@pytest.fixture(scope="module", autouse=True)
def _open_site(pattern: DataDirectory, made_up: ModuleType) -> Iterator[None]:
    """A public site over the made-up base, in this process."""
    unbounded = SiteLimits(**dict.fromkeys(SiteLimits.model_fields, "off") | {"at_once": 16})
    settings = Settings(site=SiteSettings(public=True, base_url=ADDRESS, limits=unbounded))
    SITE.app = build(pattern, settings, now=made_up.NOW).app()
    yield
    SITE.app = None


@API.parametrize()
def test_every_operation_answers_as_described(case: schemathesis.Case) -> None:
    answer = case.call()
    beyond = answer.status_code == 400 and {each["parameter"] for each in answer.json()["faults"]} <= UNSAID
    case.validate_response(answer, excluded_checks=[positive_data_acceptance] if beyond else [])


async def test_the_document_describes_every_operation_and_parameter(reader: DatasetteClient) -> None:
    document = (await reader.get("/api/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {operation.path for operation in OPERATIONS}
    for operation in OPERATIONS:
        said = document["paths"][operation.path]["get"]
        assert said["summary"]
        assert [each["name"] for each in said["parameters"]] == [
            *(parameter.name for parameter in operation.parameters),
            "lang",
        ]
