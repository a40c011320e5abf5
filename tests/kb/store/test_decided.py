"""What people decide, and what it does to what the looks found."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from world import World, amended, days, rule

from kb.codes import Confirmation, DecisionKind, HeldFor
from kb.decisions import Decision, append_decisions
from kb.errors import DecisionUnreadable
from kb.sqlite import sqlite3
from kb.store import open_reader
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import derive_into

LATER = timedelta(minutes=30)
FIVE = rule(articles=amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。"))
SEVEN = rule(articles=amended(2, "申请人应当自受理之日起七个工作日内补正全部申请材料。"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def look(world: World, day: float, *bodies: bytes) -> list[sqlite3.Row]:
    """A run a body, half an hour apart; then what kb.db says of the changes, oldest first, the same from anew."""
    for number, body in enumerate(bodies):
        with world.run(days(day) + number * LATER) as run:
            run.see(body=body)
    return ingest(world)


def ingest(world: World) -> list[sqlite3.Row]:
    Ingestor(world.data, world.sources).ingest()
    fresh = world.data.root / "fresh.db"
    fresh.unlink(missing_ok=True)
    derive_into(fresh, world.data, world.sources)
    assert list(canonical_dump(open_reader(world.data.kb))) == list(canonical_dump(open_reader(fresh)))
    return open_reader(world.data.kb).execute("SELECT * FROM changes ORDER BY observed_to").fetchall()


def say(world: World, kind: DecisionKind, row: sqlite3.Row, day: float = 9) -> list[sqlite3.Row]:
    decision = Decision(kind, row["change_id"], days(day), about=row["words_key"])
    append_decisions(world.data.decisions, [decision])
    return ingest(world)


def test_a_held_change_is_confirmed_when_a_person_releases_it(world: World) -> None:
    (flip,) = look(world, 0, rule(), FIVE, rule())
    assert (flip["confirmation"], flip["held_for"]) == (Confirmation.HELD, HeldFor.FLIP)
    (released,) = say(world, DecisionKind.CHANGE_RELEASED, flip)
    assert (released["confirmation"], released["found"]) == (Confirmation.CONFIRMED, Confirmation.HELD)
    assert released["confirmed_at"] == "2026-03-11T01:00:00Z"


def test_a_confirmed_change_is_retracted_when_a_person_rejects_it(world: World) -> None:
    (change,) = look(world, 0, rule(), FIVE, FIVE)
    (rejected,) = say(world, DecisionKind.CHANGE_REJECTED, change)
    assert (rejected["confirmation"], rejected["confirmed_at"]) == (Confirmation.RETRACTED, None)
    (again,) = say(world, DecisionKind.CHANGE_RELEASED, change, day=10)
    assert (again["confirmation"], again["confirmed_at"]) == (Confirmation.CONFIRMED, change["confirmed_at"])


def test_the_last_word_holds_whatever_the_order_of_writing(world: World) -> None:
    (flip,) = look(world, 0, rule(), FIVE, rule())
    say(world, DecisionKind.CHANGE_REJECTED, flip, day=12)
    (row,) = say(world, DecisionKind.CHANGE_RELEASED, flip, day=11)
    assert row["confirmation"] == Confirmation.RETRACTED


def test_a_rejection_of_other_words_silences_nothing_and_tells_nothing_unseen(world: World) -> None:
    (pending,) = look(world, 0, rule(), FIVE)
    (row,) = say(world, DecisionKind.CHANGE_REJECTED, pending)
    assert row["confirmation"] == Confirmation.RETRACTED
    (seven,) = look(world, 1, SEVEN)
    assert seven["change_id"] != pending["change_id"], "the first was swallowed and redirects"
    assert seven["confirmation"] == Confirmation.PROVISIONAL
    (held,) = look(world, 2, SEVEN)
    assert (held["found"], held["confirmation"]) == (Confirmation.CONFIRMED, Confirmation.HELD)
    assert held["held_for"] == HeldFor.REWORDED
    (released,) = say(world, DecisionKind.CHANGE_RELEASED, held)
    assert (released["confirmation"], released["held_for"]) == (Confirmation.CONFIRMED, HeldFor.REWORDED)


def test_what_is_said_of_a_swallowed_change_whatever_its_words_follows_the_redirect(world: World) -> None:
    (pending,) = look(world, 0, rule(), FIVE)
    append_decisions(
        world.data.decisions, [Decision(DecisionKind.CHANGE_REJECTED, pending["change_id"], days(1))]
    )
    (row,) = look(world, 1, SEVEN, SEVEN)
    assert row["change_id"] != pending["change_id"]
    assert row["confirmation"] == Confirmation.RETRACTED


def test_the_same_words_at_another_time_are_another_change(world: World) -> None:
    (flip,) = look(world, 0, rule(), FIVE, rule())
    say(world, DecisionKind.CHANGE_REJECTED, flip)
    first, second = look(world, 1, FIVE, FIVE)
    assert first["words_key"] == second["words_key"]
    assert [row["confirmation"] for row in (first, second)] == [
        Confirmation.RETRACTED,
        Confirmation.CONFIRMED,
    ]


def test_a_decision_that_is_taken_out_of_the_files_is_undone(world: World) -> None:
    (flip,) = look(world, 0, rule(), FIVE, rule())
    say(world, DecisionKind.CHANGE_RELEASED, flip)
    for file in world.data.decisions.glob("*.jsonl"):
        file.unlink()
    (row,) = ingest(world)
    assert row["confirmation"] == Confirmation.HELD


def test_a_line_that_cannot_be_read_stops_a_rebuild_and_leaves_what_was_decided(world: World) -> None:
    (flip,) = look(world, 0, rule(), FIVE, rule())
    say(world, DecisionKind.CHANGE_RELEASED, flip)
    (file,) = world.data.decisions.glob("*.jsonl")
    file.write_text(file.read_text() + "?\n")
    report = Ingestor(world.data, world.sources).ingest()
    assert any(f"{file}:2" in problem for problem in report.problems)
    (row,) = open_reader(world.data.kb).execute("SELECT * FROM changes").fetchall()
    assert row["confirmation"] == Confirmation.CONFIRMED
    with pytest.raises(DecisionUnreadable, match=":2"):
        derive_into(world.data.root / "other.db", world.data, world.sources)
