"""How often one visitor may ask, and who one visitor is."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

import httpx
import pytest
from datasette.app import Datasette

from datasette_config.app import build
from datasette_config.guard.limits import Limits, kind
from datasette_config.guard.refusing import Refused
from datasette_config.guard.visitors import grouped, parsed, visitor
from kb.config import DataDirectory, Settings, SiteSettings
from kb.errors import ConfigError

PROXIES = ("127.0.0.1/32", "::1/128", "10.0.0.0/8")


def opened(data: DataDirectory, now: str, **site: object) -> Datasette:
    return build(data, Settings(site=SiteSettings.model_validate(site)), now=now)


async def ask(
    site: Datasette, path: str, times: int, headers: dict[str, str] | None = None
) -> list[httpx.Response]:
    return [await site.client.get(path, headers=headers) for _ in range(times)]


@pytest.mark.parametrize(
    ("path", "query", "costs"),
    [
        ("/", "", "pages"),
        ("/search", "q=x", "search"),
        ("/search", "", "search"),
        ("/changes", "q=x", "search"),
        ("/api/v1/search", "q=x", "search"),
        ("/api/v1/changes", "", "api"),
        ("/document/do-1/compare", "from=a&to=b", "compare"),
        ("/document/do-1/compare/ve-1..ve-2", "", "compare"),
        ("/changes.csv", "q=x", "export"),
        ("/calendar.ics", "", "export"),
        ("/sitemap.xml", "", "export"),
        ("/sitemap-documents-1.xml", "", "export"),
        ("/chart/changes.svg", "", "chart"),
        ("/picture/ca-1.png", "", "chart"),
        ("/kb/changes", "", "tables"),
        ("/kb.json", "", "tables"),
        ("/healthz", "", None),
        ("/static/zhengce.css", "", None),
        ("/-/static/app.css", "", None),
    ],
)
def test_what_a_request_costs(path, query, costs):
    assert kind(path, query, "kb") == costs


async def test_one_search_too_many_is_told_when_to_come_back(pattern, made_up):
    site = opened(pattern, made_up.NOW, public=True, limits={"search": "3/minute"})
    *given, last = await ask(site, "/search?q=备案", 4)
    assert [answer.status_code for answer in given] == [200, 200, 200]
    assert last.status_code == 429
    assert 1 <= int(last.headers["retry-after"]) <= 60
    assert f"请 {last.headers['retry-after']} 秒后再试" in last.text
    assert last.headers["cache-control"] == "no-store"
    assert last.headers["x-content-type-options"] == "nosniff"
    english = await site.client.get("/search?q=备案&lang=en")
    assert "Try again in" in english.text
    assert (await site.client.get("/")).status_code == 200


async def test_a_program_is_told_as_a_problem(pattern, made_up):
    site = opened(pattern, made_up.NOW, public=True, limits={"api": "1/minute"})
    answer = (await ask(site, "/api/v1/changes", 2))[1]
    assert answer.status_code == 429
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == 429


async def test_visitors_behind_a_proxy_are_counted_apart(pattern, made_up):
    site = opened(pattern, made_up.NOW, public=True, limits={"search": "1/minute"})
    for address in ("198.51.100.1", "198.51.100.2", "2001:db8::1", "2001:db8:0:1::1"):
        first, second = await ask(site, "/search?q=备案", 2, {"x-forwarded-for": address})
        assert (first.status_code, second.status_code) == (200, 429)
    forged = await ask(site, "/search?q=备案", 1, {"x-forwarded-for": "203.0.113.9, 198.51.100.1"})
    assert forged[0].status_code == 429


async def test_the_owners_own_site_has_no_limits(pattern, made_up):
    site = opened(pattern, made_up.NOW, limits={"search": "1/minute", "at_once": 1})
    answers = await asyncio.gather(
        *(site.client.get("/search?q=备案&page=" + str(page)) for page in range(1, 6))
    )
    assert {answer.status_code for answer in answers} == {200}


async def test_a_limit_can_be_off(pattern, made_up):
    site = opened(pattern, made_up.NOW, public=True, limits={"search": "off"})
    assert {answer.status_code for answer in await ask(site, "/search?q=备案", 70)} == {200}


def test_enough_at_once_is_enough():
    limits = Limits({"at_once": 2})
    with limits.busy("search"), limits.busy("compare"):
        with pytest.raises(Refused) as refused, limits.busy("search"):
            pass
        with limits.busy("pages"), limits.busy(None):
            pass
    assert refused.value.status == 503
    with limits.busy("search"):
        pass


def test_a_busy_place_is_given_back_after_an_error():
    limits = Limits({"at_once": 1})
    with pytest.raises(ValueError, match="x"), limits.busy("search"):
        raise ValueError("x")
    with limits.busy("search"):
        pass


def test_many_addresses_together_do_not_guess_one_name_faster():
    limits, refused = Limits({}), 0
    for number in range(120):
        try:
            limits.try_password("wang", ip_address(f"198.51.100.{number}"))
        except Refused:
            refused += 1
    assert refused == 20
    limits.try_password("li", ip_address("203.0.113.1"))


def test_who_came_in_before_is_not_locked_out_by_guesses_from_elsewhere():
    limits, home = Limits({}), ip_address("203.0.113.1")
    limits.try_password("wang", home)
    limits.right_password("wang", home)
    for number in range(100):
        limits.try_password("wang", ip_address(f"198.51.100.{number}"))
    with pytest.raises(Refused):
        limits.try_password("wang", ip_address("203.0.113.2"))
    for _ in range(10):
        limits.try_password("wang", home)
    with pytest.raises(Refused):  # an address has its own count still
        limits.try_password("wang", home)


@pytest.mark.parametrize("rate", ["0/minute", "10/day", "10", "10 per minute", "x", 5])
def test_a_rate_that_is_none_is_refused(data, rate):
    data.root.mkdir(exist_ok=True)
    said = f'"{rate}"' if isinstance(rate, str) else rate
    data.settings_file.write_text(f"[site.limits]\nsearch = {said}\n", "utf-8")
    with pytest.raises(ConfigError, match="search"):
        data.settings()


@pytest.mark.parametrize(
    ("client", "forwarded", "found"),
    [
        ("198.51.100.1", "", "198.51.100.1"),
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::ffff:127.0.0.1", "203.0.113.9:5512", "203.0.113.9"),
        ("::1", "[2001:db8::7]:443", "2001:db8::7"),
        ("", "203.0.113.9", "::"),
    ],
)
def test_a_visitor_is_who_our_proxies_vouch_for(client, forwarded, found):
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert str(visitor((client, 1) if client else None, headers, PROXIES)) == found


def test_the_header_in_several_lines_is_one():
    headers = [
        (b"x-forwarded-for", b"1.1.1.1"),
        (b"X-Forwarded-For", b"203.0.113.9"),
        (b"x-forwarded-for", b"10.0.0.9"),
    ]
    assert str(visitor(("127.0.0.1", 1), headers, PROXIES)) == "203.0.113.9"


def test_one_connection_of_ipv6_is_one_visitor():
    assert grouped(ip_address("2001:db8::1")) == grouped(ip_address("2001:db8::ffff:2")) == "2001:db8::/64"
    assert grouped(ip_address("192.0.2.1")) == "192.0.2.1"
    assert parsed("nobody") is None
