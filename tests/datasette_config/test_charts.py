"""Pictures of counts: the same bytes always, words as text, nothing that the site's policy forbids."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from datasette_config.saying.charts import NARROW, SVG, WIDE, Counts, daily, look, weekly

YEAR = Counts(
    date(2025, 11, 24),
    (("算法与人工智能", tuple(number % 5 for number in range(53))), ("<b>&", (0,) * 52 + (3,))),
    "每周的变动",
    "近一年共 107 处，最多的是算法与人工智能",
)
LOOKS = [look(), look(dark=True), look(narrow=True), look(dark=True, narrow=True)]


def texts(picture: bytes) -> list[str]:
    return [element.text for element in etree.fromstring(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("seen", LOOKS)
def test_a_picture_is_the_same_bytes_and_says_what_it_shows(seen: object) -> None:
    picture = weekly(YEAR, seen)
    assert picture == weekly(YEAR, seen)
    root = etree.fromstring(picture)
    assert root.get("role") == "img"
    assert [root.find(f"{SVG}{name}").text for name in ("title", "desc")] == [YEAR.title, YEAR.summary]
    assert root.get("aria-labelledby") == "title desc"
    assert {"算法与人工智能", "<b>&", str(sum(YEAR.series[0][1])), "3", "2026-03"} <= set(texts(picture))
    assert len(picture) < 30_000


def test_nothing_in_a_picture_needs_a_permission() -> None:
    for picture in (weekly(YEAR, look()), daily(YEAR, look(dark=True))):
        for element in etree.fromstring(picture).iter(etree.Element):
            assert etree.QName(element).localname not in {
                "style",
                "script",
                "image",
                "foreignObject",
                "metadata",
            }
            assert "style" not in element.attrib
            assert all(
                not name.endswith("href") or value.startswith("#") for name, value in element.attrib.items()
            )


def test_a_picture_has_the_width_it_is_shown_at() -> None:
    assert etree.fromstring(weekly(YEAR, look())).get("width") == str(WIDE)
    assert etree.fromstring(weekly(YEAR, look(narrow=True))).get("viewBox").split()[2] == str(NARROW)


def test_days_stand_on_top_of_each_other_under_their_names() -> None:
    counts = Counts(date(2026, 10, 20), (("看到", (4, 4, 0)), ("未能查看", (0, 1, 5))), "每日", "三天")
    assert {"■ 看到 8", "■ 未能查看 6"} <= set(texts(daily(counts, look())))


@pytest.mark.parametrize("series", [(), (("空", ()),), (("空", (0, 0, 0)),), (("一", (1,)),)])
def test_nothing_to_show_is_still_a_picture(series: tuple[tuple[str, tuple[int, ...]], ...]) -> None:
    counts = Counts(date(2026, 1, 1), series, "t", "s")
    for draw in (weekly, daily):
        assert etree.fromstring(draw(counts, look())).tag == f"{SVG}svg"


def test_a_picture_is_drawn_at_the_end_of_the_calendar() -> None:
    assert daily(Counts(date(9999, 12, 30), (("a", (1, 1)),), "t", "s"), look())
