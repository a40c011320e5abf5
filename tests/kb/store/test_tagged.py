"""What people say of tags, and what it does to what the tagger found."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import ARTICLES, World, amended, days, declare, rule

from kb.codes import Confidence, DecisionKind
from kb.decisions import Decision, append_decisions
from kb.errors import NotFound
from kb.model import LicenceTag
from kb.store import open_reader, queries
from kb.store.dump import canonical_dump
from kb.store.ingest import Ingestor
from kb.store.maintenance import derive_into
from kb.store.tagged import PERSON, effective_tags, tagged

FILED = "申请人应当在五个工作日内办理算法备案手续。"
LATER_FILED = "申请人应当在七个工作日内办理算法备案手续。"
FOUND = LicenceTag("algorithm-filing", "r", "算法备案", "t", 0, 4, "why", Confidence.MEDIUM)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def look(world: World, day: float, *articles: tuple[str, ...]) -> None:
    for number, each in enumerate(articles):
        with world.run(days(day + number / 24)) as run:
            run.see(body=rule(articles=each))
    ingest(world)


def ingest(world: World) -> None:
    """And the same from anew."""
    Ingestor(world.data, world.sources).ingest()
    fresh = world.data.root / "fresh.db"
    fresh.unlink(missing_ok=True)
    derive_into(fresh, world.data, world.sources)
    assert list(canonical_dump(open_reader(world.data.kb))) == list(canonical_dump(open_reader(fresh)))


def say(world: World, kind: DecisionKind, subject: str, licence: str, day: float = 9) -> None:
    key = tagged(open_reader(world.data.kb), subject).key
    append_decisions(world.data.decisions, [Decision(kind, subject, days(day), said=licence, about=key)])
    ingest(world)


def tags(world: World, subject: str) -> dict[str, tuple[str, Confidence]]:
    reader = open_reader(world.data.kb)
    target = tagged(reader, subject)
    return {t.licence: (t.rule, t.confidence) for t in queries.tags_of(reader, target.kind, target.id)}


def only_change(world: World) -> str:
    (row,) = queries.changes(open_reader(world.data.kb), limit=1)
    return row.id


def test_the_last_word_of_a_person_on_what_was_found() -> None:
    said = DecisionKind
    assert effective_tags([FOUND], {}) == (FOUND,)
    assert effective_tags([FOUND], {"algorithm-filing": said.TAG_REJECTED}) == ()
    (sure,) = effective_tags([FOUND], {"algorithm-filing": said.TAG_ACCEPTED})
    assert (sure.confidence, sure.evidence) == (Confidence.HIGH, "算法备案")
    _, added = effective_tags([FOUND], {"icp-filing": said.TAG_ADDED})
    assert (added.rule, added.reason, added.evidence) == (PERSON, "人工标注", "")
    (kept,) = effective_tags(
        [], {"icp-filing": said.TAG_ACCEPTED}
    )  # a later vocabulary lost what a person confirmed
    assert kept.rule == PERSON


def test_a_rejected_tag_is_taken_off_and_comes_back_when_the_words_change(world: World) -> None:
    look(world, 0, ARTICLES, amended(2, FILED), amended(2, FILED))
    first = only_change(world)
    assert "algorithm-filing" in tags(world, first)
    say(world, DecisionKind.TAG_REJECTED, first, "algorithm-filing")
    assert "algorithm-filing" not in tags(world, first)
    look(world, 10, amended(2, LATER_FILED), amended(2, LATER_FILED))
    assert only_change(world) != first
    assert "algorithm-filing" in tags(world, only_change(world))  # other words: nobody has looked at them yet
    assert "algorithm-filing" not in tags(world, first)


def test_a_decision_of_other_words_has_no_effect(world: World) -> None:
    look(world, 0, ARTICLES, amended(2, FILED), amended(2, FILED))
    other = Decision(DecisionKind.TAG_REJECTED, only_change(world), days(9), "algorithm-filing", "f" * 64)
    append_decisions(world.data.decisions, [other])
    ingest(world)
    assert "algorithm-filing" in tags(world, only_change(world))


def test_an_added_tag_stands_by_a_person_and_a_later_word_takes_it_off(world: World) -> None:
    look(world, 0, ARTICLES, amended(2, FILED), amended(2, FILED))
    change = only_change(world)
    say(world, DecisionKind.TAG_ADDED, change, "payment-license")
    assert tags(world, change)["payment-license"] == (PERSON, Confidence.HIGH)
    say(world, DecisionKind.TAG_REJECTED, change, "payment-license", day=10)
    assert "payment-license" not in tags(world, change)


def test_a_document_keeps_its_tag_until_its_text_changes(world: World) -> None:
    look(world, 0, ARTICLES)
    ((document,),) = open_reader(world.data.kb).execute("SELECT document_id FROM documents").fetchall()
    say(world, DecisionKind.TAG_ADDED, document, "icp-filing")
    assert tags(world, document)["icp-filing"] == (PERSON, Confidence.HIGH)
    look(world, 10, amended(2, FILED), amended(2, FILED))
    assert "icp-filing" not in tags(world, document)


def test_a_decision_taken_out_of_the_files_is_undone(world: World) -> None:
    look(world, 0, ARTICLES, amended(2, FILED), amended(2, FILED))
    say(world, DecisionKind.TAG_REJECTED, only_change(world), "algorithm-filing")
    for file in world.data.decisions.glob("*.jsonl"):
        file.unlink()
    ingest(world)
    assert "algorithm-filing" in tags(world, only_change(world))


def test_what_is_not_there_is_said_to_be(world: World) -> None:
    look(world, 0, ARTICLES)
    with pytest.raises(NotFound):
        tagged(open_reader(world.data.kb), "ch-ffffffffffff")


def test_who_published_a_text_is_company_for_its_words(tmp_path: Path) -> None:
    """Both for the document and for the change that tells of it."""
    notice = rule("关于年报的通知", ("持证企业应于三月三十一日前报送年报。",))
    found = []
    for authority in ("示例主管部门", "示例省通信管理局"):
        world = World(tmp_path / authority, declare(authority=authority))
        with world.run(days(0)) as run:
            run.list("/old.html")
        with world.run(days(1)) as run:
            run.list("/old.html", "/a.html")
            run.see("/a.html", notice)
        Ingestor(world.data, world.sources).ingest()
        rows = open_reader(world.data.kb).execute("SELECT target_kind, licence FROM licence_tags ORDER BY 1")
        found.append([tuple(row) for row in rows])
    assert found == [[], [("change", "vats-license"), ("document", "vats-license")]]
