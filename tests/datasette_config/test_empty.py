"""Before anything was kept: friendly sentences, never an error."""

from __future__ import annotations

import sqlite3

import pytest

from kb.store.connection import open_writer

PAGES = [
    "/",
    "/changes",
    "/documents",
    "/search",
    "/search?q=备案",
    "/sources",
    "/incidents",
    "/kb",
]
NOTHING_KEPT = "还没有任何留存。运行 zhengce run，最新的列表页最先查看，看完一个来源这里就会有内容。"


async def _get(datasette, path):
    return await datasette.client.get(path)


@pytest.mark.parametrize("path", PAGES)
async def test_without_a_database(data, site, path):
    answer = await _get(site(data), path)
    assert answer.status_code == 200
    assert "还没有任何留存" in answer.text or path == "/search"


@pytest.mark.parametrize("path", PAGES)
async def test_with_a_database_without_tables(data, site, path):
    connection = sqlite3.connect(data.kb)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    answer = await _get(site(data), path)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", PAGES)
async def test_with_empty_tables(data, site, path):
    open_writer(data.kb).close()
    answer = await _get(site(data), path)
    assert answer.status_code == 200


async def test_home_says_what_to_do(data, site):
    open_writer(data.kb).close()
    assert NOTHING_KEPT in (await _get(site(data), "/")).text


async def test_home_counts_the_baseline(data, site, made_up):
    base = made_up.Base(data.kb)
    done, _ = base.source("a.b"), base.source("c.d")
    base.run(done, "run-1", "2026-11-23T22:00:00Z")
    base.close()
    text = (await _get(site(data), "/")).text
    assert "正在建立基线：2 个来源已完成 1 个。基线中的文件不算变动。" in text


async def test_an_import_without_any_run_is_shown(filled, site, made_up):
    base = made_up.Base(filled.kb)
    base.connection.execute("DELETE FROM runs")
    base.close()
    text = (await _get(site(filled), "/")).text
    assert "还没有任何留存" not in text
    assert "第二十四条" in text


async def test_no_change_is_said_as_not_seen_and_the_watch_line_stays(data, site, made_up):
    base = made_up.Base(data.kb)
    source = base.source("a.b")
    base.run(source, "run-1", "2026-11-23T22:00:00Z")
    base.page(source, "pg-1", "https://a.example.invalid/")
    base.close()
    text = (await _get(site(data), "/")).text
    assert "今天：未见变动" in text
    assert "应看 1 个来源，已看 1 个" in text
    assert "无变化" not in text


async def test_health_tells_a_monitor(data, site):
    assert (await _get(site(data), "/healthz")).status_code == 503


async def test_a_database_that_appears_later_is_found(data, site, made_up):
    datasette = site(data)
    assert "还没有任何留存" in (await _get(datasette, "/")).text
    made_up.fill(data.kb)
    assert "第二十四条" in (await datasette.client.get("/")).text


async def test_where_nothing_could_be_looked_at_nobody_says_that_nothing_changed(data, site, made_up):
    base = made_up.Base(data.kb)
    source = base.source("a.b", licences=["algorithm-filing"])
    base.run(source, "run-1", "2026-11-23T22:00:00Z")
    base.page(source, "pg-1", "https://a.example.invalid/", health="challenge", last_good_at=None)
    base.close()
    datasette = site(data)
    text = (await _get(datasette, "/")).text
    assert "还没有任何留存" in text
    assert "未见变动" not in text
    assert "1 个未能查看" in text
    assert "未见变动" not in (await _get(datasette, "/licence/algorithm-filing")).text


async def test_what_was_seen_in_part_is_said_in_part(data, site, made_up):
    base = made_up.Base(data.kb)
    for name, good in (("a.b", "2026-11-23T22:43:00Z"), ("c.d", "2026-11-01T22:43:00Z")):
        source = base.source(name)
        base.run(source, f"run-{name}", "2026-11-23T22:00:00Z")
        base.page(source, f"pg-{name}", f"https://{name}.example.invalid/", last_good_at=good)
    base.close()
    assert "在看得到的来源上未见变动" in (await _get(site(data), "/")).text


async def test_sources_never_tried_or_only_imported_are_called_so(data, site, made_up):
    base = made_up.Base(data.kb)
    base.source("a.b")
    base.page(base.source("c.d"), "pg-1", "https://a.example.invalid/")
    base.close()
    text = (await _get(site(data), "/sources")).text
    assert "尚未查看" in text
    assert "人工导入" in text
    assert "应看 1 个来源，已看 0 个，1 个尚未查看" in text
