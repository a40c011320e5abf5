"""What the API answers: items, lists that go on, problems in one shape, and no more than may be published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from types import ModuleType

import pytest
from datasette.app import Datasette, DatasetteClient

from datasette_config.app import build
from kb.config import DataDirectory, Settings, SiteSettings
from kb.output import ChangeDetailOut, ChangeOut, DocumentDetailOut, LicenceDetailOut

FROM_THE_MIDDLE = "开头说明。" * 20


async def test_what_people_read_from_a_picture_is_for_who_may_see_it(filled, site) -> None:
    with closing(sqlite3.connect(filled.kb)) as base, base:
        base.execute(
            "INSERT INTO decisions (decision_id, kind, subject, said, at, about)"
            " VALUES ('de-1', 'image_read', 'ch-c1', '图中写着', '2026-11-24T00:00:00Z', '')"
        )
    for public, held in ((False, ["图中写着"]), (True, [])):
        answer = await site(filled, public=public).client.get("/api/v1/changes/ch-c1")
        assert answer.json()["readings"] == held


async def test_changes_are_the_lines_that_the_verb_prints(reader: DatasetteClient) -> None:
    answer = await reader.get("/api/v1/changes")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert [item["id"] for item in found["items"]] == ["ch-c1", "ch-b1", "ch-a1"]
    assert found["looked_at"] == "2026-11-23T22:43:00Z"
    assert all(ChangeOut.model_validate(item) for item in found["items"])


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("licence=algorithm-filing", ["ch-a1"]),
        ("kind=draft_published,amended&source=sample.wangxin.rules", ["ch-b1", "ch-a1"]),
        ("confirmation=provisional", ["ch-b1"]),
        ("status=not_yet_in_force", ["ch-a1"]),
        ("status=not_yet_in_force&limit=1", ["ch-a1"]),
        ("since=2026-11-25", []),
        ("until=2026-11-24", ["ch-c1", "ch-b1", "ch-a1"]),
        ("q=五个工作日", ["ch-a1"]),
        ("authority=示例平台", ["ch-c1"]),
        ("region=广东", []),
    ],
)
async def test_filters_are_those_of_the_pages(reader: DatasetteClient, asked: str, ids: list[str]) -> None:
    found = (await reader.get(f"/api/v1/changes?{asked}")).json()
    assert [item["id"] for item in found["items"]] == ids


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/changes",
        "/api/v1/documents",
        "/api/v1/documents/do-a1/passages",
        "/api/v1/documents/do-a1/versions",
        "/api/v1/licences",
        "/api/v1/sources",
        "/api/v1/incidents",
        "/api/v1/calendar",
        "/api/v1/search?q=备案",
    ],
)
async def test_a_list_goes_on_until_all_of_it_was_given_once(reader: DatasetteClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    whole = (await reader.get(f"{path}{mark}limit=200")).json()
    assert whole["items"]
    assert whole["next"] is None
    given: list[object] = []
    following = f"{path}{mark}limit=1"
    while following:
        answer = await reader.get(following)
        assert len(answer.json()["items"]) == 1
        given += answer.json()["items"]
        following = answer.json()["next"]
        assert (answer.headers.get("link") == f'<{following}>; rel="next"') is bool(following)
    assert given == whole["items"]


async def test_a_list_goes_on_where_it_was_while_rows_are_added(
    filled: DataDirectory, site: Callable[..., Datasette]
) -> None:
    client = site(filled).client
    first = (await client.get("/api/v1/changes?limit=1")).json()
    with sqlite3.connect(filled.kb) as writer:
        writer.execute(
            "INSERT INTO changes (change_id, page, source, basis, title, kind, significance, confirmation, headline, "
            "reason, flags, observed_to, origin, rules) SELECT 'ch-ff', page, source, basis, title, kind, significance, "
            "confirmation, headline, reason, flags, '2026-11-23T23:00:00Z', origin, rules FROM changes LIMIT 1"
        )
    second = (await client.get(first["next"])).json()
    assert [item["id"] for item in (*first["items"], *second["items"])] == ["ch-c1", "ch-b1"]
    newest = (await client.get("/api/v1/changes?limit=1")).json()
    assert newest["items"][0]["id"] == "ch-ff"


async def test_a_change_whole(reader: DatasetteClient) -> None:
    found = ChangeDetailOut.model_validate((await reader.get("/api/v1/changes/ch-a1")).json())
    assert found.captures == ["ca-a1", "ca-a2"]
    assert {tag.licence for tag in found.tags} == {"algorithm-filing", "deep-synthesis-filing"}
    (span,) = found.passages[1].spans
    assert found.passages[1].after[span.after_start : span.after_end] == "五个工作日" == span.after


async def test_a_swallowed_id_leads_on(reader: DatasetteClient) -> None:
    answer = await reader.get("/api/v1/changes/ch-01")
    assert answer.status_code == 301
    assert answer.headers["location"] == "/api/v1/changes/ch-a1"
    page = await reader.get("/api/v1/documents/pg-a1/passages")
    assert page.headers["location"] == "/api/v1/documents/do-a1/passages"


async def test_a_document_whole_its_text_and_its_versions(reader: DatasetteClient) -> None:
    found = DocumentDetailOut.model_validate((await reader.get("/api/v1/documents/do-a1")).json())
    assert found.status == "not_yet_in_force"
    assert found.changes == ["ch-a1"]
    assert found.pages == ["https://wangxin.example.invalid/2026-11/23/c_0001.htm"]
    text = (await reader.get("/api/v1/documents/do-a1/passages")).json()["items"]
    assert [passage["anchor"] for passage in text][-1] == "第二十四条"
    before = (await reader.get("/api/v1/documents/do-a1/passages?version=ve-a1")).json()["items"]
    assert [passage["anchor"] for passage in before][-1] == "第二十三条"
    assert (await reader.get("/api/v1/documents/do-a1/passages?version=ve-c1")).status_code == 404


async def test_the_calendar_has_days_of_rules_and_of_yearly_duties(reader: DatasetteClient) -> None:
    days = (await reader.get("/api/v1/calendar")).json()["items"]
    assert {"comments_until", "effective", "yearly_duty"} <= {day["kind"] for day in days}
    assert [day["day"] for day in days] == sorted(day["day"] for day in days)
    of_one = (await reader.get("/api/v1/calendar?licence=algorithm-filing&kind=effective")).json()["items"]
    assert [day["source"] for day in of_one] == ["do-a1"]
    assert (await reader.get("/api/v1/calendar?since=0001-01-01&until=9999-12-31")).status_code == 200


async def test_a_licence_whole(reader: DatasetteClient) -> None:
    found = LicenceDetailOut.model_validate((await reader.get("/api/v1/licences/algorithm-filing")).json())
    assert [change.id for change in found.changes] == ["ch-a1"]
    assert found.coverage is not None


async def test_the_watch(reader: DatasetteClient) -> None:
    source = (await reader.get("/api/v1/sources/sample.ca.notice")).json()
    assert (source["state"], source["incidents"]) == ("not_watched", 1)
    (fault,) = (await reader.get("/api/v1/incidents?source=sample.ca.notice&state=open")).json()["items"]
    assert fault["reasons"] == ["HTTP 412，正文 318 字节，含验证脚本"]
    assert (await reader.get("/api/v1/incidents?state=closed")).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/api/v1/changes?license=algorithm-filing", 400, "bad-parameter"),
        ("/api/v1/changes?licence=nothing", 400, "bad-parameter"),
        ("/api/v1/changes?limit=0", 400, "bad-parameter"),
        ("/api/v1/changes?limit=1_0", 400, "bad-parameter"),
        ("/api/v1/changes?limit=1&limit=2", 400, "bad-parameter"),
        ("/api/v1/changes?since=yesterday", 400, "bad-parameter"),
        ("/api/v1/changes?cursor=%25", 400, "bad-parameter"),
        ("/api/v1/changes?cursor=AAAA", 400, "bad-parameter"),
        ("/api/v1/changes?since=2026-11-24&until=2026-11-01", 400, "bad-parameter"),
        ("/api/v1/search", 400, "bad-parameter"),
        ("/api/v1/changes/ch-ffff", 404, "not-found"),
        ("/api/v1/documents/do-ffff/passages", 404, "not-found"),
        ("/api/v1/licences/nothing", 404, "not-found"),
        ("/api/v1/sources/nothing", 404, "not-found"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/api/v2/changes", 404, "not-found"),
    ],
)
async def test_problems_have_one_shape(reader: DatasetteClient, path: str, status: int, name: str) -> None:
    answer = await reader.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["type"] == f"/api#{name}"
    assert said["status"] == status
    assert said["instance"] == path.partition("?")[0]
    assert bool(said["faults"]) is (status == 400)


async def test_a_problem_is_told_in_the_language_asked_for(reader: DatasetteClient) -> None:
    answer = await reader.get("/api/v1/changes?since=x&lang=en")
    assert answer.json()["title"] == "Bad parameter"
    assert answer.json()["faults"] == [
        {"parameter": "since", "value": "x", "why": "not written as described"}
    ]


async def test_without_a_base_the_api_says_so(data: DataDirectory, site: Callable[..., Datasette]) -> None:
    answer = await site(data).client.get("/api/v1/changes")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/api#nothing-kept"


async def test_a_failure_of_ours_is_a_problem_too(
    reader: DatasetteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datasette_config import knowledge

    def fail(_connection: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(knowledge, "newest_look", fail)
    answer = await reader.get("/api/v1/changes?limit=199")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/api#failed"
    assert "secret" not in answer.text


async def test_who_holds_the_same_answer_is_sent_none(reader: DatasetteClient) -> None:
    first = await reader.get("/api/v1/changes?limit=2")
    again = await reader.get("/api/v1/changes?limit=2", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/changes",
        "/api/v1/changes/ch-c1",
        "/api/v1/documents/do-c1",
        "/api/v1/documents/do-c1/passages",
        "/api/v1/documents/do-c1/versions",
        "/api/v1/documents/do-c1/passages?version=ve-c1",
        "/api/v1/search?q=开头说明",
    ],
)
async def test_a_stranger_never_gets_the_text_of_a_platform_page(
    stranger: DatasetteClient, reader: DatasetteClient, path: str
) -> None:
    assert FROM_THE_MIDDLE not in (await stranger.get(path)).text
    assert (await reader.get(path)).status_code == 200


async def test_a_stranger_gets_the_words_around_a_change_with_true_offsets(stranger: DatasetteClient) -> None:
    found = (await stranger.get("/api/v1/changes/ch-c1")).json()
    (passage,) = found["passages"]
    (span,) = passage["spans"]
    assert passage["after"][span["after_start"] : span["after_end"]] == "算法备案截图"
    assert len(passage["after"]) < 200
    refused = await stranger.get("/api/v1/documents/do-c1/passages")
    assert (refused.status_code, json.loads(refused.text)["type"]) == (403, "/api#excerpts-only")
    (hit, *_) = (await stranger.get("/api/v1/search?q=开头说明")).json()["items"]
    assert (hit["snippet"], hit["highlights"]) == ("", [])


async def test_lists_go_on_under_the_prefix_of_the_site(pattern: DataDirectory, made_up: ModuleType) -> None:
    settings = Settings(site=SiteSettings(base_url="https://example.cn/zhengce/"))
    client = build(pattern, settings, now=made_up.NOW).client
    first = (await client.get("/api/v1/changes?limit=1")).json()
    assert first["next"].startswith("/zhengce/api/v1/changes?limit=1&cursor=")
    assert (await client.get("/api/v1/nothing")).json()["type"] == "/zhengce/api#not-found"
    moved = await client.get("/api/v1/changes/ch-01")
    assert moved.headers["location"] == "/zhengce/api/v1/changes/ch-a1"
    document = (await client.get("/api/v1/openapi.json")).json()
    assert document["servers"] == [{"url": "https://example.cn/zhengce/api/v1"}]


async def test_chinese_may_be_sent_unescaped(pattern: DataDirectory, site: Callable[..., Datasette]) -> None:
    """As curl does; a client library escapes it."""
    sent: list[dict[str, object]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/search",
        "raw_path": b"/api/v1/search",
        "query_string": "q=五个工作日".encode(),
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "http_version": "1.1",
    }

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    datasette = site(pattern)
    await datasette.invoke_startup()
    await datasette.app()(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    assert [item["anchor"] for item in json.loads(body)["items"]] == ["第二十四条"]
