"""A new vocabulary over all of history: what it gives and takes, and that it tells nobody by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.codes import HeldFor
from kb.store import open_reader, queries
from kb.store.dump import canonical_dump
from scheduler.held import waiting
from scheduler.ops import Ops
from scheduler.retagging import Retagging, retag, try_vocabulary
from tests.kb.store.world import ARTICLES
from tests.scheduler.house import House
from tests.scheduler.test_reviewing import FILED, reached, tag_as_before, told_before_the_tag_is_known


@pytest.fixture
def house(tmp_path: Path, ops: Ops) -> House:
    return House(tmp_path, ops)


def licences(found: Retagging) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    gained, lost = ({(t.target, t.tag.licence) for t in tags} for tags in (found.gained, found.lost))
    return gained, lost


def dump(house: House) -> list[str]:
    return list(canonical_dump(open_reader(house.world.data.kb)))


def test_a_trial_says_what_a_retag_does_and_changes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag_as_before(monkeypatch)
    house.look(0, ARTICLES, FILED)
    house.tell()
    monkeypatch.undo()
    before = dump(house)
    tried = try_vocabulary(house.world.data, house.world.sources)
    assert licences(tried) == ({("change", "algorithm-filing")}, set())
    assert dump(house) == before
    done = retag(house.world.data, house.world.sources, now=house.clock.now())
    assert licences(done) == licences(tried)
    assert done.gained[0].tag.evidence == "算法备案"
    assert [held.held_for for held in waiting(house.world.data)] == [HeldFor.RETAGGED]
    assert house.tell() == []
    assert reached(house) == {"sub-1": "change"}
    after = dump(house)
    again = retag(house.world.data, house.world.sources, now=house.clock.now())
    assert (again.gained, again.lost) == ((), ())
    assert dump(house) == after


def test_a_tag_that_the_new_vocabulary_loses_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.look(0, ARTICLES, FILED)
    house.tell()
    tag_as_before(monkeypatch)
    done = retag(house.world.data, house.world.sources, now=house.clock.now())
    assert licences(done) == (set(), {("change", "algorithm-filing")})
    (row,) = queries.changes(open_reader(house.world.data.kb))
    assert row.licences == ()
    assert house.tell() == []
    assert waiting(house.world.data) == []


def test_a_tag_that_is_lost_while_it_waits_and_found_again_waits_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_before_the_tag_is_known(house, monkeypatch)
    assert len(waiting(house.world.data)) == 1
    tag_as_before(monkeypatch)
    house.ingest()
    house.tell()
    assert waiting(house.world.data) == []
    monkeypatch.undo()
    house.ingest()
    assert house.tell() == []
    assert [held.held_for for held in waiting(house.world.data)] == [HeldFor.RETAGGED]
