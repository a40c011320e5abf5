"""An id that another one swallowed leads to that one for good, in the reader's language and under the site's prefix."""

from __future__ import annotations

import pytest
from made_up_base import Base

from datasette_config.app import build
from kb.config import DataDirectory, Settings, SiteSettings

PREFIX = "/zhengce"
OLD = [
    ("/change/ch-01", "/change/ch-a1"),
    ("/change/ch-02/evidence.json", "/change/ch-a1/evidence.json"),
    ("/document/do-01", "/document/do-a1"),
    ("/document/do-01?as-of=2026-11-22", "/document/do-a1?as-of=2026-11-22"),
    ("/document/do-01/compare?from=ve-a1&to=ve-a2", "/document/do-a1/compare?from=ve-a1&to=ve-a2"),
    ("/document/do-01/feed.atom", "/document/do-a1/feed.atom"),
    ("/document/pg-a1", "/document/do-a1"),
    ("/api/v1/changes/ch-01", "/api/v1/changes/ch-a1"),
    ("/api/v1/documents/do-01", "/api/v1/documents/do-a1"),
    ("/api/v1/documents/do-01/passages", "/api/v1/documents/do-a1/passages"),
    ("/api/v1/documents/do-01/versions", "/api/v1/documents/do-a1/versions"),
]


@pytest.fixture
def swallowed(filled: DataDirectory) -> DataDirectory:
    """A document that took over the id of another, which had taken over one before."""
    base = Base(filled.kb)
    base.add("redirects", from_id="do-00", to_id="do-01", kind="document", page=1)
    base.add("redirects", from_id="do-01", to_id="do-a1", kind="document", page=1)
    base.close()
    return filled


@pytest.mark.parametrize(("asked", "known"), [*OLD, ("/document/do-00", "/document/do-a1")])
@pytest.mark.parametrize(("prefix", "english"), [("", False), (PREFIX, False), (PREFIX, True)])
async def test_a_swallowed_id_leads_on(
    swallowed: DataDirectory, asked: str, known: str, prefix: str, english: bool
) -> None:
    settings = Settings(site=SiteSettings(base_url=f"https://zc.example.invalid{prefix}/"))
    client = build(swallowed, settings).client
    machine = asked.startswith("/api/")
    if english:
        asked += "&lang=en" if "?" in asked else "?lang=en"
        known += "" if machine else "&lang=en" if "?" in known else "?lang=en"
    answer = await client.get(asked)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (
        301,
        prefix + known.partition("?")[0],
    )
    if not machine:
        assert answer.headers["location"] == prefix + known
    there = await client.get(answer.headers["location"].removeprefix(prefix))
    assert there.status_code == 200
