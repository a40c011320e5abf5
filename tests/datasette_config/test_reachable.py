"""Only what we publish is reachable: every route is ours or reviewed here, and strangers get excerpts on all of them."""

from __future__ import annotations

import json

import pytest
from addresses import every_address
from httpx import Response

from datasette_config.guard.security import ALWAYS
from datasette_config.pages import ROUTES

FROM_THE_MIDDLE = "开头说明。" * 16
"""More of a platform page than stands around any of its changes."""

OF_DATASETTE = {
    r"/(\.(?P<format>jsono?))?$": ("/.json", "/.jsono"),
    "/favicon.ico": ("/favicon.ico",),
    r"/-/static/(?P<path>.*)$": ("/-/static/app.css", "/-/static/../app.py", "/-/static/x"),
    r"/static/(?P<path>.*)$": (
        "/static/zhengce.css",
        "/static/../metadata.yaml",
        "/static/..%2fmetadata.yaml",
    ),
    r"/:memory:(?P<rest>.*)$": ("/:memory:", "/:memory:.json?sql=select+1"),
    r"/(?P<database>[^\/\.]+)\.db$": ("/kb.db", "/_internal.db"),
    r"/(?P<database>[^\/\.]+)(\.(?P<format>\w+))?$": (
        "/_internal",
        "/_internal.json?sql=select+1",
        "/_memory",
        "/kb.json?sql=select+*+from+cursors",
        "/kb?sql=select+1",
    ),
    r"/(?P<database>[^\/\.]+)/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$": (
        "/_internal/databases.json",
        "/kb/cursors.json",
        "/kb/changes.json?_where=1=1",
        "/kb/changes.json?_extra=private",
        "/kb/nothing",
        "/kb/licence_changes.json?sql=select+1&licence=x&since=",
    ),
    r"/(?P<database>[^\/\.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)(\.(?P<format>\w+))?$": (
        "/kb/cursors/1.json",
        "/kb/versions/1.blob?_blob_column=text",
        "/kb/versions/1.json?_blob_column=text",
        "/kb/changes/1.jsono",
    ),
}
INSPECTION = "/-/"


def test_every_route_of_datasette_is_reviewed(reader):
    ours = {pattern for pattern, _ in ROUTES}
    others = {pattern.pattern for pattern, _ in reader.ds._routes()} - ours
    assert {each for each in others if not each.startswith(INSPECTION)} | {r"/-/static/(?P<path>.*)$"} == set(
        OF_DATASETTE
    )


@pytest.mark.parametrize("suffix", ["", ".json", "?x=1", "/"])
async def test_inspection_pages_are_nowhere(reader, suffix):
    patterns = [
        pattern.pattern for pattern, _ in reader.ds._routes() if pattern.pattern.startswith(INSPECTION)
    ]
    pages = {pattern.partition("(")[0].rstrip("$") for pattern in patterns} - {"/-/static/"}
    assert len(pages) > 10
    for page in pages:
        assert (await reader.get(page + suffix)).status_code == 404, page


@pytest.mark.parametrize("path", [path for paths in OF_DATASETTE.values() for path in paths])
async def test_datasettes_own_addresses_give_nothing_away(reader, stranger, path):
    for client in (reader, stranger):
        answer = await client.get(path)
        held = answer.text
        assert answer.status_code in {200, 301, 302, 400, 403, 404}
        assert "SQLite format" not in held
        assert "allow_sql" not in held
        assert str(client.ds.get_database("kb").path) not in held
        assert "Traceback" not in held
        if client is stranger:
            assert FROM_THE_MIDDLE not in held


@pytest.mark.parametrize(
    "path", ["/kb?sql=select+1", "/kb.json?sql=select+*+from+cursors", "/kb/changes.json?_where=1=1"]
)
async def test_no_sql_of_visitors_is_run(reader, path):
    assert (await reader.get(path)).status_code in {302, 400, 403}


async def test_canned_queries_answer(reader):
    answer = await reader.get("/kb/licence_changes.json?licence=algorithm-filing&since=&_shape=array")
    assert [row["change_id"] for row in answer.json()] == ["ch-a1"]
    answer = await reader.get("/kb/issuer_documents.json?issuer=示例网信办&_shape=array")
    assert {row["document_id"] for row in answer.json()} == {"do-a1", "do-b1"}
    answer = await reader.get("/kb/effective_documents.json?since=2027-01-01&until=2027-01-31&_shape=array")
    assert [row["document_id"] for row in answer.json()] == ["do-a1"]
    page = (await reader.get("/kb/issuer_documents?issuer=" + "%22%27%3Cscript%3E")).text
    assert "没有符合条件的行" in page
    assert "\"'<script>" not in page


async def test_no_canned_query_reads_what_is_not_public(stranger):
    queries = stranger.ds.metadata("queries", database="kb")
    assert len(queries) == 3
    for query in queries.values():
        assert not {"passages", "versions", "text"} & set(query["sql"].lower().split())


def _quotes(answer: Response) -> bool:
    """Whether an answer holds the text, as it is or as Datasette's JSON escapes it."""
    return FROM_THE_MIDDLE in answer.text or json.dumps(FROM_THE_MIDDLE)[1:-1] in answer.text


async def test_a_stranger_gets_excerpts_on_every_route(stranger, reader):
    leaks, shown = [], []
    for address in every_address():
        if _quotes(await stranger.get(address)):
            leaks.append(address)
        if _quotes(await reader.get(address)):
            shown.append(address)
    assert not leaks
    assert len(shown) >= 5, "the owner's own site shows the text, so the strangers' was cut"


async def test_every_route_has_its_headers(reader, stranger):
    """Pages, feeds, pictures, redirects, refusals, what was not found, what is held already."""
    more = [
        "/nothing",
        "/change/ch-01",
        "/kb/changes/",
        "/-/versions",
        "//x",
        "/static/nothing.css",
        "/kb/cursors",
    ]
    for client in (reader, stranger):
        for address in [*every_address(), *more]:
            first = await client.get(address)
            given = [first, await client.head(address), await client.post(address)]
            if first.headers.get("etag"):
                given.append(await client.get(address, headers={"if-none-match": first.headers["etag"]}))
                assert given[-1].status_code == 304
            for answer in given:
                assert answer.status_code < 500, f"{answer.status_code} {address}"
                for key, value in ALWAYS:
                    assert answer.headers.get_list(key.decode()) == [value.decode()], address
                assert len(answer.headers.get_list("content-security-policy")) == 1
                assert len(answer.headers.get_list("cache-control")) == 1
                stock = address.startswith("/kb")
                assert ("unsafe-inline" in answer.headers["content-security-policy"]) == stock
