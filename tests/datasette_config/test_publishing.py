"""A public site shows of a platform page only what stands around a change; a loopback site shows all that is held."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser as Html

FROM_THE_MIDDLE = "开头说明。" * 20


@pytest.mark.parametrize(
    "path",
    [
        "/change/ch-c1",
        "/document/do-c1",
        "/document/do-c1/compare?from=ve-c1&to=ve-c1",
        "/search?q=开头说明",
        "/",
        "/feed.atom",
    ],
)
async def test_a_stranger_never_gets_the_text_of_a_platform_page(stranger, path):
    answer = await stranger.get(path)
    assert answer.status_code == 200
    assert FROM_THE_MIDDLE not in answer.text


async def test_a_comparison_with_something_else_is_no_way_around(stranger):
    for path in (
        "/document/do-a1/compare?from=ve-c1&to=ve-a1",
        "/document/do-c1/compare?from=ve-a1&to=ve-c1",
    ):
        assert (await stranger.get(path)).status_code == 404


async def test_a_stranger_gets_the_change_and_the_link(stranger):
    page = Html((await stranger.get("/change/ch-c1")).text)
    assert "增：算法备案截图（增完）" in [mark.text() for mark in page.css("ins")]
    assert page.css_first('main a[href="https://weixin.example.invalid/category.html"]') is not None
    document = (await stranger.get("/document/do-c1")).text
    assert "公开网站只摘录变动前后的文字" in document


async def test_the_loopback_site_shows_all_that_is_held(reader):
    for path in ("/change/ch-c1", "/document/do-c1"):
        assert FROM_THE_MIDDLE in (await reader.get(path)).text


async def test_official_texts_are_public_in_full(stranger):
    assert "五个工作日内更新备案信息" in Html((await stranger.get("/document/do-a1")).text).body.text()


async def test_the_environment_can_make_a_site_public(filled, site, monkeypatch):
    monkeypatch.setenv("ZHENGCE_PUBLIC", "1")
    datasette = site(filled)
    assert FROM_THE_MIDDLE not in (await datasette.client.get("/document/do-c1")).text


@pytest.mark.parametrize(
    "path", ["/", "/change/ch-a1", "/search?q=x", "/kb", "/kb/changes", "/nowhere", "/feed.atom"]
)
async def test_the_demo_says_so_on_every_page(filled, site, path):
    datasette = site(filled, demo=True)
    assert "演示数据，内容虚构。" in (await datasette.client.get(path)).text


async def test_the_demo_says_that_its_sources_are_closed(filled, site, reader):
    closed = "官方原文的链接之后打不开"
    assert closed in (await site(filled, demo=True).client.get("/change/ch-a1")).text
    assert closed not in (await reader.get("/change/ch-a1")).text


async def test_the_environment_can_make_a_site_a_demo(filled, site, monkeypatch):
    monkeypatch.setenv("ZHENGCE_DEMO", "1")
    datasette = site(filled)
    assert "演示数据，内容虚构。" in (await datasette.client.get("/")).text


async def test_a_real_site_has_no_demo_banner(reader):
    assert "演示数据" not in (await reader.get("/")).text
