"""What the knowledge base says, read over a real one made through the archive."""

from datetime import timedelta
from pathlib import Path

from kb.codes import Health, Origin, PageRole
from kb.store.ingest import Ingestor
from scheduler.observed import Observed
from tests.kb.store.world import HOST, World, days, declare


def ingest(world: World) -> Observed:
    Ingestor(world.data, world.sources).ingest()
    return Observed(world.data.kb)


def test_one_refused_list_of_two_does_not_blind_the_source(tmp_path: Path) -> None:
    world = World(tmp_path)
    for day in range(3):
        with world.run(days(day)) as run:
            run.list("/a.html")
            run.see("/a.html")
            if day:
                run.see("/list2.html", b"no", status=403, role=PageRole.LIST)
            else:
                run.list("/a.html", path="/list2.html")
    with ingest(world) as observed:
        assert [(i.health, i.whole_source) for i in observed.incidents()] == [(Health.REFUSED, False)]
        assert observed.looked(world.sources, days(1.5), days(2.1)).sources_seen == 1
    for day in (3, 4):
        with world.run(days(day)) as run:
            run.see("/list.html", b"no", status=403, role=PageRole.LIST)
            run.see("/list2.html", b"no", status=403, role=PageRole.LIST)
    with ingest(world) as observed:
        assert [i.whole_source for i in observed.incidents()] == [True, True]
        looked = observed.looked(world.sources, days(3.5), days(4.1))
        assert (looked.sources_due, looked.sources_seen, looked.not_seen) == (1, 0, ("示例规则",))


def test_a_second_look_and_an_import_are_no_look_at_the_source(tmp_path: Path) -> None:
    source = declare(list=None, mechanism="pages", start=[f"{HOST}/a.html", f"{HOST}/b.html"])
    world = World(tmp_path, source)
    with world.run(days(0)) as run:
        run.see("/a.html")
        run.see("/b.html")
    with world.run(days(1)) as run:
        run.see("/a.html")
    with world.run(days(1.1), origin=Origin.IMPORT) as run:
        run.see("/a.html")
        run.see("/b.html")
    with ingest(world) as observed:
        assert observed.looked(world.sources, days(0.5), days(1.2)).sources_seen == 0
        assert observed.looked(world.sources, days(-1), days(1.2)).sources_seen == 1


def test_pages_and_first_looks_are_counted_for_the_sources_asked_about(tmp_path: Path) -> None:
    mine, other = declare("test.mine"), declare("test.other")
    world = World(tmp_path, mine, other)
    for source in (mine, other):
        with world.run(days(0), source=source) as run:
            run.list("/a.html")
            run.see("/a.html")
    with ingest(world) as observed:
        looked = observed.looked({mine.id: mine}, days(-0.1), days(0.1))
        assert (looked.sources_seen, looked.pages, looked.first) == (1, 2, 1)
    with world.run(days(1), source=mine) as run:
        run.list("/a.html")
    with ingest(world) as observed:
        assert observed.looked({mine.id: mine}, days(0.5), days(1.1)).first == 0


def test_a_weekly_source_is_due_once_a_week(tmp_path: Path) -> None:
    world = World(tmp_path, declare(period_hours=7 * 24))
    with world.run(days(0)) as run:
        run.list("/a.html")
    with ingest(world) as observed:
        due = [
            observed.looked(world.sources, days(day - 1), days(day)).sources_due
            for day in (1, 6, 7 + timedelta(hours=1) / timedelta(days=1))
        ]
        assert due == [1, 0, 1]
