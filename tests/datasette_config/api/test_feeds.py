"""Feeds are Atom documents (RFC 4287), whatever their content says, and tell of the same things under the same ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rnc2rng
from datasette.app import Datasette, DatasetteClient
from lxml import etree

from kb.config import DataDirectory

GRAMMAR = Path(__file__).with_name("atom.rnc")
ATOM = {"a": "http://www.w3.org/2005/Atom", "x": "http://www.w3.org/1999/xhtml"}
FEEDS = [
    "/feed.atom",
    "/changes.atom",
    "/changes.atom?licence=algorithm-filing&significance=substantive",
    "/changes.atom?confirmation=provisional",
    "/licence/algorithm-filing/feed.atom",
    "/licence/icp-filing/feed.atom",
    "/source/sample.wangxin.rules/feed.atom",
    "/document/do-a1/feed.atom",
    "/search.atom?q=备案",
    "/search.atom?q=没有这样的文字",
    "/search.atom",
]
HOSTILE = "<script>alert(1)</script>]]>&amp;\"'\u0000\u0008\ufffe\u202e</title><entry>"


@pytest.fixture(scope="module")
def atom() -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(rnc2rng.dumps(rnc2rng.load(str(GRAMMAR))).encode()))


def read(body: bytes, atom: etree.RelaxNG) -> etree._Element:
    """The feed, held against the grammar and against what it cannot say."""
    feed = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    assert atom.validate(feed), atom.error_log
    assert len(feed.xpath("a:link[@rel='self']", namespaces=ATOM)) == 1
    ids = feed.xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)
    for entry in feed.xpath("a:entry", namespaces=ATOM):
        assert len(entry.xpath("a:link[@rel='alternate']", namespaces=ATOM)) == 1
        assert entry.xpath("a:author/a:name/text()", namespaces=ATOM)
        assert entry.xpath("a:summary/text()", namespaces=ATOM)
    return feed


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("language", ["", "en"])
async def test_a_feed_is_a_valid_atom_document(
    reader: DatasetteClient, atom: etree.RelaxNG, path: str, language: str
) -> None:
    asked = path if not language else f"{path}{'&' if '?' in path else '?'}lang={language}"
    answer = await reader.get(asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = read(answer.content, atom)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == (language or "zh-CN")
    (own,) = feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM)
    there = urlsplit(own)
    assert (await reader.get(f"{there.path}?{there.query}")).content == answer.content
    (page,) = feed.xpath("a:link[@rel='alternate']/@href", namespaces=ATOM)
    assert urlsplit(page).path


async def test_an_entry_says_what_changed_in_its_words(reader: DatasetteClient, atom: etree.RelaxNG) -> None:
    feed = read((await reader.get("/licence/algorithm-filing/feed.atom")).content, atom)
    (entry,) = feed.xpath("a:entry", namespaces=ATOM)
    assert entry.findtext("a:id", namespaces=ATOM) == "tag:zhengce,2026:ch-a1"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-11-23T22:43:00Z"
    assert entry.findtext("a:published", namespaces=ATOM) == "2026-11-23T22:12:00Z"
    summary = entry.findtext("a:summary", namespaces=ATOM)
    assert "修改前：备案信息有变化的，备案主体应当自变化之日起十个工作日内" in summary
    assert "2027-01-01 起施行" in summary
    assert entry.xpath("a:content//x:del/text()", namespaces=ATOM) == ["十个工作日"]
    assert entry.xpath("a:content//x:ins/text()", namespaces=ATOM) == ["五个工作日"]
    assert entry.xpath("a:link[@rel='via']/@href", namespaces=ATOM) == [
        "https://wangxin.example.invalid/2026-11/23/c_0001.htm"
    ]


async def test_provisional_changes_are_told_only_when_asked_for(
    reader: DatasetteClient, atom: etree.RelaxNG
) -> None:
    async def told(path: str) -> list[str]:
        feed = read((await reader.get(path)).content, atom)
        return [each.rpartition(":")[2] for each in feed.xpath("a:entry/a:id/text()", namespaces=ATOM)]

    assert await told("/feed.atom") == ["ch-c1", "ch-a1"]
    assert await told("/changes.atom?confirmation=provisional") == ["ch-b1"]
    assert await told("/source/sample.weixin.category/feed.atom") == ["ch-c1"]
    assert await told("/search.atom?q=备案") == ["do-a1", "do-c1"]


async def test_imported_changes_are_never_told(
    filled: DataDirectory, site: Callable[..., Datasette], atom: etree.RelaxNG
) -> None:
    with sqlite3.connect(filled.kb) as writer:
        writer.execute("UPDATE changes SET origin = 'import'")
    client = site(filled).client
    for path in ("/feed.atom", "/document/do-a1/feed.atom", "/licence/algorithm-filing/feed.atom"):
        assert read((await client.get(path)).content, atom).xpath("a:entry", namespaces=ATOM) == []


async def test_what_readers_hold_already_stays_the_same_day_after_day(
    filled: DataDirectory, site: Callable[..., Datasette], monkeypatch: pytest.MonkeyPatch, made_up
) -> None:
    first = await site(filled).client.get("/feed.atom")
    monkeypatch.setattr(made_up, "NOW", "2026-11-30T09:00:00+08:00")
    later = await site(filled).client.get("/feed.atom")
    assert later.content == first.content
    held = await site(filled).client.get("/feed.atom", headers={"if-none-match": first.headers["etag"]})
    assert held.status_code == 304


@pytest.mark.parametrize("path", FEEDS)
async def test_hostile_text_stays_text(
    filled: DataDirectory, site: Callable[..., Datasette], atom: etree.RelaxNG, path: str
) -> None:
    with sqlite3.connect(filled.kb) as writer:
        writer.execute("UPDATE changes SET headline = ?, title = ?", (HOSTILE, HOSTILE))
        writer.execute(
            "UPDATE documents SET title = ?, doc_number = ?, url = 'javascript:x'", (HOSTILE, HOSTILE)
        )
        writer.execute("UPDATE documents SET issuers = json_array(?)", (HOSTILE,))
        writer.execute("UPDATE pages SET url = 'javascript:alert(1)//' || page_id")
        writer.execute("UPDATE sources SET title = ?", (HOSTILE,))
        writer.execute("UPDATE change_passages SET before = ?, after = ?, spans = '[]'", (HOSTILE, HOSTILE))
        writer.execute("UPDATE licence_tags SET licence = 'algorithm-filing'")
    answer = await site(filled).client.get(path)
    feed = read(answer.content, atom)
    assert not feed.xpath("//*[local-name() = 'script']")
    assert not feed.xpath("//@href[starts-with(., 'javascript')]")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/licence/nothing/feed.atom", 404),
        ("/source/nothing/feed.atom", 404),
        ("/document/do-ffff/feed.atom", 404),
        ("/changes.atom?kind=nothing", 400),
    ],
)
async def test_there_is_no_feed_of_nothing(reader: DatasetteClient, path: str, status: int) -> None:
    assert (await reader.get(path)).status_code == status


async def test_a_page_of_a_document_leads_to_its_feed(reader: DatasetteClient) -> None:
    answer = await reader.get("/document/pg-a1/feed.atom")
    assert answer.headers["location"] == "/document/do-a1/feed.atom"


async def test_a_stranger_gets_no_text_of_a_platform_page(stranger: DatasetteClient) -> None:
    for path in ("/feed.atom", "/search.atom?q=开头说明", "/source/sample.weixin.category/feed.atom"):
        answer = await stranger.get(path)
        assert "do-c1" in answer.text or "ch-c1" in answer.text
        assert "开头说明。" * 20 not in answer.text
