"""Answers are given again while nothing was written; a write, another reader or another minute makes new ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from datasette.app import Datasette

from datasette_config import knowledge
from kb.config import DataDirectory


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents for which kb.db was asked."""
    found: list[str] = []
    ask = knowledge.document

    def counting(connection, document_id):
        found.append(document_id)
        return ask(connection, document_id)

    monkeypatch.setattr(knowledge, "document", counting)
    return found


async def test_the_same_page_is_made_once_until_something_is_written(
    filled: DataDirectory, site: Callable[..., Datasette], asked: list[str]
) -> None:
    client = site(filled).client
    first = await client.get("/document/do-a1")
    assert (await client.get("/document/do-a1")).text == first.text
    assert len(asked) == 1
    with sqlite3.connect(filled.kb) as writer:
        writer.execute("UPDATE documents SET doc_number = '示例网信办令第4号'")
    changed = await client.get("/document/do-a1")
    assert len(asked) == 2
    assert "示例网信办令第4号" in changed.text
    assert changed.headers["etag"] != first.headers["etag"]


async def test_another_language_is_another_page(
    filled: DataDirectory, site: Callable[..., Datasette], asked: list[str]
) -> None:
    client = site(filled).client
    assert 'lang="en"' in (await client.get("/document/do-a1?lang=en")).text
    assert '<html lang="zh-CN">' in (await client.get("/document/do-a1")).text
    assert len(asked) == 2


async def test_who_holds_the_same_bytes_is_sent_none(
    filled: DataDirectory, site: Callable[..., Datasette]
) -> None:
    client = site(filled).client
    first = await client.get("/feed.atom")
    again = await client.get("/feed.atom", headers={"if-none-match": f'W/{first.headers["etag"]}, "x"'})
    assert again.status_code == 304
    assert not again.content
    assert again.headers["etag"] == first.headers["etag"]
    assert (await client.get("/feed.atom", headers={"if-none-match": '"x"'})).status_code == 200


async def test_a_page_that_does_not_exist_is_asked_for_each_time(
    filled: DataDirectory, site: Callable[..., Datasette]
) -> None:
    client = site(filled).client
    assert (await client.get("/document/do-0")).status_code == 404
    assert "etag" not in (await client.get("/document/do-0")).headers


async def test_what_could_not_be_answered_is_not_kept(filled, site):
    reader = site(filled, public=True).client
    for path, status in (("/api/v1/changes/ch-ffff", 404), ("/api/v1/documents/do-c1/passages", 403)):
        answer = await reader.get(path)
        assert answer.status_code == status
        assert "etag" not in answer.headers
