"""Signing in: by password, by HTTP Basic, by a proxy's header; what strangers then get, and what people."""

from __future__ import annotations

import base64
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from datasette.app import Datasette
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config.app import build
from datasette_config.guard.signin import SESSION, inside
from kb.config import DataDirectory, Settings, SiteSettings
from kb.people import People

PASSWORD = "一个很长的口令 abc"
CHEAP = (4, 1, 1)
MIDDLE = "开头说明。" * 20
THEN = datetime(2026, 11, 24, tzinfo=UTC)


def opened(data: DataDirectory, now: str, **site: object) -> Datasette:
    return build(data, Settings(site=SiteSettings.model_validate(site)), now=now)


@pytest.fixture
def people(filled: DataDirectory) -> People:
    known = People(filled.people)
    known.put("王敏", PASSWORD, THEN, cost=CHEAP)
    return known


@pytest.fixture
def locked(filled: DataDirectory, people: People, made_up) -> Datasette:
    return opened(filled, made_up.NOW, sign_in="password", public=True)


async def entered(
    site: Datasette, *, name: str = "王敏", password: str = PASSWORD, after: str = "/", prefix=""
):
    """The answer to a filled form, and the cookies of who then goes on."""
    blank = await site.client.get(f"/sign-in?next={after}")
    token = Html(blank.text).css_first("input[name=csrftoken]").attributes["value"]
    given = {"csrftoken": token, "name": name, "password": password, "next": after}
    answer = await site.client.post("/sign-in", data=given, cookies={"ds_csrftoken": token})
    return answer, {SESSION: answer.cookies.get(SESSION, ""), "ds_csrftoken": token}


def by_basic(name: str = "王敏", password: str = PASSWORD) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.mark.parametrize(
    "path", ["/", "/search?q=备案", "/kb/changes", "/document/do-c1", "/nothing", "/sign-in/"]
)
async def test_a_stranger_is_led_to_the_form(locked, path):
    answer = await locked.client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/feed.atom", "/kb/changes.json", "/api/v1/changes", "/picture/ca-1.png"])
async def test_a_machine_is_asked_for_a_password(locked, path):
    answer = await locked.client.get(path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/static/zhengce.css", "/-/static/app.css"])
async def test_what_the_form_needs_is_open(locked, path):
    assert (await locked.client.get(path)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/static/../kb/changes.json", "/static/%2e%2e/kb/changes.json", "/sign-in/../kb"]
)
async def test_open_folders_are_no_way_around(locked, path):
    answer = await locked.client.get(path)
    assert answer.status_code in {303, 401, 404}
    assert "ch-a1" not in answer.text


async def test_the_right_password_opens_everything(locked):
    answer, cookies = await entered(locked, after="/document/do-c1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/document/do-c1")
    assert answer.headers["cache-control"] == "private, no-store"
    page = await locked.client.get("/document/do-c1", cookies=cookies)
    assert page.status_code == 200
    assert MIDDLE in page.text
    assert page.headers["cache-control"].startswith("private")
    assert (await locked.client.get("/kb/versions.json", cookies=cookies)).status_code == 200


async def test_the_session_is_kept_from_scripts_and_other_sites(filled, people, made_up):
    site = opened(filled, made_up.NOW, sign_in="password", base_url="https://zc.example.invalid/zc/")
    answer, _ = await entered(site)
    said = next(line for line in answer.headers.get_list("set-cookie") if line.startswith(SESSION))
    assert {"httponly", "secure", "samesite=lax", "path=/zc/"} <= {
        part.strip().lower() for part in said.split(";")
    }


@pytest.mark.parametrize(
    ("name", "password"), [("王敏", "wrong password"), ("李雷", PASSWORD), ("", ""), ("root", "x")]
)
async def test_a_wrong_name_or_password_says_the_same(locked, name, password):
    answer, cookies = await entered(locked, name=name, password=password)
    assert answer.status_code == 403
    assert "名字或密码不对" in answer.text
    assert not cookies[SESSION]


async def test_guessing_is_ended(locked):
    for _ in range(10):
        assert (await entered(locked, password="a guess at it"))[0].status_code == 403
    answer, cookies = await entered(locked)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert not cookies[SESSION]
    assert (await locked.client.get("/feed.atom", headers=by_basic())).status_code == 429


async def test_a_form_from_elsewhere_is_refused(locked):
    given = {"name": "王敏", "password": PASSWORD}
    assert (await locked.client.post("/sign-in", data=given)).status_code == 403
    answer, cookies = await entered(locked)
    token = {"csrftoken": cookies["ds_csrftoken"]}
    for data, headers in (
        (given, {}),
        ({**given, "csrftoken": "x"}, {}),
        ({**given, "csrftoken": "汉"}, {}),
        ({**given, **token}, {"sec-fetch-site": "cross-site"}),
        (given, {"x-csrftoken": cookies["ds_csrftoken"]}),
    ):
        answer = await locked.client.post("/sign-in", data=data, headers=headers, cookies=cookies)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


async def test_what_is_no_small_form_is_refused(locked):
    _, cookies = await entered(locked)
    token = cookies["ds_csrftoken"]
    long = await locked.client.post(
        "/sign-in", data={"csrftoken": token, "name": "a" * 9000}, cookies=cookies
    )
    assert long.status_code == 413
    for kind in ("multipart/form-data", "application/json", ""):
        odd = await locked.client.post(
            "/sign-in", content=b"{}", headers={"content-type": kind}, cookies=cookies
        )
        assert odd.status_code == 415


async def test_signing_out_ends_it(locked):
    _, cookies = await entered(locked)
    assert (await locked.client.get("/sign-out", cookies=cookies)).status_code == 302
    page = await locked.client.get("/sign-in", cookies=cookies)
    token = Html(page.text).css_first("form.sign-in input[name=csrftoken]").attributes["value"]
    answer = await locked.client.post("/sign-out", data={"csrftoken": token}, cookies=cookies)
    assert answer.status_code == 303
    assert re.search(rf'{SESSION}=(""|;)', answer.headers["set-cookie"])


async def test_a_session_ends_with_the_password_and_with_the_person(locked, people):
    _, cookies = await entered(locked)
    people.put("王敏", "another pass phrase", THEN, cost=CHEAP)
    assert (await locked.client.get("/", cookies=cookies)).status_code == 303
    _, cookies = await entered(locked, password="another pass phrase")
    assert (await locked.client.get("/", cookies=cookies)).status_code == 200
    people.remove("王敏")
    assert (await locked.client.get("/", cookies=cookies)).status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (-1, 303)])
async def test_a_session_ends_with_its_days(locked, people, seconds, status):
    ends = int(time.time()) + seconds
    kept = locked.sign(["王敏", people.all()["王敏"].stamp, ends], SESSION)
    assert (await locked.client.get("/", cookies={SESSION: kept})).status_code == status


async def test_a_session_outlives_the_process(locked, filled, made_up):
    _, cookies = await entered(locked)
    again = opened(filled, made_up.NOW, sign_in="password", public=True)
    assert (await again.client.get("/", cookies=cookies)).status_code == 200
    filled.site_key.unlink()
    anew = opened(filled, made_up.NOW, sign_in="password", public=True)
    assert (await anew.client.get("/", cookies=cookies)).status_code == 303


async def test_a_forged_session_is_nothing(locked):
    actor = locked.sign({"a": {"id": "root"}}, "actor")
    odd = (
        locked.sign(["王敏"], SESSION),
        locked.sign({"n": 1}, SESSION),
        locked.sign(["王敏", "x", 9e12], SESSION),
    )
    for cookies in ({"ds_actor": actor}, *({SESSION: value} for value in (*odd, "x", "a.b"))):
        assert (await locked.client.get("/", cookies=cookies)).status_code == 303


async def test_feeds_and_tables_take_the_password_by_basic(locked):
    for path in ("/feed.atom", "/kb/changes.json"):
        assert (await locked.client.get(path, headers=by_basic())).status_code == 200
        assert (await locked.client.get(path, headers=by_basic(password="wrong one"))).status_code == 401
    for odd in ("Basic", "Basic !!!", "Bearer x", "Basic " + base64.b64encode(b"\xff:x").decode()):
        assert (await locked.client.get("/feed.atom", headers={"authorization": odd})).status_code == 401


async def test_basic_ends_with_the_password(locked, people):
    assert (await locked.client.get("/feed.atom", headers=by_basic())).status_code == 200
    people.put("王敏", "another pass phrase", THEN, cost=CHEAP)
    assert (await locked.client.get("/feed.atom", headers=by_basic())).status_code == 401


async def test_what_a_person_sees_is_kept_by_no_shared_cache(filled, people, made_up):
    site = opened(filled, made_up.NOW, sign_in="password", public=True, public_read=True)
    _, cookies = await entered(site)
    for path in ("/document/do-c1", "/search.csv?q=备案", "/kb/changes.json"):
        stranger = await site.client.get(path)
        assert stranger.headers["cache-control"] == "public, max-age=60"
        assert "Cookie" in stranger.headers["vary"]
        for own in ({"cookies": cookies}, {"headers": by_basic()}):
            answer = await site.client.get(path, **own)
            assert answer.headers["cache-control"].startswith("private"), path


async def test_a_person_s_answer_is_not_confirmed_to_a_stranger(filled, people, made_up):
    site = opened(filled, made_up.NOW, sign_in="password", public=True, public_read=True)
    whole = await site.client.get("/document/do-c1", headers=by_basic())
    told = {"if-none-match": whole.headers["etag"]}
    assert (await site.client.get("/document/do-c1", headers={**told, **by_basic()})).status_code == 304
    stranger = await site.client.get("/document/do-c1", headers=told)
    assert stranger.status_code == 200
    assert stranger.headers["etag"] != whole.headers["etag"]
    assert MIDDLE in whole.text
    assert MIDDLE not in stranger.text


async def test_strangers_read_excerpts_where_that_is_allowed(filled, people, made_up):
    site = opened(filled, made_up.NOW, sign_in="password", public_read=True)
    _, cookies = await entered(site)
    for _ in range(2):  # made, and remembered
        stranger = (await site.client.get("/document/do-c1")).text
        person = (await site.client.get("/document/do-c1", cookies=cookies)).text
        assert MIDDLE not in stranger
        assert MIDDLE in person
    assert (await site.client.get("/kb/versions.json")).status_code == 403
    assert (await site.client.get("/kb/versions.json", cookies=cookies)).status_code == 200


async def test_nobody_signs_in_where_nobody_does(reader):
    assert (await reader.get("/sign-in")).status_code == 404
    assert (await reader.post("/sign-in", data={"name": "x"})).status_code == 405


async def test_a_list_that_others_can_read_opens_nothing(locked, filled):
    _, cookies = await entered(locked)
    filled.people.chmod(0o644)
    assert (await locked.client.get("/", cookies=cookies)).status_code == 303


def test_a_list_of_people_is_private(filled: DataDirectory, people: People):
    assert Path(filled.people).stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in filled.people.read_text("utf-8")


def test_somebody_unknown_costs_the_hash_of_somebody_known(people, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("kb.people.matches", lambda _password, kept: asked.append(kept) or True)
    assert people.verified("nobody", PASSWORD) is None
    assert asked == [people.all()["王敏"].hash]


async def test_another_spelling_of_a_name_outlives_nobody(locked, people):
    """The Kelvin sign is a K to Unicode: one name, one count, one end."""
    people.put("Kate", PASSWORD, THEN, cost=CHEAP)
    respelt = by_basic(name="\u212aate")
    assert (await locked.client.get("/feed.atom", headers=respelt)).status_code == 200
    people.remove("Kate")
    assert (await locked.client.get("/feed.atom", headers=respelt)).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/search?q=备案&page=2", "/search?q=%E5%A4%87%E6%A1%88&page=2"),
        ("//evil.invalid/", "/"),
        ("//[", "/"),
        ("http://[x", "/"),
        ("https://evil.invalid/", "/"),
        ("/\\evil.invalid", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_inside_the_site(wanted, given):
    assert inside(wanted) == given


@pytest.fixture
def behind(filled: DataDirectory, made_up) -> Datasette:
    return opened(filled, made_up.NOW, sign_in="proxy", public=True, person_header="X-Person")


async def test_a_proxy_names_the_person(behind):
    assert (await behind.client.get("/")).status_code == 403
    page = await behind.client.get("/document/do-c1", headers={"x-person": "wang"})
    assert page.status_code == 200
    assert MIDDLE in page.text
    assert page.headers["cache-control"] == "private, no-cache"


async def test_a_name_said_twice_or_empty_is_nobodys(behind):
    for said in ([("x-person", "wang"), ("x-person", "root")], [("x-person", "")], [("x-person", "a\tb")]):
        assert (await behind.client.get("/", headers=said)).status_code == 403


async def test_nobody_but_the_proxy_names_people(filled, made_up):
    site = opened(filled, made_up.NOW, sign_in="proxy", person_header="X-Person", proxies=["10.0.0.0/8"])
    assert (await site.client.get("/", headers={"x-person": "wang"})).status_code == 403
    forged = {"x-person": "wang", "x-forwarded-for": "10.0.0.1"}
    assert (await site.client.get("/", headers=forged)).status_code == 403


async def test_the_form_offers_nothing_that_leads_back_to_it(locked):
    page = Html((await locked.client.get("/sign-in")).text)
    assert page.css("nav, form[role=search]") == []
    _answer, cookies = await entered(locked)
    page = Html((await locked.client.get("/sign-in", cookies=cookies)).text)
    assert page.css_first("nav") is not None
    assert page.css_first("form[role=search]") is not None
