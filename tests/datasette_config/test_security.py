"""What a stranger may ask and what every answer carries."""

from __future__ import annotations

import pytest

from datasette_config.guard.refusing import Refused
from datasette_config.guard.security import check, names_us
from datasette_config.site import Site

OWN = [
    "/",
    "/change/ch-a1",
    "/document/do-a1",
    "/documents",
    "/search?q=备案",
    "/sources",
    "/incidents",
    "/licences",
    "/licence/algorithm-filing",
    "/feed.atom",
    "/healthz",
    "/change/ch-ffff",
    "/static/zhengce.css",
]
STOCK = ["/kb", "/kb/changes", "/kb/changes/1", "/kb/changes.json", "/kb/versions", "/kb?sql=select+1"]


@pytest.mark.parametrize("path", OWN + STOCK)
async def test_every_answer_is_guarded(reader, path):
    headers = (await reader.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"]


@pytest.mark.parametrize("path", OWN)
async def test_our_pages_allow_no_script_and_nothing_inline(reader, path):
    answer = await reader.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in policy
    assert "script-src" not in policy
    assert "<script" not in answer.text
    assert "style=" not in answer.text


@pytest.mark.parametrize("path", ["/", "/change/ch-a1", "/document/do-a1", "/sources", "/kb/changes"])
async def test_no_page_loads_anything_from_elsewhere(reader, path):
    from selectolax.lexbor import LexborHTMLParser as Html

    page = Html((await reader.get(path)).text)
    loaded = [node.attributes.get("href") for node in page.css("link[rel=stylesheet]")]
    loaded += [node.attributes.get("src") for node in page.css("script[src], img, iframe")]
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


@pytest.mark.parametrize(
    "path",
    [
        "/-/versions",
        "/-/versions.json",
        "/-/databases.json",
        "/-/plugins",
        "/-/settings",
        "/-/metadata.json",
        "/-/threads",
        "/-/permissions",
        "/-/allow-debug",
        "/-/actor.json",
        "/-/messages",
        "/-/patterns",
        "/-/logout",
        "/-",
        "/%2D/versions",
        "/-%2Fversions",
        "/-/static/../versions",
    ],
)
async def test_inspection_pages_are_not_offered(reader, path):
    assert (await reader.get(path)).status_code == 404


async def test_the_style_sheets_are_offered(reader):
    for path in ("/-/static/app.css", "/static/zhengce.css", "/static/tables.css"):
        answer = await reader.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["/", "/search", "/kb", "/kb/changes", "/-/logout", "/-/permissions"])
async def test_nothing_can_be_written(reader, method, path):
    answer = await getattr(reader, method)(path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/kb?sql=select+1", "/kb.json?sql=select+1", "/kb/changes?_where=1=1", "/kb.db"]
)
async def test_no_sql_and_no_download(reader, path):
    answer = await reader.get(path)
    assert answer.status_code in {400, 403}
    assert "SQLite format" not in answer.text


def _all_tables(connection) -> list[str]:
    return [
        row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    ]


async def test_only_described_tables_can_be_read_and_others_are_denied(reader, filled):
    from kb.store.connection import open_reader

    connection = open_reader(filled.kb)
    tables = _all_tables(connection)
    connection.close()
    statuses = {table: (await reader.get(f"/kb/{table}.json")).status_code for table in tables}
    allowed = {table for table, status in statuses.items() if status == 200}
    denied = {table for table, status in statuses.items() if status == 403}
    assert allowed | denied == set(tables)
    assert {
        "passages_fts",
        "passages_fts_content",
        "passages_fts_data",
        "_sqlite_migrations",
        "cursors",
    } <= denied
    assert {"changes", "documents", "sources", "incidents", "versions"} <= allowed


@pytest.mark.parametrize("table", ["versions", "passages", "change_passages", "VERSIONS", "Passages"])
async def test_full_texts_are_not_in_the_tables_of_a_public_site(stranger, table):
    for suffix in ("", ".json", "/1", "/1.json"):
        assert (await stranger.get(f"/kb/{table}{suffix}")).status_code in {403, 404}
    assert (await stranger.get(f"/kb/{table.lower()}.json")).status_code == 403


@pytest.mark.parametrize("name", ["PASSAGES_FTS", "Cursors", "_SQLITE_MIGRATIONS"])
async def test_spelling_a_table_differently_opens_nothing(reader, name):
    assert (await reader.get(f"/kb/{name}.json")).status_code in {403, 404}


async def test_a_hidden_table_is_not_read_through_another(stranger):
    through = '{"table":"versions","column":"text","value":"x"}'
    answer = await stranger.get("/kb/pages.json", params={"_through": through})
    assert answer.status_code in {400, 403}


@pytest.mark.parametrize("path", ["/~6Bb/changes", "/~6bb/changes.json", "/k~62"])
async def test_the_tables_have_one_address(reader, path):
    """Another spelling would be counted as a cheap page."""
    assert (await reader.get(path)).status_code == 404


def test_an_address_that_is_no_path_is_refused():
    scope = {"raw_path": b"*", "path": "*", "method": "GET", "headers": [(b"host", b"localhost")]}
    with pytest.raises(Refused):
        check(scope, Site())


@pytest.mark.parametrize(
    "host", ["evil.example@localhost", "localhost/evil", "localhost#.evil", "localhost?a"]
)
def test_a_host_is_nothing_but_a_host(host):
    assert not names_us(host, "http://127.0.0.1:8001")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/%20",
        "//evil.example/",
        "/%5Cevil.example/",
        "/\\evil.example/",
        "/%2F/evil.example/",
        "/%0d%0aSet-Cookie:x=1/",
    ],
)
async def test_no_redirect_leads_to_another_host(reader, path):
    answer = await reader.get(path)
    location = answer.headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/kb/changes.csv",
        "/kb/changes.CSV",
        "/kb/changes?_format=csv",
        "/kb/changes?_format=CSV",
        "/kb/changes.csv?_stream=1",
        "/kb/changes%2ecsv",
        "/kb/changes/1.csv",
        "/~6Bb/changes.csv",
        "/k~62/changes.csv",
    ],
)
async def test_csv_is_not_offered(reader, path):
    answer = await reader.get(path)
    assert answer.status_code in {302, 404}
    if answer.status_code == 302:
        assert (await reader.get(answer.headers["location"])).status_code == 404


async def test_pages_are_shared_only_by_a_public_site(reader, stranger):
    assert (await reader.get("/")).headers["cache-control"] == "private, no-cache"
    assert (await stranger.get("/")).headers["cache-control"] == "public, max-age=60"
    assert (await stranger.get("/change/ch-ffff")).headers["cache-control"] == "no-store"
    assert (await stranger.get("/", cookies={"a": "b"})).headers["cache-control"] == "public, max-age=60"


async def test_overlong_requests_are_refused(reader):
    assert (await reader.get("/search?q=" + "a" * 3000)).status_code == 414


async def test_an_error_tells_its_reader_nothing(reader, monkeypatch):
    from datasette_config import knowledge

    def fail(connection):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(knowledge, "newest_look", fail)
    answer = await reader.get("/?not=remembered")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "这一页没能生成" in answer.text


async def test_trace_and_context_are_off(reader):
    plain = (await reader.get("/kb/changes")).text
    assert "_trace" not in (await reader.get("/kb/changes.json?_trace=1")).json()
    assert len((await reader.get("/kb/changes?_context=1")).text) < 2 * len(plain)


@pytest.mark.parametrize(
    "host", ["evil.example.invalid", "localhost.evil.invalid", "127.0.0.1.evil.invalid", "[", ""]
)
async def test_a_name_of_somebody_elses_is_refused(reader, host):
    assert (await reader.get("/", headers={"host": host})).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:8001", "[::1]:8001", "192.168.1.5"])
async def test_our_own_names_are_answered(reader, host):
    assert (await reader.get("/", headers={"host": host})).status_code == 200


async def test_the_language_is_no_filter_of_a_table(reader):
    rows = (await reader.get("/kb/changes.json?_shape=array&lang=en")).json()
    assert len(rows) == len((await reader.get("/kb/changes.json?_shape=array")).json()) > 0
    page = (await reader.get("/kb/changes?lang=en&_sort=id")).text
    assert '<html lang="en">' in page
    assert "示例" in page
