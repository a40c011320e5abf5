"""A rule in full whose copy on another site may only be excerpted: the page that words stand on decides."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

WORDS = "算法备案截图"


@pytest.fixture
def stranger_to_copy(filled, site):
    """``do-a1`` is published in full; the platform's page, of excerpts only, has become a copy of it."""
    with closing(sqlite3.connect(filled.kb)) as base, base:
        base.execute(
            "UPDATE pages SET document = (SELECT id FROM documents WHERE document_id = 'do-a1')"
            " WHERE page_id = 'pg-c1'"
        )
    return site(filled, public=True).client


@pytest.mark.parametrize(
    "path",
    [
        "/search?q={words}",
        "/search?q={words}&in=do-a1",
        "/search?q={words}&history=1",
        "/search.csv?q={words}",
        "/search.atom?q={words}",
        "/api/v1/search?q={words}",
        "/document/do-a1/version/ve-c1",
    ],
)
async def test_it_is_found_and_not_quoted(stranger_to_copy, made_up, path):
    answer = await stranger_to_copy.get(path.format(words=WORDS))
    assert answer.status_code == 200
    assert "do-a1" in answer.text
    around = made_up.PLATFORM_TEXT.partition(WORDS)
    assert around[0][-8:] not in answer.text
    assert around[2][:8] not in answer.text


async def test_its_passages_are_refused(stranger_to_copy):
    answer = await stranger_to_copy.get("/api/v1/documents/do-a1/passages?version=ve-c1")
    assert answer.status_code == 403
