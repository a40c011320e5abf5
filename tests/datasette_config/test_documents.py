"""``/documents``: every filter in the address; pages that keep their place."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from bs4 import BeautifulSoup
from datasette.app import DatasetteClient

from datasette_config.pages import documents


async def asked(reader: DatasetteClient, question: str = "") -> BeautifulSoup:
    answer = await reader.get(f"/documents{question}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def listed(page: BeautifulSoup) -> list[str]:
    return [link["href"].removeprefix("/document/") for link in page.select(".results > li > a")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("?draft=yes", ["do-b1"]),
        ("?status=draft_open", ["do-b1"]),
        ("?status=not_yet_in_force&draft=no", ["do-a1"]),
        ("?q=示例网信办令第3号", ["do-a1"]),
        ("?licence=algorithm-filing&draft=no&status=not_yet_in_force", ["do-a1"]),
        ("?q=没有这样的文件", []),
    ],
)
async def test_an_address_filters(reader: DatasetteClient, question: str, expected: list[str]) -> None:
    assert listed(await asked(reader, question)) == expected


async def test_the_list_says_how_each_stands_and_is_counted(reader: DatasetteClient) -> None:
    page = await asked(reader)
    assert page.select_one("h1 small").text == f"{len(listed(page))} 份"
    first = next(item for item in page.select(".results > li") if item.a["href"] == "/document/do-a1")
    assert "尚未施行 · 2027-01-01 起" in first.text


async def test_pages_follow_one_another_without_loss_or_repetition(
    reader: DatasetteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = listed(await asked(reader, "?since=2000-01-01&q="))
    monkeypatch.setattr(documents, "PER_PAGE", 1)
    page = await asked(reader, "?since=2000-01-01")
    found = listed(page)
    while following := page.select_one('a[rel="next"]'):
        page = await asked(reader, following["href"].removeprefix("/documents"))
        found += listed(page)
    assert found == every
    assert len(every) > 1


async def test_nothing_found_leads_to_the_coverage_and_hostile_words_stay_words(
    reader: DatasetteClient,
) -> None:
    page = await asked(reader, '?q="><script>alert(1)</script>&before=<script>&draft=<script>')
    assert page.select_one('.empty a[href="/sources"]')
    assert len(page.select(".note")) == 2
    assert not page.select("script")


async def test_a_draft_is_open_on_its_last_day(filled, site):
    with closing(sqlite3.connect(filled.kb)) as writer, writer:
        for table in ("documents", "versions"):
            writer.execute(f"UPDATE {table} SET comments_until = '2026-11-24' WHERE is_draft = 1")  # noqa: S608
    answer = await site(filled).client.get("/documents?status=draft_open")
    assert "/document/do-b1" in answer.text
    assert "/document/do-b1" not in (await site(filled).client.get("/documents?status=draft_closed")).text
