"""Run logs and captures -> rows: the semantics of versions, changes and incidents, end to end through the real reader."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.archive import Heads
from kb.codes import (
    ChangeKind,
    Confirmation,
    Flag,
    Health,
    HeldFor,
    IncidentState,
    Origin,
    PageRole,
    VersionKind,
)
from kb.errors import NotFound
from kb.model import page_id
from kb.sqlite import sqlite3
from kb.store import open_reader, queries
from kb.store.connection import open_writer
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.report import IngestReport

FIVE = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")
SEVEN = amended(2, "申请人应当自受理之日起七个工作日内补正全部申请材料。")
LATER = timedelta(minutes=30)
PAGE = page_id("test.rules", f"{HOST}/a.html")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def ingest(world: World) -> IngestReport:
    return Ingestor(world.data, world.sources).ingest()


def changes(world: World) -> tuple[queries.ChangeRow, ...]:
    return queries.changes(open_reader(world.data.kb))


def kinds(world: World, identifier: str = PAGE) -> list[VersionKind]:
    return [version.kind for version in queries.history(open_reader(world.data.kb), identifier)]


def test_baseline_then_provisional_then_confirmed(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    assert ingest(world).changes == []
    with world.run(days(1)) as run:
        run.see(body=rule(articles=FIVE))
    report = ingest(world)
    (row,) = changes(world)
    assert report.changes == [row.id]
    assert (row.confirmation, row.kind) == (Confirmation.PROVISIONAL, ChangeKind.AMENDED)
    assert (row.observed_from, row.observed_to) == ("2026-03-02T01:00:05Z", "2026-03-03T01:00:05Z")
    assert queries.provisional(open_reader(world.data.kb), seen_before=days(2))[0].id == row.id
    with world.run(days(1) + LATER) as run:
        run.see(body=rule(articles=FIVE))
    assert ingest(world).changes == [row.id]
    detail = queries.change(open_reader(world.data.kb), row.id)
    assert detail.row.confirmation is Confirmation.CONFIRMED
    assert "五个工作日" in detail.passages[0].after
    assert len(detail.captures) == 2
    assert {tag.licence for tag in detail.tags} == {"vats-license"}


def test_ingest_again_finds_nothing(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    ingest(world)
    before = list(canonical_dump(open_reader(world.data.kb)))
    report = ingest(world)
    assert report.totals["seen"] == 0
    assert list(canonical_dump(open_reader(world.data.kb))) == before


def test_search_finds_the_confirmed_text_only(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(1)) as run:
        run.see(body=rule(articles=FIVE))
    ingest(world)
    reader = open_reader(world.data.kb)
    assert queries.search(reader, "十个工作日")
    assert not queries.search(reader, "五个工作日")
    with world.run(days(1) + LATER) as run:
        run.see(body=rule(articles=FIVE))
    ingest(world)
    assert not queries.search(reader, "十个工作日")
    (hit,) = queries.search(reader, "五个工作日")
    assert (hit.document, hit.anchor) == (PAGE, "第三条")
    assert [hit.snippet[start:end] for start, end in hit.highlights] == ["五个工作日"]


def test_third_state_swallows_and_the_old_id_leads_on(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(1)) as run:
        run.see(body=rule(articles=FIVE))
    ingest(world)
    (swallowed,) = changes(world)
    with world.run(days(1) + LATER) as run:
        run.see(body=rule(articles=SEVEN))
    ingest(world)
    (row,) = changes(world)
    assert row.id != swallowed.id
    assert "七个工作日" in row.headline
    assert "十个工作日" in row.headline
    assert queries.change(open_reader(world.data.kb), swallowed.id).row.id == row.id


def test_flip_is_held(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(1)) as run:
        run.see(body=rule(articles=FIVE))
    with world.run(days(1) + LATER) as run:
        run.see()
    ingest(world)
    (row,) = changes(world)
    assert (row.confirmation, row.held_for) == (Confirmation.HELD, HeldFor.FLIP)
    assert queries.pages(open_reader(world.data.kb), "test.rules")[0].flips == 1


def test_confirmed_and_undone_is_corrected(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    for day, articles in ((1, FIVE), (2, ARTICLES)):
        for at in (days(day), days(day) + LATER):
            with world.run(at) as run:
                run.see(body=rule(articles=articles))
    ingest(world)
    reverted, first = changes(world)
    assert (reverted.kind, reverted.confirmation) == (ChangeKind.REVERTED, Confirmation.CONFIRMED)
    assert (reverted.reverts, first.confirmation) == (first.id, Confirmation.CORRECTED)


def test_a_block_page_is_an_incident_and_the_version_stands(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(1)) as run:
        run.see(body=b"<html><body><h1>403 Forbidden</h1></body></html>", status=403)
        run.fail("/b.html")
    report = ingest(world)
    assert report.totals["incidents_opened"] == 2
    assert changes(world) == ()
    assert kinds(world) == [VersionKind.FIRST]
    reader = open_reader(world.data.kb)
    assert {row.health for row in queries.open_incidents(reader)} == {Health.REFUSED, Health.UNREACHABLE}
    (source,) = queries.source_states(reader)
    assert (source.state, source.troubled) == ("not_watched", 2)
    with world.run(days(2)) as run:
        run.see()
    assert ingest(world).totals["incidents_closed"] == 1
    assert [row.state for row in queries.incidents(reader)] == [IncidentState.OPEN, IncidentState.CLOSED]


def test_a_refused_look_repeated_as_unchanged_repeats_the_incident(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    for day in (1, 2, 3):
        with world.run(days(day)) as run:
            run.see(body=b"<html><body>403 Forbidden</body></html>", status=403)
    assert ingest(world).totals["unchanged"] == 2
    (row,) = queries.incidents(open_reader(world.data.kb))
    assert row.occurrences == 3


def test_noise_outside_the_body_makes_no_version(world: World) -> None:
    with world.run(days(0)) as run:
        run.see(fingerprint="one")
    with world.run(days(1)) as run:
        run.see(body=rule(noise="阅读 1234"), fingerprint="two")
    assert ingest(world).totals["kept"] == 2
    assert kinds(world) == [VersionKind.FIRST]
    assert changes(world) == ()


def test_import_confirms_at_once_and_runs_are_no_rows(world: World) -> None:
    with world.run(days(9), origin=Origin.IMPORT) as run:
        run.see(at=days(0))
        run.see(body=rule(articles=FIVE), at=days(1))
    ingest(world)
    (row,) = changes(world)
    assert (row.confirmation, row.origin) == (Confirmation.CONFIRMED, Origin.IMPORT)
    assert not row.reread
    assert open_reader(world.data.kb).execute("SELECT count(*) FROM runs").fetchone()[0] == 0


def test_an_image_replaced_needs_reading(world: World) -> None:
    png = (("Content-Type", "image/png"),)
    for at, body in ((days(0), PNG), (days(1), PNG + b"x"), (days(1) + LATER, PNG + b"x")):
        with world.run(at) as run:
            run.see()
            run.see("/i.png", body, role=PageRole.IMAGE, headers=png, parent=PAGE, title="流程图")
    ingest(world)
    (row,) = changes(world)
    assert (row.kind, row.flags) == (ChangeKind.IMAGE_REPLACED, (Flag.NEEDS_READING,))
    assert (row.document, row.confirmation) == (PAGE, Confirmation.CONFIRMED)
    assert row.headline == "流程图：图片被更换，内容待人工判读"
    assert row.licences == ("vats-license",), "an image concerns what its document concerns"


def test_old_rules_of_a_declaration_make_a_technical_version(tmp_path: Path) -> None:
    """The site is as it was; from the second day on we also read the note under the rule."""
    old = {"body": [{"css": "div.content"}], "min_characters": 5, "valid_until": "2026-03-02"}
    new = {"body": [{"css": "div.content, div.note"}], "min_characters": 5}
    world = World(tmp_path, declare(document=new, history=[old]))
    page = rule().replace(
        b"</body>", "<div class='note'>附：本办法由主管部门负责解释。</div></body>".encode()
    )
    for day in (0, 3):
        with world.run(days(day)) as run:
            run.see(body=page, fingerprint=str(day))
    ingest(world)
    assert kinds(world) == [VersionKind.FIRST, VersionKind.TECHNICAL]
    assert changes(world) == ()
    assert queries.search(open_reader(world.data.kb), "负责解释")


def test_a_new_declaration_reads_the_source_again(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
        run.see("/b.html", rule("另一办法"))
    ingest(world)
    world.sources = {"test.rules": declare(noise={"patterns": ["第四条.*"]})}
    world.source = world.sources["test.rules"]
    ingest(world)
    fresh = World(world.data.root, world.source)
    held = list(canonical_dump(open_reader(world.data.kb)))
    from kb.store.maintenance import derive_into

    again = world.data.root / "again.db"
    derive_into(again, fresh.data, fresh.sources)
    assert held == list(canonical_dump(open_reader(again)))
    with world.run(days(1)) as run:
        run.see()
    ingest(world)
    assert changes(world) == ()


def test_a_change_seen_under_other_rules_says_so(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(1)) as run:
        run.see(body=rule(articles=FIVE))
    ingest(world)
    assert [row.reread for row in changes(world)] == [False]
    world.sources = {"test.rules": declare(delay_seconds=9, hosts=["gov.example.cn", "www.example.cn"])}
    ingest(world)
    assert [row.reread for row in changes(world)] == [True]


def test_a_torn_record_is_an_incident_and_the_rest_goes_on(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
        run.see("/b.html", rule("另一办法"))
    (warc,) = world.data.captures.glob("*/*.warc.gz")
    log = next(world.data.captures.glob("*/*.jsonl"))
    record = json.loads(log.read_text().splitlines()[1])["record"]
    data = bytearray(warc.read_bytes())
    data[record["offset"] + 5] ^= 0xFF
    warc.write_bytes(data)
    report = ingest(world)
    assert len(report.problems) == 1
    (incident,) = queries.open_incidents(open_reader(world.data.kb))
    assert (incident.health, incident.page) == (Health.TRUNCATED, PAGE)
    assert [row.title for row in queries.search(open_reader(world.data.kb), "十个工作日")] == ["另一办法"]


@pytest.mark.parametrize(
    "line", [b"{\n", b"\xff\xfe\n", b"5\n", b"[1]\n", b'{"type":"seen"}\n', b"null\n", b'"x"\n']
)
def test_an_unreadable_line_is_an_incident_that_a_good_run_closes(world: World, line: bytes) -> None:
    with world.run(days(0)) as run:
        run.see()
    log = next(world.data.captures.glob("*/*.jsonl"))
    first, second, end = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + line + second + end)
    report = ingest(world)
    assert len(report.problems) == 1
    assert kinds(world) == [VersionKind.FIRST]
    reader = open_reader(world.data.kb)
    (incident,) = queries.open_incidents(reader)
    assert incident.page is None
    with world.run(days(1), heads=Heads(log.parent, "test.rules")) as run:
        run.see()
    ingest(world)
    assert queries.open_incidents(reader) == ()


def test_a_line_still_being_written_is_left_for_the_next_time(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    log = next(world.data.captures.glob("*/*.jsonl"))
    whole = log.read_bytes()
    log.write_bytes(whole[:-40])
    ingest(world)
    log.write_bytes(whole)
    assert ingest(world).problems == []
    assert open_reader(world.data.kb).execute("SELECT status FROM runs").fetchone()[0] == "ok"


def test_a_source_without_declaration_is_skipped_and_said(world: World) -> None:
    other = declare("test.other")
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(0), source=other) as run:
        run.see()
    report = ingest(world)
    assert any("test.other" in problem for problem in report.problems)
    assert report.sources["test.other"].skipped == 1
    world.sources["test.other"] = other
    assert ingest(world).sources["test.other"].kept == 1


def test_an_unusable_declaration_stops_its_source_alone(world: World) -> None:
    world.sources["test.bad"] = bad = declare("test.bad", document={"body": [{"css": "div[["}]})
    with world.run(days(0)) as run:
        run.see()
    with world.run(days(0), source=bad) as run:
        run.see()
    report = ingest(world)
    assert any("test.bad" in problem for problem in report.problems)
    assert kinds(world) == [VersionKind.FIRST]


def test_a_list_that_lost_its_rows_is_an_incident(world: World) -> None:
    with world.run(days(0)) as run:
        run.list("/a.html")
    with world.run(days(1)) as run:
        run.list()
    ingest(world)
    (incident,) = queries.open_incidents(open_reader(world.data.kb))
    assert incident.health is Health.BODY_GONE
    listing = open_reader(world.data.kb).execute("SELECT dropped_at FROM listings").fetchone()
    assert listing[0] is None


def test_unknown_ids_are_not_found(world: World) -> None:
    with world.run(days(0)) as run:
        run.see()
    ingest(world)
    reader = open_reader(world.data.kb)
    with pytest.raises(NotFound):
        queries.change(reader, "ch-000000000000")
    with pytest.raises(NotFound):
        queries.document(reader, "https://gov.example.cn/zzz.html")
    with pytest.raises(NotFound):
        queries.changes(reader, licence="no-such-licence")


def test_unchanged_looks_cost_statements_a_page_not_a_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def traced(path: Path) -> sqlite3.Connection:
        connection = open_writer(path)
        connection.set_trace_callback(asked.append)
        return connection

    def statements(day: int, looks: int) -> int:
        with world.run(days(day)) as run:
            for _ in range(looks):
                for number in range(20):
                    run.see(f"/{number}.html", rule())
        asked.clear()
        assert ingest(world).totals["unchanged"] == 20 * looks
        return len(asked)

    for moment in (days(0), days(0) + LATER):
        with world.run(moment) as run:
            for number in range(20):
                run.see(f"/{number}.html", rule())
    ingest(world)
    monkeypatch.setattr("kb.store.ingest.open_writer", traced)
    few, many = statements(1, 5), statements(2, 50)
    assert many < few + 100, f"{few} statements for 100 looks, {many} for 1,000"
