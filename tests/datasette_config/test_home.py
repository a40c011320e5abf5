"""``/``: today at a glance, changes of the week by licence type, days to come, the year, a reader's own licence types."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette, DatasetteClient
from lxml import etree

from datasette_config import year
from datasette_config.pages import home as home_page
from datasette_config.saying import today
from kb.calendar import Event
from kb.codes import DateKind
from kb.config import DataDirectory

DAY = date(2026, 11, 24)


def row(**said: Any) -> dict[str, Any]:
    plain = {
        "change_id": "ch-1",
        "kind": "amended",
        "significance": "substantive",
        "confirmation": "confirmed",
        "flags": [],
        "origin": "live",
        "observed_to": "2026-11-23T22:10:00Z",
        "licences": ("algorithm-filing",),
    }
    return plain | said


async def home(reader: DatasetteClient, question: str = "") -> BeautifulSoup:
    answer = await reader.get(f"/{question}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def test_rules_come_before_drafts_drafts_before_words_words_before_routine() -> None:
    ranks = [
        today.rank(row()),
        today.rank(row(kind="draft_published")),
        today.rank(row(significance="editorial")),
        today.rank(row(kind="list_batch")),
    ]
    assert ranks == [0, 1, 2, 3]
    assert today.rank(row(significance="editorial", flags=["needs_reading"])) == 0


def test_a_group_leads_with_its_most_significant_change_and_untagged_ones_come_last() -> None:
    found = today.groups(
        [
            row(change_id="ch-none", licences=()),
            row(change_id="ch-words", significance="editorial", observed_to="2026-11-24T00:00:00Z"),
            row(change_id="ch-rule"),
            row(change_id="ch-other", licences=("icp-license",), significance="editorial"),
        ]
    )
    assert [(group.licence, [each["change_id"] for each in group.rows]) for group in found] == [
        ("algorithm-filing", ["ch-rule", "ch-words"]),
        ("icp-license", ["ch-other"]),
        ("", ["ch-none"]),
    ]


def test_a_change_stands_under_the_licence_type_that_a_reader_follows() -> None:
    found = today.groups([row(licences=("genai-registration", "algorithm-filing"))], ("algorithm-filing",))
    assert [group.licence for group in found] == ["algorithm-filing"]


def test_each_change_is_counted_once_the_most_significant_first() -> None:
    rows = [row(kind="draft_published"), row(), row(), row(significance="editorial")]
    assert today.counted(rows) == "2 处实质性变动 · 1 份征求意见稿 · 1 处文字性变动"
    assert today.counted([]) == ""


def test_what_nobody_confirmed_is_counted_apart() -> None:
    rows = [row(confirmation="provisional"), row(confirmation="held"), row(), row(confirmation="corrected")]
    assert today.counted(rows) == "2 处实质性变动 · 暂缓推送 1 · 待确认 1"
    assert today.counted([row(confirmation="held", kind="draft_published")]) == "暂缓推送 1"


def test_a_day_is_one_of_beijing_and_an_import_belongs_to_none() -> None:
    late = row(observed_to="2026-11-24T16:00:00Z")  # the next day in Beijing
    assert today.seen_on([row(), late, row(origin="import")], DAY, DAY) == [row()]
    assert today.when(row(), DAY) == "今天 06:10"
    assert today.when(row(observed_to="2026-11-22T22:10:00Z"), DAY) == "昨天 06:10"
    assert today.when(row(observed_to="2026-11-20T22:10:00Z"), DAY) == "2026-11-21"


async def test_the_first_lines_say_what_changed_how_complete_the_watch_was_and_what_comes(
    reader: DatasetteClient,
) -> None:
    glance = (await home(reader)).select_one(".glance")
    assert glance.h1.text.startswith("今天：")
    facts = {line.dt.text: line.dd.get_text(" ", strip=True) for line in glance.select("dl > div")}
    assert list(facts) == ["查看情况", "昨天", "近 7 天", "快到的日期"]
    assert facts["查看情况"].startswith("应看 ")
    assert "12-01 意见反馈截止（还有 7 天）" in facts["快到的日期"]


def test_days_on_which_the_same_happens_are_one_at_a_glance() -> None:
    events = tuple(
        Event(id=f"e{number}", kind=DateKind.EFFECTIVE, day=day, title="", about="", source="do-1")
        for number, day in enumerate([DAY, DAY, date(2026, 12, 1)])
    )
    found = home_page._dates(events, DAY)
    assert [(near["day"], near["number"]) for near in found["near"]] == [("11-24", 2), ("12-01", 0)]
    assert len(found["dates"]) == 3


async def test_a_reader_names_licence_types_in_the_address(reader: DatasetteClient) -> None:
    page = await home(reader, "?my=algorithm-filing,icp-license&my=nonsense")
    assert page.h1.text.startswith("今天，您的 2 类事项：")
    assert [heading.text for heading in page.select(".group h3")] == ["算法备案", "ICP许可"]
    quiet = page.select_one(".quiet").text
    assert "变动" in quiet
    assert "无变化" not in page.text
    assert page.select_one(".note").text == "没有这个资质事项：nonsense"
    assert [item.a.text for item in page.select(".mine li")] == ["ICP许可", "算法备案"]
    week = page.select_one('.glance dd a[href*="2026-11-18"]')["href"]
    assert week == "/changes?licence=algorithm-filing,icp-license&since=2026-11-18&until=2026-11-24"
    assert {box["value"] for box in page.select("input[name=my][checked]")} == {
        "algorithm-filing",
        "icp-license",
    }


async def test_hostile_words_in_the_address_stay_words(reader: DatasetteClient) -> None:
    page = await home(reader, "?my=<script>alert(1)</script>")
    assert not page.select("script")
    assert "<script>" in page.select_one(".note").text


async def test_the_year_is_a_picture_its_essence_and_a_table_of_the_same_numbers(
    reader: DatasetteClient,
) -> None:
    page = await home(reader)
    picture = page.select_one("picture img")
    assert "算法与人工智能" in picture["alt"]
    assert len(page.select("picture source")) == 3
    answer = await reader.get(picture["src"])
    assert answer.headers["content-type"] == "image/svg+xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert (root.get("width"), root.get("height")) == (picture["width"], picture["height"])
    sums = [int(cell.text) for cell in page.select("table.numbers tfoot td")]
    drawn = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert sum(sums) > 0
    assert {str(number) for number in sums} <= drawn
    lines = page.select("table.numbers tbody tr")
    assert len(lines) == 53
    assert (
        sum(int(line.select("td")[0].text) for line in lines if line.select("td")[0].text != "—") == sums[0]
    )


def test_a_week_that_nobody_looked_at_is_no_week_without_changes() -> None:
    silent = (0,) * (year.WEEKS - 1)
    found = year.Year(
        date(2025, 11, 24),
        (("ai", (*silent, 4)), ("telecom", (*silent, 4)), ("other", (*silent, 1))),
        frozenset({year.WEEKS - 2, year.WEEKS - 1}),
    )
    lines = year.table(found)["lines"]
    assert [line["numbers"] for line in lines[:3]] == [[4, 4, 1], [0, 0, 0], ["—", "—", "—"]]
    assert "2026-11-16 以前的 51 周未查看" in year.unseen(found)
    assert "各 4 处" in year.essence(found)
    assert "算法与人工智能、电信业务" in year.essence(found)


@pytest.mark.parametrize("question", ["", "?theme=dark&size=narrow", "?theme=<x>&size=9999", "?lang=en"])
async def test_pictures_are_drawn_whatever_is_asked(reader: DatasetteClient, question: str) -> None:
    answer = await reader.get(f"/chart/changes.svg{question}")
    assert answer.status_code == 200
    assert etree.fromstring(answer.content).get("role") == "img"
    again = await reader.get(
        f"/chart/changes.svg{question}", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304


async def test_the_year_is_counted_again_when_something_was_written(
    filled: DataDirectory, site: Callable[..., Datasette], made_up: ModuleType
) -> None:
    reader = site(filled).client
    before = (await home(reader)).select_one("figcaption").text
    with closing(sqlite3.connect(filled.kb)) as connection, connection:
        connection.execute(
            "UPDATE changes SET observed_to = '2026-11-02T00:00:00Z' WHERE change_id = 'ch-a1'"
        )
    assert (await home(reader)).select_one("figcaption").text != before


async def test_many_changes_of_one_licence_type_are_cut_and_counted(
    filled: DataDirectory, site: Callable[..., Datasette], made_up: ModuleType
) -> None:
    base = made_up.Base(filled.kb)
    source = base.source("many.changes")
    page = base.page(source, "pg-many", "https://many.example.invalid/")
    for number in range(9):
        base.change(page, source, f"ch-{number:04x}", f"第{number}处")
        base.tag("change", f"ch-{number:04x}", "icp-license")
    base.close()
    found = await home(site(filled).client)
    group = next(each for each in found.select(".group") if each.h3.text.strip() == "ICP许可")
    assert len(group.select(".row")) == 4
    assert group.select_one("p a").text == "另有 5 处 →"
    assert "licence=icp-license" in group.select_one("p a")["href"]


SEEN, PARTLY = "未见变动", "在看得到的来源上未见变动"
UNSEEN, NO_SOURCE = "未能查看，不能说有没有变动", "没有可自动查看的来源，不能说有没有变动"


@pytest.mark.parametrize(
    ("said", "together"),
    [
        ((SEEN, SEEN), SEEN),
        ((SEEN, UNSEEN), PARTLY),
        ((UNSEEN, NO_SOURCE), UNSEEN),
        ((NO_SOURCE,), NO_SOURCE),
    ],
)
def test_of_several_types_no_more_is_said_than_was_looked_at(said: tuple[str, ...], together: str) -> None:
    assert home_page._nothing(said) == together


async def test_of_days_on_which_nobody_looked_nobody_says_that_nothing_changed(
    reader: DatasetteClient,
) -> None:
    """The made-up base was looked at on 2026-11-24 alone."""
    facts = {
        line.dt.text: line.dd.get_text(" ", strip=True)
        for line in (await home(reader)).select(".glance dl > div")
    }
    assert facts["昨天"] == UNSEEN
    assert "实质性变动" in facts["近 7 天"]


async def test_what_was_retracted_is_counted_nowhere(
    filled: DataDirectory, site: Callable[..., Datasette]
) -> None:
    with closing(sqlite3.connect(filled.kb)) as base, base:
        base.execute("UPDATE changes SET confirmation = 'retracted' WHERE change_id = 'ch-a1'")
    client = site(filled).client
    page = await home(client)
    assert "/change/ch-a1" not in str(page)
    assert "2 处实质性变动" not in page.text
    month = BeautifulSoup((await client.get("/licence/algorithm-filing")).text, "lxml")
    assert "/change/ch-a1" not in str(month)
    counted = BeautifulSoup((await client.get("/licences")).text, "lxml")
    assert "/changes?licence=algorithm-filing" not in str(counted)
    assert "ch-a1" in (await client.get("/changes")).text
