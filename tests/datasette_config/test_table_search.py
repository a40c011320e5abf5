"""The search box of the table pages finds what /search finds, and nobody reads the index."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser as Html


async def found(client, table, asked, key):
    answer = await client.get(f"/kb/{table}.json", params={"_search": asked, "_shape": "objects"})
    assert answer.status_code == 200, answer.text
    return {row[key] for row in answer.json()["rows"]}


@pytest.mark.parametrize("asked", ["五个工作日", "第24条", "算备"])
async def test_documents_are_found_by_their_words_in_any_writing(reader, asked):
    assert "do-a1" in await found(reader, "documents", asked, "document_id")


async def test_what_stands_no_more_is_not_found(reader):
    assert await found(reader, "documents", "十个工作日", "document_id") == set()


async def test_changes_are_found_by_the_rule_they_are_of(reader):
    assert await found(reader, "changes", "五个工作日", "change_id") == {"ch-a1"}


async def test_passages_are_found_where_they_may_be_read(reader, stranger):
    assert await found(reader, "passages", "五个工作日", "anchor") == {"第二十四条"}
    assert (await stranger.get("/kb/passages?_search=备案")).status_code == 403


async def test_the_page_has_the_box_with_what_was_asked(reader):
    page = Html((await reader.get("/kb/documents", params={"_search": '备案 "信息"'})).text)
    assert page.css_first("input[name=_search]").attributes["value"] == '备案 "信息"'
    assert "文中有" in page.body.text()
    assert Html((await reader.get("/kb/sources")).text).css_first("input[name=_search]") is None


@pytest.mark.parametrize(
    "asked", ['"', "(", "AND", "NEAR(a b)", "title:备案", "' or 1=1", "*", "\x00", "备" * 200]
)
async def test_hostile_queries_get_a_page(reader, asked):
    assert (await reader.get("/kb/documents", params={"_search": asked})).status_code == 200


@pytest.mark.parametrize(
    "question",
    [
        "_fts_table=passages_fts&_search=a",
        "_search_title=a",
        "_searchmode=raw&_search=a",
        "_fts_pk=id&_search=a",
    ],
)
async def test_no_other_index_and_no_syntax_of_it(reader, question):
    assert (await reader.get(f"/kb/documents?{question}")).status_code == 400


@pytest.mark.parametrize("table", ["passages_fts", "passages_fts_content", "passages_fts_data"])
async def test_the_index_stays_denied(reader, table):
    assert (await reader.get(f"/kb/{table}.json")).status_code == 403
