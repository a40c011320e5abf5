"""``/sources``, ``/source/<id>`` and ``/incidents``: how each source stands, its streak, and what a person can do."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser as Html

from datasette_config import coverage, knowledge
from datasette_config.saying import rounds
from kb.codes import Coverage, Health, IncidentState
from kb.coverage import LicenceCoverage
from kb.store import open_reader
from kb.store.queries import IncidentRow


def run(at: str, status: str = "ok", **counts: int) -> dict[str, object]:
    return {"started_at": at, "finished_at": at, "status": status, "counts": counts}


def incident(opened: str, closed: str | None) -> IncidentRow:
    return IncidentRow(
        "in-1", "s", "s", None, None, Health.CHALLENGE, IncidentState.OPEN, opened, opened, closed, 1, ()
    )


RUNS = [run(f"2026-11-{day:02d}T22:00:00Z") for day in (24, 23, 22, 21)]


def test_a_streak_of_rounds_without_fault_begins_after_the_last_one() -> None:
    found = rounds.streak(RUNS, [incident("2026-11-22T22:00:00Z", "2026-11-23T22:00:00Z")])
    assert found == rounds.Streak(good=True, rounds=2, since="2026-11-23T22:00:00Z")
    assert "连续 2 次巡查没有监测异常" in found.said


def test_a_streak_of_rounds_with_faults_counts_an_open_incident_in_each() -> None:
    found = rounds.streak(RUNS, [incident("2026-11-23T22:00:00Z", None)])
    assert found == rounds.Streak(good=False, rounds=2, since="2026-11-23T22:00:00Z")


@pytest.mark.parametrize(
    "bad", [run("2026-11-25T22:00:00Z", "unfinished"), run("2026-11-25T22:00:00Z", failed=1)]
)
def test_a_round_that_broke_off_or_lost_a_page_is_no_good_one(bad: dict[str, object]) -> None:
    assert rounds.streak([bad, *RUNS], []) == rounds.Streak(False, 1, "2026-11-25T22:00:00Z")


def test_no_round_is_no_streak() -> None:
    assert rounds.streak([], []) is None
    assert rounds.next_round([], 24, failing=False) is None


def test_the_next_round_is_a_period_after_the_last_and_sooner_while_it_fails() -> None:
    assert rounds.next_round(RUNS, 24, failing=False) == datetime(2026, 11, 25, 22, tzinfo=UTC)
    assert rounds.next_round(RUNS, 24, failing=True) == datetime(2026, 11, 25, 4, tzinfo=UTC)
    assert rounds.next_round(RUNS, 4, failing=True) == datetime(2026, 11, 25, 2, tzinfo=UTC)


async def test_a_source_that_fails_says_why_and_what_a_person_can_do(reader):
    text = Html((await reader.get("/source/sample.ca.notice")).text).css_first("main").text()
    for said in (
        "未能查看",
        "要求人机验证",
        "HTTP 412，正文 318 字节，含验证脚本",
        "本系统不绕过验证。",
        "zhengce import 保存的文件 --source sample.ca.notice",
        "每 24 小时一次",
        "2026-11-03 06:18",
    ):
        assert said in text


async def test_a_source_that_is_seen_lists_its_changes_and_its_days(reader):
    page = Html((await reader.get("/source/sample.wangxin.rules")).text)
    assert page.css_first('main a[href="/change/ch-a1"]') is not None
    assert "没有未恢复的监测异常" in page.css_first("main").text()
    assert len(page.css(".numbers tbody tr")) >= 1


async def test_the_days_are_a_picture_with_words(reader):
    answer = await reader.get("/source/sample.wangxin.rules/looks.svg?theme=dark")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    root = etree.fromstring(answer.content)
    assert root.get("role") == "img"
    assert "近 60 天每天的留存" in "".join(root.itertext())


@pytest.mark.parametrize("path", ["/source/nobody.declares", "/source/nobody.declares/looks.svg"])
async def test_a_source_that_nobody_declares_is_not_found(reader, path):
    assert (await reader.get(path)).status_code == 404


async def test_a_message_points_at_its_incident(reader):
    page = Html((await reader.get("/incidents")).text)
    assert page.css_first("#in-20c1") is not None
    assert page.css_first('a[href="/source/sample.ca.notice"]') is not None


async def test_every_source_leads_to_its_page(reader):
    page = Html((await reader.get("/sources")).text)
    for link in page.css("#sources ~ div td:first-child a[href^='/source/']"):
        assert (await reader.get(link.attributes["href"])).status_code == 200


def test_days_of_a_source_are_those_of_beijing(pattern):
    """Its round began on 2026-11-23 at 22:00 in UTC, and what it kept was kept at 22:12."""
    with closing(open_reader(pattern.kb)) as connection:
        source = knowledge.source(connection, "sample.wangxin.rules")["id"]
        since = "2026-11-22T16:00:00Z"
        assert [row["day"] for row in knowledge.captures_per_day(connection, source, since)] == ["2026-11-24"]
        assert list(knowledge.runs_per_day(connection, source, since)) == ["2026-11-24"]


def test_in_english_too_a_type_without_national_source_is_seen_in_its_provinces_only() -> None:
    found = LicenceCoverage("icp", Coverage.BLIND, Coverage.BLIND, None, None, ("示例省",), ())
    said = coverage._english(found)
    assert "seen in 示例省 only, no national source" in said
    assert "blind spot;" not in said
