"""``/changes``: every filter in the address, its form, its chips, its pages."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from datasette.app import DatasetteClient

from datasette_config import coverage
from datasette_config.pages import changes

HOSTILE = '"><script>alert(1)</script>'


async def asked(reader: DatasetteClient, question: str = "") -> BeautifulSoup:
    answer = await reader.get(f"/changes{question}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def listed(page: BeautifulSoup) -> list[str]:
    return [link["href"].removeprefix("/change/") for link in page.select(".row .what a")]


async def test_all_changes_stand_under_their_days_the_newest_first(reader: DatasetteClient) -> None:
    page = await asked(reader)
    assert sorted(listed(page)) == ["ch-a1", "ch-b1", "ch-c1"]
    days = [heading.text for heading in page.select(".day h2")]
    assert days == sorted(days, reverse=True)
    assert page.select_one("h1 small").text == "3 处"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("?kind=draft_published", ["ch-b1"]),
        ("?status=draft_open", ["ch-b1"]),
        ("?status=not_yet_in_force,draft_open", ["ch-a1", "ch-b1"]),
        ("?confirmation=provisional", ["ch-b1"]),
        ("?status=repealed", []),
        ("?q=五个工作日", ["ch-a1"]),
        ("?licence=algorithm-filing&kind=amended&q=第二十四条", ["ch-a1"]),
    ],
)
async def test_an_address_filters(reader: DatasetteClient, question: str, expected: list[str]) -> None:
    assert sorted(listed(await asked(reader, question))) == expected


async def test_what_is_active_is_said_and_can_be_taken_away(reader: DatasetteClient) -> None:
    page = await asked(reader, "?licence=algorithm-filing&since=2026-11-01")
    chips = page.select(".chips li:not(.bare)")
    assert [chip.get_text(" ", strip=True) for chip in chips] == ["事项： 算法备案 ×", "从： 2026-11-01 ×"]
    assert [chip.a["href"] for chip in chips] == [
        "/changes?since=2026-11-01",
        "/changes?licence=algorithm-filing",
    ]
    assert page.select_one("select[name=licence] option[selected]")["value"] == "algorithm-filing"
    assert page.select_one("input[name=since]")["value"] == "2026-11-01"


async def test_the_form_keeps_several_values_of_one_name(reader: DatasetteClient) -> None:
    page = await asked(reader, "?licence=algorithm-filing,icp-license")
    chosen = page.select_one("select[name=licence] option[selected]")
    assert (chosen["value"], chosen.text) == ("algorithm-filing,icp-license", "所选 2 项")


async def test_what_cannot_be_read_is_said_and_harms_nothing(reader: DatasetteClient) -> None:
    page = await asked(
        reader, f"?kind={HOSTILE}&since=yesterday&before={HOSTILE}&authority={HOSTILE}&q={HOSTILE}"
    )
    notes = [note.text for note in page.select(".note")]
    assert any("变动类型" in note for note in notes)
    assert any("yesterday" in note for note in notes)
    assert any("翻页位置" in note for note in notes)
    assert not page.select("script")


async def test_an_empty_list_says_what_was_looked_at(reader: DatasetteClient) -> None:
    page = await asked(reader, "?licence=icp-license&until=2001-01-01")
    said = page.select_one(".empty").text
    assert "没有找到变动" in said
    assert "未见变动" not in said  # nobody looked before 2001, and its source cannot be viewed now
    assert "无变化" not in said
    assert "应看 1 个来源，已看 0 个" in said
    assert page.select_one('.empty a[href="/sources"]')
    assert page.select_one('.empty a[href="/licence/icp-license"]')


async def test_the_sources_are_read_once_however_many_types_were_asked_for(
    reader: DatasetteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    monkeypatch.setattr(changes, "look", lambda *given: looks.append(given) or coverage.look(*given))
    page = await asked(reader, "?licence=icp-license,algorithm-filing,edi-license&until=2001-01-01")
    assert len(page.select('.empty a[href^="/licence/"]')) == 3
    assert len(looks) == 1


async def test_pages_follow_one_another_without_loss_or_repetition(
    reader: DatasetteClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "PER_PAGE", 1)
    page = await asked(reader, "?q=&until=2026-11-29")
    found = listed(page)
    while following := page.select_one('a[rel="next"]'):
        page = await asked(reader, following["href"].removeprefix("/changes"))
        found += listed(page)
        assert page.select_one(".pager a:not([rel])").text == "回到最新"
    assert sorted(found) == ["ch-a1", "ch-b1", "ch-c1"]


async def test_spans_of_days_keep_the_other_conditions(reader: DatasetteClient) -> None:
    page = await asked(reader, "?licence=algorithm-filing")
    spans = {link.text: link["href"] for link in page.select(".spans a")}
    assert spans["本月"] == "/changes?licence=algorithm-filing&since=2026-11-01"
    assert page.select_one(".spans [aria-current]").text == "全部"


async def test_the_page_speaks_english_and_keeps_doing_so(reader: DatasetteClient) -> None:
    page = await asked(reader, "?licence=algorithm-filing&lang=en")
    assert page.h1.contents[0] == "Rule changes"
    assert page.select_one("form.filter input[name=lang]")["value"] == "en"
    assert all("lang=en" in link["href"] for link in page.select(".spans a, .chips a"))


@pytest.mark.parametrize("question", ["", "?licence=algorithm-filing&q=期限"])
async def test_a_list_can_be_subscribed_to_and_taken_away(reader: DatasetteClient, question: str) -> None:
    page = await asked(reader, question)
    ways = [link["href"] for link in page.select(".actions a")]
    assert [way.partition("?")[0] for way in ways] == ["/changes.atom", "/changes.csv"]
    for way in ways:
        answer = await reader.get(way)
        assert answer.status_code == 200
        assert ("ch-b1" in answer.text) <= (not question)


async def test_days_are_those_of_beijing(reader: DatasetteClient) -> None:
    """ch-a1 was first seen on 2026-11-23 at 22:12 in UTC: on the 24th at 06:12."""
    assert "ch-a1" in listed(await asked(reader, "?since=2026-11-24"))
    assert "ch-a1" not in listed(await asked(reader, "?until=2026-11-23"))


async def test_days_in_the_wrong_order_are_called_that(reader):
    said = (await reader.get("/changes?since=2026-11-30&until=2026-11-01")).text
    assert "起始日期晚于截止日期（2026-11-30–2026-11-01）" in said
    assert "没有这个值" not in said


async def test_a_list_of_what_is_substantive_says_what_it_includes(reader):
    said = "也含征求意见稿"
    assert said in (await reader.get("/changes?significance=substantive")).text
    assert said not in (await reader.get("/changes")).text
