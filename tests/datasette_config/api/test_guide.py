"""The page that explains the API, and the feeds that pages name."""

from __future__ import annotations

import re
import shlex
from urllib.parse import urlsplit

import pytest
from datasette.app import DatasetteClient
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.api.operations import OPERATIONS
from datasette_config.api.problems import KINDS
from datasette_config.machines.discovery import feed_beside


async def test_the_guide_explains_every_operation_and_problem(reader: DatasetteClient) -> None:
    page = Html((await reader.get("/api")).text)
    assert {operation.name for operation in OPERATIONS} <= {
        node.attributes["id"] for node in page.css("section[id]")
    }
    assert {node.attributes["id"] for node in page.css("dt[id]")} == set(KINDS)


async def test_the_examples_can_be_asked(reader: DatasetteClient) -> None:
    page = Html((await reader.get("/api")).text)
    examples = [node.text() for node in page.css("pre code")]
    assert len(examples) > len(OPERATIONS)
    for example in examples:
        address = urlsplit(shlex.split(example)[-1])
        answer = await reader.get(f"{address.path}?{address.query}")
        held = re.search(r"ch-4f1a|pg-a1b2|miit", address.path) is None
        assert answer.status_code == (200 if held else 404), example


@pytest.mark.parametrize(
    ("path", "query", "feed"),
    [
        ("/licence/icp-license", "", "/licence/icp-license/feed.atom"),
        ("/source/miit.policy", "lang=en", "/source/miit.policy/feed.atom"),
        ("/document/pg-a1", "as-of=2026-01-01", "/document/pg-a1/feed.atom"),
        ("/document/pg-a1/compare", "", ""),
        ("/changes", "", ""),
        ("/changes", "lang=en&before=x", ""),
        (
            "/changes",
            "licence=icp-license&licence=edi-license",
            "/changes.atom?licence=icp-license&licence=edi-license",
        ),
        ("/search", "q=%E5%A4%87%E6%A1%88&page=2", "/search.atom?q=%E5%A4%87%E6%A1%88"),
        ("/search", "syn=0", ""),
        ("/", "", ""),
    ],
)
def test_the_feed_beside_a_page(path: str, query: str, feed: str) -> None:
    assert feed_beside(path, query) == feed


@pytest.mark.parametrize("path", ["/licence/algorithm-filing", "/document/do-a1", "/changes?kind=amended"])
async def test_pages_name_their_feeds(reader: DatasetteClient, path: str) -> None:
    page = Html((await reader.get(path)).text)
    named = [node.attributes["href"] for node in page.css("link[rel=alternate][type='application/atom+xml']")]
    assert named[0] == "/feed.atom"
    assert (await reader.get(named[1])).headers["content-type"].startswith("application/atom+xml")


async def test_what_is_not_there_is_said_to_have_no_feed(reader: DatasetteClient) -> None:
    answer = await reader.get("/document/do-ffff")
    assert answer.status_code == 404
    assert "/document/do-ffff/feed.atom" not in answer.text
    assert "/document/do-a1/feed.atom" in (await reader.get("/document/do-a1")).text


async def test_the_feed_of_a_filtered_list_is_called_by_its_filter(reader: DatasetteClient) -> None:
    said = (await reader.get("/changes.atom?licence=algorithm-filing&kind=amended")).text
    assert "<title>证策 · 变动：算法备案 · " in said
