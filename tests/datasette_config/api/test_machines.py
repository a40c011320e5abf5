"""Tables for spreadsheets, calendars, site maps, rules for robots, and the health of the site."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from datasette.app import Datasette, DatasetteClient
from icalendar import Calendar
from lxml import etree

from datasette_config.app import build
from datasette_config.knowledge import listing
from datasette_config.machines import site_map
from datasette_config.machines.export import as_csv, cell
from datasette_config.pages import export
from kb.config import DataDirectory, Settings, SiteSettings
from kb.store.connection import open_writer

MAPS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("＝1+1", "'＝1+1"),
        (" \t+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\u202e=1", "'=1"),
        ("\ufeff=1", "'=1"),
        ("第一条\r\n=1", "第一条  =1"),
        ("备案", "备案"),
        ("2026-11-24", "2026-11-24"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(given: str, shown: str) -> None:
    assert cell(given) == shown
    assert as_csv(["a"], [[given]]).startswith(b"\xef\xbb\xbf")


def table(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("path", "name", "first"),
    [
        ("/changes.csv?licence=algorithm-filing", "changes", "ch-a1"),
        ("/documents.csv?draft=yes", "documents", "示例生成内容标识规定（征求意见稿）"),
        ("/search.csv?q=年度报告", "search", "示例算法备案管理办法"),
    ],
)
async def test_lists_are_given_as_tables(reader: DatasetteClient, path: str, name: str, first: str) -> None:
    answer = await reader.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith(
        f'attachment; filename="{name}.csv"; filename*=UTF-8'
    )
    header, *rows = table(answer.content)
    assert [row[0] for row in rows] == [first]
    assert {len(row) for row in rows} == {len(header)}
    again = await reader.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_a_table_speaks_english_when_asked(reader: DatasetteClient) -> None:
    header, *_rows = table((await reader.get("/changes.csv?lang=en")).content)
    assert header[:2] == ["Change ID", "First seen (Beijing time)"]


@pytest.mark.parametrize("path", ["/changes.csv", "/documents.csv", "/search.csv?q=年度报告"])
async def test_every_row_of_a_demo_says_that_it_is_made_up(
    reader: DatasetteClient, pattern: DataDirectory, site: Callable[..., Datasette], path: str
) -> None:
    header, *rows = table((await site(pattern, demo=True).client.get(path)).content)
    assert header[-1] == "演示数据"
    assert {row[-1] for row in rows} == {"内容虚构"}
    assert {len(row) for row in rows} == {len(header)}
    assert "演示" not in (await reader.get(path)).text


async def test_calendars_lists_and_evidence_of_a_demo_say_so(
    reader: DatasetteClient, pattern: DataDirectory, site: Callable[..., Datasette]
) -> None:
    demo = site(pattern, demo=True).client
    assert "X-WR-CALNAME:演示数据，内容虚构。" in (await demo.get("/calendar.ics")).text
    assert "演示" not in (await reader.get("/calendar.ics")).text
    feed = (await demo.get("/feed.atom?lang=en")).text
    assert "<title>Demonstration data: everything is made up. Zhengce · " in feed
    for path in ("/api/v1/changes", "/api/v1/licences", "/change/ch-a1/evidence.json"):
        assert (await demo.get(path)).json()["demo"] is True, path
        assert (await reader.get(path)).json()["demo"] is False, path


async def test_a_table_says_that_there_is_more(
    reader: DatasetteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 1)
    for path in (
        "/changes.csv?until=2026-12-01",
        "/documents.csv?until=2026-12-01",
        "/search.csv?q=备案&more",
    ):
        _header, _row, last = table((await reader.get(path)).content)
        assert last == ["只列出前 1 行，其余请缩小条件后再导出。"]


async def test_a_table_counts_the_rows_it_gives_not_those_it_looked_at(
    reader: DatasetteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 1)
    monkeypatch.setattr(listing, "MOST_LOOKED", 1)
    _header, *rows = table((await reader.get("/changes.csv?status=expired")).content)
    assert rows == [["只列出前 0 行，其余请缩小条件后再导出。"]]


async def test_a_day_of_signing_is_not_called_one_of_publication(
    filled: DataDirectory, site: Callable[..., Datasette]
) -> None:
    with closing(sqlite3.connect(filled.kb)) as writer, writer:
        writer.execute(
            "UPDATE documents SET published = NULL, made = '2026-11-20' WHERE document_id = 'do-a1'"
        )
    client = site(filled).client
    header, row = table((await client.get("/documents.csv?q=算法备案")).content)
    assert row[header.index("发布日期")] == ""
    page = (await client.get("/documents?q=算法备案")).text
    assert "成文日期 2026-11-20" in page
    assert "2026-11-20 发布" not in page


async def test_hostile_cells_do_nothing(filled: DataDirectory, site: Callable[..., Datasette]) -> None:
    with sqlite3.connect(filled.kb) as writer:
        writer.execute("UPDATE changes SET headline = '=cmd|''/c calc''!A1', title = '+1'")
        writer.execute("UPDATE documents SET title = '@x', doc_number = '-1', url = 'javascript:x'")
        writer.execute("UPDATE pages SET url = 'javascript:x' || page_id")
        writer.execute("UPDATE versions SET title = '=1', doc_number = '=2'")
        writer.execute("UPDATE sources SET title = '=3'")
    client = site(filled).client
    for path in ("/changes.csv", "/documents.csv", "/search.csv?q=备案"):
        for row in table((await client.get(path)).content):
            assert not [each for each in row if each.startswith(("=", "+", "-", "@", "javascript"))]


async def test_a_table_of_something_else_than_was_asked_for_is_not_given(reader: DatasetteClient) -> None:
    assert (await reader.get("/changes.csv?kind=nothing")).status_code == 400
    assert (await reader.get("/holdings.csv")).status_code == 404


async def test_a_stranger_gets_no_text_of_a_platform_page(stranger: DatasetteClient) -> None:
    answer = await stranger.get("/search.csv?q=开头说明")
    assert "示例小程序开放类目" in answer.text
    assert "开头说明" not in answer.text


@pytest.mark.parametrize(
    ("path", "sources"),
    [
        ("/calendar.ics", {"示例算法备案管理办法 施行", "示例生成内容标识规定（征求意见稿）意见反馈截止"}),
        ("/calendar.ics?licence=algorithm-filing", {"示例算法备案管理办法 施行"}),
        ("/licence/algorithm-filing/calendar.ics", {"示例算法备案管理办法 施行"}),
    ],
)
async def test_calendars(reader: DatasetteClient, path: str, sources: set[str]) -> None:
    answer = await reader.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.text).walk("VEVENT")
    assert sources <= {str(event["summary"]) for event in events}
    again = await reader.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_there_is_no_calendar_of_nothing(reader: DatasetteClient) -> None:
    assert (await reader.get("/calendar.ics?licence=nothing")).status_code == 404
    assert (await reader.get("/licence/nothing/calendar.ics")).status_code == 404


async def test_site_maps_name_every_document_and_change(reader: DatasetteClient) -> None:
    index = etree.fromstring((await reader.get("/sitemap.xml")).content)
    named: list[str] = []
    for address in index.xpath("//s:loc/text()", namespaces=MAPS):
        part = await reader.get(address.removeprefix("http://127.0.0.1:8001"))
        assert part.status_code == 200
        assert part.headers["content-type"] == "application/xml; charset=utf-8"
        named += etree.fromstring(part.content).xpath("//s:loc/text()", namespaces=MAPS)
    assert {f"http://127.0.0.1:8001/document/do-{each}" for each in ("a1", "b1", "c1")} <= set(named)
    assert {f"http://127.0.0.1:8001/change/ch-{each}" for each in ("a1", "b1", "c1")} <= set(named)
    for address in named:
        assert (await reader.get(address.removeprefix("http://127.0.0.1:8001"))).status_code == 200, address
    assert (await reader.get("/sitemap-documents-2.xml")).status_code == 404


async def test_a_long_site_map_is_split(reader: DatasetteClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_map, "MOST", 2)
    index = (await reader.get("/sitemap.xml")).text
    assert "/sitemap-documents-2.xml" in index
    assert "/sitemap-documents-3.xml" not in index
    second = (await reader.get("/sitemap-documents-2.xml")).text
    assert second.count("<loc>") == 1


async def test_robots_are_asked_in_only_where_everybody_is(
    reader: DatasetteClient, stranger: DatasetteClient
) -> None:
    assert (await reader.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"
    said = (await stranger.get("/robots.txt")).text.splitlines()
    assert {"Disallow: /kb", "Disallow: /api/", "Disallow: /search", "Allow: /document/"} <= set(said)
    assert "Sitemap: http://127.0.0.1:8001/sitemap.xml" in said


async def test_robots_under_a_prefix(pattern: DataDirectory) -> None:
    settings = Settings(site=SiteSettings(public=True, base_url="https://example.cn/zhengce/"))
    said = (await build(pattern, settings).client.get("/robots.txt")).text
    assert "Disallow: /zhengce/kb" in said
    assert "Sitemap: https://example.cn/zhengce/sitemap.xml" in said


async def test_health_says_how_fresh_the_base_is(reader: DatasetteClient, made_up) -> None:
    found = (await reader.get("/healthz")).json()
    assert found["ok"] is True
    assert found["newest_look"] == "2026-11-23T22:43:00Z"
    age = datetime.fromisoformat(made_up.NOW) - datetime.fromisoformat(found["newest_look"])
    assert timedelta(seconds=found["age_seconds"]) == age
    assert found["schema"][:4].isdigit()
    assert found["sources"] == {
        "due": 3,
        "seen": 2,
        "unseen": 1,
        "states": {"not_watched": 1, "watched": 2},
    }


async def test_health_without_a_base_and_with_a_broken_one(
    data: DataDirectory, site: Callable[..., Datasette]
) -> None:
    empty = await site(data).client.get("/healthz")
    assert (empty.status_code, empty.json()["ok"]) == (503, False)
    data.kb.write_bytes(b"no database" * 1000)
    broken = await site(data).client.get("/healthz")
    assert (broken.status_code, broken.json()["ok"]) == (503, False)


@pytest.mark.parametrize("path", ["/feed.atom", "/changes.csv", "/calendar.ics", "/sitemap.xml"])
async def test_an_empty_base_has_nothing_to_tell(
    data: DataDirectory, site: Callable[..., Datasette], path: str
) -> None:
    open_writer(data.kb).close()
    assert (await site(data).client.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/feed.atom", "/changes.csv", "/calendar.ics", "/sitemap.xml"])
async def test_programs_are_told_to_come_again_where_nothing_was_kept(
    data: DataDirectory, site: Callable[..., Datasette], path: str
) -> None:
    assert (await site(data).client.get(path)).status_code == 503
