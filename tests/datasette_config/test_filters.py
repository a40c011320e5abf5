# ruff: noqa: S608 -- the condition under test
"""What a reader may ask of lists, in the address: read, said again, and turned into a question."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from urllib.parse import parse_qsl

import pytest
from datasette.utils import MultiParams
from hypothesis import given
from hypothesis import strategies as st

from datasette_config.choosing.filters import MOST_VALUES, Filter, pairs, parse, query, without
from datasette_config.choosing.selecting import where, where_documents
from kb.config import DataDirectory

DAY = date(2026, 11, 24)


def asked(address: str) -> Filter:
    return parse(MultiParams(parse_qsl(address, keep_blank_values=True)))


def test_an_address_names_every_filter() -> None:
    found = asked(
        "licence=icp-license,algorithm-filing&authority=示例网信办&region=广东省&source=sample.cac.rules&kind=amended"
        "&significance=substantive&status=in_force&confirmation=confirmed&since=2026-11-01&until=2026-11-30"
        "&draft=no&q=期限 备案"
    )
    assert found == Filter(
        licence=("icp-license", "algorithm-filing"),
        authority=("示例网信办",),
        region=("广东",),
        source=("sample.cac.rules",),
        kind=("amended",),
        significance=("substantive",),
        status=("in_force",),
        confirmation=("confirmed",),
        draft="no",
        since=date(2026, 11, 1),
        until=date(2026, 11, 30),
        words=("期限", "备案"),
    )
    assert found.unread == ()
    assert asked(query(found)) == found


def test_what_cannot_be_read_is_left_out_and_named() -> None:
    found = asked(
        "licence=nonsense&kind=technical&status=gone&since=2026-02-30&until=20261124&draft=maybe&source=A/B&significance="
    )
    assert not found
    assert found.unread == (
        ("licence", "nonsense"),
        ("source", "A/B"),
        ("kind", "technical"),
        ("status", "gone"),
        ("since", "2026-02-30"),
        ("until", "20261124"),
        ("draft", "maybe"),
    )


def test_an_end_before_its_beginning_is_not_used() -> None:
    found = asked("since=2026-11-24&until=2026-11-01")
    assert (found.since, found.until, found.unread) == (
        DAY,
        None,
        (("order", "2026-11-24–2026-11-01"),),
    )


def test_one_value_can_be_taken_away() -> None:
    found = asked("licence=icp-license,algorithm-filing&q=期限 备案&since=2026-11-01")
    assert query(without(found, "licence", "icp-license")) == query(
        asked("licence=algorithm-filing&q=期限 备案&since=2026-11-01")
    )
    assert without(found, "q", "期限").words == ("备案",)
    assert without(found, "since", "2026-11-01").since is None
    every = found
    for name, value in pairs(found):
        every = without(every, name, value)
    assert every == Filter()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["licence", "region", "kind", "since", "q", "source", "authority", "draft"]),
            st.text(max_size=30),
        )
    )
)
def test_whatever_is_asked_is_read_and_said_again(arguments: list[tuple[str, str]]) -> None:
    found = parse(MultiParams(arguments))
    assert parse(MultiParams(parse_qsl(query(found)))) == found


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", {"ch-a1", "ch-b1", "ch-c1"}),
        ("licence=algorithm-filing&since=2026-11-24", {"ch-a1"}),
        ("source=nowhere", set()),
        ("q=五个工作日", {"ch-a1"}),
        ("q=五个工作日 没有这话", set()),
        ("until=2020-01-01", set()),
    ],
)
def test_the_condition_finds_what_was_asked(pattern: DataDirectory, address: str, expected: set[str]) -> None:
    sql, values = where(asked(address), DAY)
    with closing(sqlite3.connect(pattern.kb)) as connection:
        found = {row[0] for row in connection.execute(f"SELECT change_id FROM changes c WHERE {sql}", values)}
    assert found == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("status=not_yet_in_force", {"do-a1"}),
        ("draft=yes", {"do-b1"}),
        ("q=示例网信办令", {"do-a1"}),
        ("licence=algorithm-filing&until=2026-11-23&since=2026-11-23", {"do-a1"}),
        ("status=draft_open,not_yet_in_force", {"do-a1", "do-b1"}),
    ],
)
def test_documents_are_found_by_the_same_filter(
    pattern: DataDirectory, address: str, expected: set[str]
) -> None:
    sql, values = where_documents(asked(address), DAY)
    with closing(sqlite3.connect(pattern.kb)) as connection:
        found = {
            row[0] for row in connection.execute(f"SELECT document_id FROM documents d WHERE {sql}", values)
        }
    assert found == expected


def test_lists_under_common_filters_read_one_index(pattern: DataDirectory) -> None:
    for address in ("", "kind=repealed", "q=备案"):
        sql, values = where(asked(address), DAY)
        question = (
            f"SELECT c.id FROM changes c WHERE {sql} ORDER BY c.observed_to DESC, c.change_id DESC LIMIT 51"
        )
        with closing(sqlite3.connect(pattern.kb)) as connection:
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}", values))
        assert "changes_told" in plan, (address, plan)
        assert "TEMP B-TREE" not in plan, (address, plan)


def test_an_address_with_a_thousand_values_asks_for_no_more_than_some() -> None:
    found = asked("source=" + ",".join(f"sample.s{number}" for number in range(1000)))
    assert len(found.source) == MOST_VALUES < 100
