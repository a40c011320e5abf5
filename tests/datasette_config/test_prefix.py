"""Behind a proxy that shows the site under a path: every address keeps it, whether the proxy takes it off or not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.app import build
from datasette_config.pages import ROUTES
from kb.config import OUR_OWN, DataDirectory, Settings, SiteLimits, SiteSettings
from kb.errors import ConfigError

HOST, PREFIX = "https://zc.example.invalid", "/zhengce/"
STARTS = (
    "",
    "?lang=en",
    "kb",
    "kb/changes?_facet=kind&_facet_size=1&_size=1",
    "kb/changes/1",
    "kb/licence_changes?licence=algorithm-filing&since=",
    "sign-in",
    "kb/changes.json?_size=1",
    "feed.atom",
    "licences",
)
RATES = SiteLimits.model_fields.keys() - {"at_once"}
OFTEN = 4
"""How many questions of one page are followed: filters and pagers link to each other without end."""


@pytest.fixture(params=["taken off", "left on"])
async def proxied(request, filled: DataDirectory, made_up) -> AsyncIterator[httpx.AsyncClient]:
    """A reader's browser before a proxy; its addresses have the prefix always."""
    site = build(
        filled,
        Settings(
            site=SiteSettings(
                base_url=HOST + PREFIX,
                sign_in="password",
                public_read=True,
                limits=dict.fromkeys(RATES, "off"),
            )
        ),
        now=made_up.NOW,
    )
    app = site.app()

    async def stripping(scope, receive, send):
        assert scope["path"].startswith(PREFIX), scope["path"]
        path, raw = scope["path"][len(PREFIX) - 1 :], scope["raw_path"][len(PREFIX) - 1 :]
        await app({**scope, "path": path, "raw_path": raw}, receive, send)

    transport = httpx.ASGITransport(app=stripping if request.param == "taken off" else app)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


def links(answer: httpx.Response) -> set[str]:
    """The addresses that a page names, as they stand there."""
    kind = answer.headers.get("content-type", "")
    if answer.is_redirect:
        return {answer.headers["location"]}
    if "html" in kind:
        page = Html(answer.text)
        named = [
            (node, node.attributes.get(name))
            for name in ("href", "src", "action")
            for node in page.css(f"[{name}]")
        ]
        return {address for _, address in named if address}
    if "json" in kind and "next_url" in answer.text:
        return {answer.json()["next_url"]} - {None}
    if "atom" in kind:
        return {node.attributes.get("href") or "" for node in Html(answer.text).css("entry link")}
    return set()


async def test_every_link_of_the_site_leads_somewhere_under_the_prefix(proxied):
    waiting = [HOST + PREFIX + start for start in STARTS]
    seen: set[str] = set(waiting)
    asked: Counter[str] = Counter()
    while waiting:
        address = waiting.pop(0)
        answer = await proxied.get(address)
        asked[urlsplit(address).path] += 1
        denied = answer.status_code == 403 and "/kb/versions/" in address  # rows that strangers do not see
        assert denied or answer.status_code in {200, 301, 302, 303}, f"{answer.status_code} {address}"
        for said in links(answer):
            found = urljoin(address, said).partition("#")[0]
            if not found.startswith(HOST):
                continue
            path = urlsplit(found).path
            assert path.startswith(PREFIX), f"{said} on {address}"
            assert not path.startswith(PREFIX + PREFIX[1:]), f"{said} on {address}"
            stock = path.startswith(PREFIX + "kb/")
            if found not in seen and asked[path] < (1 if stock else OFTEN):
                seen.add(found)
                waiting.append(found)
    assert len(asked) > 100


@pytest.mark.parametrize(
    "path", ["change/ch-01", "kb/changes/", "kb/changes?_sort=headline", "document/pg-a1"]
)
async def test_redirects_keep_the_prefix(proxied, path):
    answer = await proxied.get(PREFIX + path)
    while answer.is_redirect:
        assert answer.headers["location"].startswith(PREFIX)
        assert not answer.headers["location"].startswith(PREFIX + PREFIX.strip("/") + "/")
        answer = await proxied.get(answer.headers["location"])
    assert answer.status_code in {200, 404}


async def test_the_path_without_its_last_slash_is_the_first_page(pattern, made_up):
    site = build(pattern, Settings(site=SiteSettings(base_url=HOST + PREFIX)), now=made_up.NOW)
    transport = httpx.ASGITransport(app=site.app())
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        assert (await client.get("/zhengce")).status_code == 200
        assert (await client.get("/zhengcex")).status_code == 404


@pytest.mark.parametrize("path", ["-/settings.json", "-/plugins.json", "kb/changes.csv", "changes", "kb"])
async def test_the_prefix_said_twice_opens_nothing(pattern, made_up, path):
    """Datasette would take it off a second time, after the guard looked at the address."""
    site = build(pattern, Settings(site=SiteSettings(base_url=HOST + PREFIX)), now=made_up.NOW)
    transport = httpx.ASGITransport(app=site.app())
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        assert (await client.get(f"{PREFIX}{PREFIX[1:]}{path}")).status_code == 404


def test_a_prefix_is_no_page_of_the_site() -> None:
    first = {
        re.split(r"[/$(\[.]", pattern.removeprefix("^/").replace("\\", ""))[0].rstrip("-")
        for pattern, _ in ROUTES
    }
    assert first - {""} <= OUR_OWN


@pytest.mark.parametrize(
    "address",
    [
        "zc.example.invalid",
        "ftp://zc.example.invalid/",
        "https://a.invalid/kb/",
        "https://a.invalid/?x=1",
        "https:///x",
        "https://a.invalid//x/",
        "https://a.invalid/../x/",
        "https://a.invalid/%2f/",
    ],
)
def test_an_address_that_cannot_be_the_sites_is_refused(data, address):
    data.root.mkdir(exist_ok=True)
    data.settings_file.write_text(f'[site]\nbase_url = "{address}"\n', "utf-8")
    with pytest.raises(ConfigError, match="base_url"):
        data.settings()
