"""Hostile words in every field a site can take from a watched page or from a request."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'"{{7*7}}{%raw%}</title>'
PAGES = [
    "/",
    "/change/ch-a1",
    "/document/do-a1",
    "/document/do-a1/compare?from=ve-a1&to=ve-a2",
    "/documents",
    "/sources",
    "/incidents",
    "/licence/algorithm-filing",
    "/search?q=script",
    "/kb/changes",
    "/kb/documents",
    "/kb/changes/1",
]


@pytest.fixture
def poisoned(filled, made_up):
    base = made_up.Base(filled.kb)
    for table, columns in {
        "documents": ("title", "doc_number"),
        "changes": ("headline", "title", "reason"),
        "change_passages": ("anchor", "anchor_before", "before", "after"),
        "passages": ("anchor", "ordinal", "text"),
        "sources": ("title", "authority"),
        "licence_tags": ("evidence", "reason"),
        "versions": ("title",),
        "pages": ("title",),
    }.items():
        for column in columns:
            base.connection.execute(f"UPDATE {table} SET {column} = ?", (ATTACK,))  # noqa: S608
    for statement in (
        "UPDATE documents SET url = 'javascript:alert(1)', issuers = json_array(?1)",
        "UPDATE pages SET url = 'javascript:alert(1)//' || id || ?1",
        "UPDATE sources SET homepage = 'data:text/html,' || ?1",
        "UPDATE incidents SET reasons = json_array(?1)",
    ):
        base.connection.execute(statement, (ATTACK,) if "?1" in statement else ())
    base.close()
    return filled


@pytest.mark.parametrize("path", PAGES)
async def test_what_a_watched_page_says_is_only_text(poisoned, site, path):
    datasette = site(poisoned)
    answer = await datasette.client.get(path)
    assert answer.status_code == 200
    page = Html(answer.text)
    assert "alert(1)</script>" not in answer.text
    assert not page.css("img[onerror], [onerror]")
    assert "49" not in page.css_first("title").text()
    if not path.startswith("/kb"):
        assert not page.css("script")
        linked = [node.attributes.get("href") or "" for node in page.css("a")]
        assert all(href.startswith(("/", "#", "http://", "https://")) for href in linked)


async def test_the_attack_did_reach_the_page(poisoned, site):
    datasette = site(poisoned)
    assert ATTACK in Html((await datasette.client.get("/change/ch-a1")).text).css_first("h1").text()


async def test_the_feed_stays_xml(poisoned, site):
    from lxml import etree

    datasette = site(poisoned)
    feed = etree.fromstring((await datasette.client.get("/feed.atom")).content)
    titles = feed.xpath("//a:entry/a:title/text()", namespaces={"a": "http://www.w3.org/2005/Atom"})
    assert any(ATTACK in title for title in titles)


async def test_characters_that_xml_forbids_do_not_break_the_feed(filled, site, made_up):
    from lxml import etree

    base = made_up.Base(filled.kb)
    base.connection.execute("UPDATE changes SET headline = ?", ("第二十四条\x0b\x0c\ufffe改了",))
    base.close()
    datasette = site(filled)
    etree.fromstring((await datasette.client.get("/feed.atom")).content)


@pytest.mark.parametrize(
    "query",
    [
        ATTACK,
        '"',
        "(",
        ")",
        "AND",
        "NEAR(a b)",
        "title:备案",
        "' or 1=1 --",
        "-备案",
        "*",
        "备案*",
        "a" * 200,
        "“未闭合",
        "\x00",
        "备案\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "; DROP TABLE documents",
        "%",
        "_",
    ],
)
async def test_no_query_breaks_the_search(reader, query):
    answer = await reader.get("/search", params={"q": query})
    page = Html(answer.text)
    assert answer.status_code == 200
    assert not page.css("script, img, [onerror]")


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "1.5", "²", ""])
async def test_odd_page_numbers_are_pages(reader, page):
    for path in ("/search?q=备案&page=", "/documents?page="):
        assert (await reader.get(path + page)).status_code == 200
