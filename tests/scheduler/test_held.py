"""From captures to a decision to the outbox, over a real knowledge base, its rebuild included."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kb.codes import DecisionKind, HeldFor, PageRole
from kb.config import Settings
from kb.decisions import read_decisions
from kb.errors import NotFound, UsageError
from kb.store import queries
from scheduler.cli import zhengce
from scheduler.held import waiting
from scheduler.jobs import Context, run_once
from scheduler.observed import Observed
from scheduler.ops import Ops
from tests.kb.store.world import ARTICLES, amended, days, rule
from tests.scheduler.house import House

LATER = timedelta(minutes=30)
FIVE = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")
SEVEN = amended(2, "申请人应当自受理之日起七个工作日内补正全部申请材料。")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Ops(tmp_path / "ops.db") as ops:
        yield House(tmp_path, ops)


def test_a_flip_is_shown_with_its_words_and_goes_out_once_when_released(house: House) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    assert house.tell() == []
    (held,) = waiting(house.world.data)
    assert held.held_for is HeldFor.FLIP
    assert [(p.before, p.after) for p in held.passages] == [(ARTICLES[2], FIVE[2])]
    house.say("release", who="张三")
    assert waiting(house.world.data) == []
    ((kind, subject),) = house.tell()
    assert (kind, "补报" in subject) == ("change", False)
    assert house.tell() == []
    assert "张三" not in "".join(p.read_text() for p in house.world.data.decisions.glob("*.jsonl"))
    assert [row["who"] for row in house.ops.rows("SELECT who FROM decided")] == ["张三"]


def test_the_list_of_changes_says_why_one_is_held(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    house.tell()
    zhengce.main(["changes", "--data", str(house.world.data.root)], standalone_mode=False)
    assert "暂缓推送（看到之后又改回）" in capsys.readouterr().out


def test_what_is_released_days_later_is_a_late_notice(house: House) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    house.clock.at = days(9)
    house.say("release")
    ((kind, subject),) = house.tell()
    assert kind == "late_notice"
    assert subject.startswith("〔补报〕")


def test_a_rejected_change_never_alerts_not_even_after_a_rebuild(house: House) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    house.say("reject")
    assert waiting(house.world.data) == []
    assert house.tell() == []
    assert house.rebuild() == ([], [])
    house.look(2, ARTICLES)
    assert house.tell() == []


def test_what_was_told_and_is_rejected_is_corrected_to_those_who_were_told(house: House) -> None:
    house.look(0, ARTICLES, FIVE)
    ((kind, _),) = house.tell()
    assert kind == "change"
    (change,) = house.ops.rows("SELECT about FROM alerts")
    house.say("reject", change["about"])
    ((kind, subject),) = house.tell()
    assert kind == "correction"
    assert "经复核撤回" in subject
    assert house.tell() == []
    house.rebuild()
    assert house.tell() == []


def test_corrections_count_each_other_and_go_to_those_who_still_subscribe(house: House) -> None:
    (first,) = house.ops.subscriptions()
    house.ops.put_subscription(first.model_copy(update={"id": "sub-2"}), now=days(-1))
    house.look(0, ARTICLES, FIVE)
    house.tell()
    house.look(1, (*FIVE, "本办法自发布之日起施行。"))
    house.tell()
    told = {row["about"] for row in house.ops.rows("SELECT about FROM alerts")}
    assert len(told) == 2
    house.ops.end_subscription("sub-2")
    for change in told:
        house.say("reject", change)
    assert [kind for kind, _ in house.tell()] == ["correction", "correction"]
    rows = house.ops.rows("SELECT subscription, body FROM alerts WHERE kind = 'correction'")
    assert {row["subscription"] for row in rows} == {"sub-1"}
    assert all("同时撤回的另有 1 处，各有一封更正。" in row["body"] for row in rows)


def test_a_release_survives_a_rebuild_and_is_told_once(house: House) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    house.say("release")
    assert house.rebuild() == ([], [])
    assert [kind for kind, _ in house.tell()] == ["change"]
    house.rebuild()
    house.look(3, ARTICLES)
    assert house.tell() == []


def test_a_decision_made_while_another_writes_takes_effect_at_the_next_step(house: House) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    with house.world.data.writer():
        house.say("release")
        assert house.tell() == []
    run_once(Context(house.world.data, Settings(), {}, house.ops, house.clock))
    assert house.ops.rows("SELECT kind FROM alerts")[0]["kind"] == "change"


def test_a_line_that_cannot_be_read_is_said_and_stops_no_step(house: House) -> None:
    house.look(0, ARTICLES)
    house.world.data.decisions.mkdir()
    (house.world.data.decisions / "2026-03.jsonl").write_text("?\n")
    report = run_once(Context(house.world.data, Settings(), {}, house.ops, house.clock))
    assert any("2026-03.jsonl:1" in problem for problem in report.problems)


def test_a_page_that_is_gone_is_told_when_a_person_saw_that_it_is(house: House) -> None:
    missing = b"<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>"
    for day in range(5):
        with house.world.run(days(day)) as run:
            run.list(*(["/a.html", "/b.html"] if day == 0 else ["/b.html"]))
            run.see("/a.html") if day == 0 else run.see("/a.html", missing, status=404)
            run.see("/b.html", rule("另一个办法", ARTICLES[:3]))
    house.ingest()
    house.clock.at = days(5)
    assert house.tell() == []
    (held,) = waiting(house.world.data)
    assert held.held_for is HeldFor.GONE
    house.say("withdrawn")
    assert [d.kind for d in read_decisions(house.world.data.decisions).all] == [DecisionKind.PAGE_WITHDRAWN]
    assert [kind for kind, _ in house.tell()] == ["late_notice"]


def test_what_a_person_reads_from_an_image_is_kept_beside_what_the_program_found(house: House) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(64)
    for day in range(4):
        with house.world.run(days(day)) as run:
            headers = (("Content-Type", "image/png"),)
            run.see("/i.png", png + bytes([day > 0]), role=PageRole.IMAGE, headers=headers, title="材料表")
    house.ingest()
    with Observed(house.world.data.kb) as observed:
        (identifier,) = observed.alertable()
    with pytest.raises(UsageError, match="没有写"):
        house.say("read", identifier)
    house.say("read", identifier, text="一、营业执照\n二、备案证明")
    (decision,) = read_decisions(house.world.data.decisions).all
    assert (decision.kind, decision.said) == (DecisionKind.IMAGE_READ, "一、营业执照\n二、备案证明")
    with Observed(house.world.data.kb) as observed:
        assert list(observed.alertable()) == [identifier], "the program's own finding stands"
        (read,) = queries.readings(observed.connection, identifier)
        assert (read.text, read.current) == ("一、营业执照\n二、备案证明", True)


@pytest.mark.parametrize(
    ("word", "identifier", "error"),
    [
        ("release", "ch-nothing", NotFound),
        ("reject", "ch-nothing", NotFound),
        ("accept", "test.rules", NotFound),
    ],
)
def test_what_cannot_be_decided_is_named_and_writes_nothing(
    house: House, word: str, identifier: str, error: type[Exception]
) -> None:
    house.look(0, ARTICLES, FIVE)
    with pytest.raises(error):
        house.say(word, identifier)
    assert read_decisions(house.world.data.decisions).all == ()


def test_the_verbs_say_what_waits_and_what_was_decided(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.look(0, ARTICLES, again=False)
    house.look(1, FIVE, ARTICLES, again=False)
    data = ["--data", str(house.world.data.root)]
    call: Callable[..., object] = zhengce.main
    call(["held", *data], standalone_mode=False)
    said = capsys.readouterr().out
    for words in ("看到之后又改回", "十个工作日", "五个工作日"):
        assert words in said
    call(["held", "--json", *data], standalone_mode=False)
    line = json.loads(capsys.readouterr().out)
    call(["decide", line["id"], "reject", "--json", *data], standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["kind"] == "change_rejected"
    call(["held", *data], standalone_mode=False)
    assert "没有等待人工复核的变动" in capsys.readouterr().out


def test_what_came_again_in_the_same_words_waits_no_more(house: House) -> None:
    house.look(0, ARTICLES)
    house.look(1, FIVE, again=False)
    house.look(2, ARTICLES)
    assert [each.held_for for each in waiting(house.world.data)] == [HeldFor.FLIP]
    house.look(3, FIVE)
    assert [kind for kind, _ in house.tell()] == ["change"]
    assert waiting(house.world.data) == []
