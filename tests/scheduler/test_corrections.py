"""What the site takes back is corrected to those who were told, once, whatever is derived again in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.codes import Confirmation, Origin
from kb.store import open_reader, queries
from scheduler.held import waiting
from scheduler.ops import Ops
from tests.kb.store.world import ARTICLES, amended, days, rule
from tests.scheduler.house import House

A = ARTICLES
B = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")
C = amended(2, "申请人应当自受理之日起七个工作日内补正全部申请材料。")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Ops(tmp_path / "ops.db") as ops:
        yield House(tmp_path, ops)


def kinds(told: list[tuple[str, str]]) -> list[str]:
    return [kind for kind, _ in told]


def test_what_was_told_and_is_undone_is_corrected_over_a_rebuild(house: House) -> None:
    house.look(0, A, B)
    assert kinds(house.tell()) == ["change"]
    assert house.rebuild() == ([], [])
    house.look(1, A)
    ((kind, subject),) = house.tell()
    assert kind == "correction"
    assert "五个工作日" in subject
    assert "十个工作日" in subject
    for _ in range(2):
        assert house.rebuild() == ([], [])
        house.look(2, A)
        assert house.tell() == []


def test_what_is_undone_before_the_rebuild_and_told_after_it_is_corrected_once(house: House) -> None:
    house.look(0, A, B)
    house.tell()
    house.look(1, A)
    assert house.rebuild() == ([], [])
    assert kinds(house.tell()) == ["correction"]
    house.rebuild()
    assert house.tell() == []
    found = {row.kind: row for row in queries.changes(open_reader(house.world.data.kb))}
    assert found["reverted"].reverts == found["amended"].id
    assert found["amended"].confirmation is Confirmation.CORRECTED


def test_a_correction_names_the_alert_it_answers(house: House) -> None:
    house.look(0, A, B)
    house.tell()
    house.rebuild()
    house.look(1, A)
    house.tell()
    (alert,) = house.ops.rows("SELECT id FROM alerts WHERE kind = 'change'")
    (row,) = house.ops.rows(
        "SELECT facts ->> '$.replies_to' AS to_, body FROM alerts WHERE kind = 'correction'"
    )
    assert row["to_"] == alert["id"]
    assert "五个工作日" in row["body"]


def test_there_and_back_and_there_again_leaves_everybody_with_the_text_that_stands(house: House) -> None:
    house.look(0, A)
    told = []
    for day, articles in enumerate((B, A, B, A), start=1):
        house.look(day, articles)
        told += house.tell()
        house.rebuild()
        assert house.tell() == []
    assert kinds(told) == ["change", "correction", "correction", "correction"]
    for (_, subject), stands in zip(told[1:], ("十个工作日", "五个工作日", "十个工作日"), strict=True):
        assert subject.endswith(f"改回{stands}")


def test_flips_are_counted_and_never_told(house: House) -> None:
    house.look(0, A)
    for day in (1, 2, 3):
        house.look(day, B, A, again=False)
    assert house.tell() == []
    house.rebuild()
    assert house.tell() == []
    assert queries.overview(open_reader(house.world.data.kb)).flips == 3


def test_what_a_person_took_back_is_not_corrected_again_when_the_site_undoes_it(house: House) -> None:
    house.look(0, A, B)
    house.tell()
    (row,) = house.ops.rows("SELECT about FROM alerts")
    house.say("reject", row["about"])
    assert kinds(house.tell()) == ["correction"]
    house.look(1, A)
    assert house.tell() == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=st.lists(st.sampled_from((A, B, C)), min_size=2, max_size=7),
    rebuilds=st.sets(st.integers(0, 6)),
    once=st.sets(st.integers(0, 6)),
)
def test_whatever_a_site_does_nothing_is_told_twice(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[tuple[str, ...]],
    rebuilds: set[int],
    once: set[int],
) -> None:
    root = tmp_path_factory.mktemp("house")
    with Ops(root / "ops.db") as ops:
        house, stands, waits = House(root, ops), texts[0], texts[0]
        house.look(0, texts[0])
        for day, articles in enumerate(texts[1:], start=1):
            house.look(day, articles, again=day not in once)
            expected = 0
            for _ in range(1 + (day not in once)):
                if articles != stands and articles == waits:
                    stands, expected = articles, 1
                waits = articles
            assert len(house.tell()) == expected
            if day in rebuilds:
                assert house.rebuild() == ([], [])
            assert house.tell() == []
        abouts = [row["about"] for row in ops.rows("SELECT about FROM alerts")]
        assert len(abouts) == len(set(abouts))


def test_who_could_not_be_told_of_a_change_hears_of_the_way_back_as_of_any_other(house: House) -> None:
    house.look(0, A, B)
    house.tell()
    (first,) = house.ops.subscriptions()
    house.ops.put_subscription(
        first.model_copy(update={"id": "sub-2", "created_at": None}), now=house.clock.at + timedelta(hours=1)
    )
    house.look(1, A)
    assert sorted(kinds(house.tell())) == ["change", "correction"]
    rows = house.ops.rows("SELECT subscription, kind, subject FROM alerts ORDER BY created_at, subscription")
    (_, correction, change) = [tuple(row) for row in rows]
    assert correction[:2] == ("sub-1", "correction")
    assert change[:2] == ("sub-2", "change")
    assert "十个工作日" in change[2]


def test_an_imported_change_that_the_site_takes_back_before_our_eyes_is_told(house: House) -> None:
    for day, articles in ((-9, A), (-8, B)):
        with house.world.run(days(day), origin=Origin.IMPORT) as run:
            run.see(body=rule(articles=articles))
    house.look(0, B)
    assert house.tell() == []
    house.look(1, A)
    assert kinds(house.tell()) == ["change"]


def test_what_a_person_rejected_and_the_site_then_takes_back_is_told_to_nobody(house: House) -> None:
    house.look(0, A, B)
    house.tell()
    (change,) = queries.changes(open_reader(house.world.data.kb))
    house.say("reject", change.id)
    assert kinds(house.tell()) == ["correction"]
    house.look(1, A)
    assert house.tell() == []


@pytest.mark.parametrize("rebuilt", [False, True])
def test_a_log_that_arrives_late_renames_a_change_and_tells_it_to_nobody_again(
    house: House, tmp_path: Path, rebuilt: bool
) -> None:
    house.look(0, A)
    with house.world.run(days(1)) as run:
        run.see(body=rule(articles=B))
    folder = house.world.data.captures / "test.rules"
    late = [file for file in folder.iterdir() if file.name.startswith("20260303T")]
    assert len(late) == 2
    for file in late:
        file.rename(tmp_path / file.name)
    house.look(2, B)
    assert kinds(house.tell()) == ["change"]
    (told,) = queries.changes(open_reader(house.world.data.kb))
    for file in late:
        (tmp_path / file.name).rename(file)
    if rebuilt:
        assert house.rebuild() == ([], [])
    else:
        house.ingest()
    (renamed,) = queries.changes(open_reader(house.world.data.kb))
    assert renamed.id != told.id
    assert house.tell() == []
    assert waiting(house.world.data) == []
    house.look(4, A)
    assert kinds(house.tell()) == ["correction"]
