"""What a person says of a tag, and who hears of it."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from kb.codes import HeldFor, PageRole
from kb.errors import NotFound, UsageError
from kb.model import page_id
from kb.store import open_reader, queries
from scheduler.held import waiting
from scheduler.ops import Ops, Subscription
from scheduler.reviewing import Said, say_of_tag
from tests.kb.store.world import ARTICLES, HOST, amended, days, rule
from tests.scheduler.house import House

PNG = (("Content-Type", "image/png"),)
FILED = amended(2, "申请人应当在五个工作日内办理算法备案手续。")


@pytest.fixture
def house(tmp_path: Path, ops: Ops) -> House:
    """A subscriber to everything, and one a licence type."""
    house = House(tmp_path, ops)
    for licence in ("algorithm-filing", "payment-license"):
        (first, *_) = house.ops.subscriptions()
        mine = Subscription(
            id=f"sub-{licence}", name=licence, licences=(licence,), channels=first.channels, digest="none"
        )
        house.ops.put_subscription(mine, now=days(-1))
    return house


def picture(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(buffer, "PNG")
    return buffer.getvalue()


def tag_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a vocabulary that did not have 算法备案 yet."""
    monkeypatch.setattr("kb.store.batch.tagging_today", lambda: "earlier")
    monkeypatch.setattr("kb.store.changebook.tag_change", lambda *_: ())


def told_before_the_tag_is_known(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change is told by a vocabulary without 算法备案; a later reading finds the tag, which waits for a person."""
    tag_as_before(monkeypatch)
    house.look(0, ARTICLES, FILED)
    house.tell()
    monkeypatch.undo()
    house.ingest()
    house.tell()


def change(house: House) -> str:
    (row,) = queries.changes(open_reader(house.world.data.kb), limit=1)
    return row.id


def reached(house: House) -> dict[str, str]:
    return {
        row["subscription"]: row["kind"] for row in house.ops.rows("SELECT subscription, kind FROM alerts")
    }


def say(house: House, word: str, licence: str) -> Said:
    return say_of_tag(house.world.data, change(house), word, licence, who="王", now=house.clock.now())


def test_a_tag_that_a_person_adds_is_told_once_to_those_it_newly_concerns(house: House) -> None:
    house.look(0, ARTICLES, FILED)
    house.tell()
    assert reached(house) == {"sub-1": "change", "sub-algorithm-filing": "change"}
    say(house, "add", "payment-license")
    ((kind, subject),) = house.tell()
    assert (kind, subject.startswith("〔补报〕")) == ("late_notice", True)
    assert reached(house)["sub-payment-license"] == "late_notice"
    (body,) = house.ops.rows("SELECT body FROM alerts WHERE kind = 'late_notice'")
    assert "现由人工补充标注" in body["body"]
    assert "命中原文“”" not in body["body"]
    assert house.tell() == []
    (decided,) = house.ops.rows("SELECT who FROM decided")
    assert decided["who"] == "王"


def test_a_rejected_tag_before_it_is_told_reaches_nobody(house: House) -> None:
    house.look(0, ARTICLES, FILED)
    say(house, "reject", "algorithm-filing")
    house.tell()
    assert reached(house) == {"sub-1": "change"}


def test_a_rejected_tag_after_it_was_told_is_counted_and_nobody_gets_more(house: House) -> None:
    house.look(0, ARTICLES, FILED)
    house.tell()
    assert say(house, "reject", "algorithm-filing").told == 2
    assert house.tell() == []
    say(house, "add", "algorithm-filing")  # changed their mind: those it concerns know already
    assert house.tell() == []


def test_an_item_of_the_next_digest_goes_with_its_tag(house: House) -> None:
    (_, mine, _) = house.ops.subscriptions()
    house.ops.put_subscription(mine.model_copy(update={"digest": "daily", "immediate": False}), now=days(-1))
    house.look(0, ARTICLES, FILED)
    house.tell()
    assert len(house.ops.rows("SELECT * FROM digest_items")) == 1
    say(house, "reject", "algorithm-filing")
    house.tell()
    assert house.ops.rows("SELECT * FROM digest_items") == []


def test_an_item_of_the_next_digest_comes_back_with_its_tag(house: House) -> None:
    (_, mine, _) = house.ops.subscriptions()
    house.ops.put_subscription(mine.model_copy(update={"digest": "daily", "immediate": False}), now=days(-1))
    house.look(0, ARTICLES, FILED)
    house.tell()
    say(house, "reject", "algorithm-filing")
    house.tell()
    say(house, "add", "algorithm-filing")
    assert house.tell() == []
    (item,) = house.ops.rows("SELECT subscription, reason FROM digest_items")
    assert tuple(item) == (mine.id, "algorithm-filing")


def test_the_last_word_counts_within_one_second_and_after_a_clock_was_set_back(house: House) -> None:
    house.look(0, ARTICLES, FILED)
    house.tell()
    for word in ("add", "reject", "add", "reject", "add"):
        say(house, word, "payment-license")
    house.clock.at -= timedelta(days=1)
    for word, stands in (("reject", False), ("add", True), ("reject", False)):
        say(house, word, "payment-license")
        row = queries.change(open_reader(house.world.data.kb), change(house))
        assert ("payment-license" in row.row.licences) is stands
    house.rebuild()
    row = queries.change(open_reader(house.world.data.kb), change(house))
    assert "payment-license" not in row.row.licences


def test_a_tag_that_a_person_gives_a_document_is_told_of_its_picture_at_once(house: House) -> None:
    """A picture has no words of its own: its changes concern those whom its document concerns."""
    parent = page_id("test.rules", f"{HOST}/a.html")
    for day, colour in ((0, "red"), (1, "blue")):
        for more in range(2):
            with house.world.run(days(day) + more * timedelta(minutes=30)) as run:
                run.see("/a.html", rule())
                run.see("/t.png", picture(colour), role=PageRole.IMAGE, headers=PNG, parent=parent, title="t")
            house.clock.at = days(day) + timedelta(hours=2)
            house.ingest()
    house.tell()
    assert reached(house) == {"sub-1": "change"}
    say_of_tag(house.world.data, parent, "add", "payment-license", now=house.clock.now())
    assert [kind for kind, _ in house.tell()] == ["late_notice"]
    assert reached(house)["sub-payment-license"] == "late_notice"


def test_a_tag_of_a_document_names_the_changes_to_tag_instead(house: House) -> None:
    house.look(0, ARTICLES, FILED)
    house.tell()
    document = page_id("test.rules", f"{HOST}/a.html")

    def add(licence: str) -> Said:
        return say_of_tag(house.world.data, document, "add", licence, now=house.clock.now())

    assert add("payment-license").changes == (change(house),)
    assert add("algorithm-filing").changes == ()  # its change carries it
    assert house.tell() == []


def test_what_nobody_tagged_can_only_be_added(house: House) -> None:
    house.look(0, ARTICLES, FILED)
    with pytest.raises(UsageError):
        say(house, "accept", "payment-license")
    with pytest.raises(NotFound):
        say(house, "add", "no-such-licence")


def test_a_tag_of_a_new_vocabulary_waits_for_a_person(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tag_as_before(monkeypatch)
    house.look(0, ARTICLES, FILED)
    house.tell()
    assert reached(house) == {"sub-1": "change"}
    monkeypatch.undo()
    house.ingest()
    assert house.tell() == []
    (held,) = waiting(house.world.data)
    assert (held.held_for, "算法备案" in held.reason) == (HeldFor.RETAGGED, True)
    house.say("release")
    ((kind, subject),) = house.tell()
    assert (kind, "补报" in subject) == ("late_notice", True)
    assert reached(house) == {"sub-1": "change", "sub-algorithm-filing": "late_notice"}
    assert house.tell() == []
    assert waiting(house.world.data) == []


def test_a_tag_of_a_new_vocabulary_that_is_wrong_is_never_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_before_the_tag_is_known(house, monkeypatch)
    house.say("reject")
    assert house.tell() == []
    assert waiting(house.world.data) == []
    row = queries.change(open_reader(house.world.data.kb), change(house))
    assert "algorithm-filing" not in row.row.licences


def test_a_tag_of_a_new_vocabulary_that_was_found_wrong_by_mistake_is_told_after_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_before_the_tag_is_known(house, monkeypatch)
    house.say("reject")
    assert house.tell() == []
    say(house, "add", "algorithm-filing")
    assert [kind for kind, _ in house.tell()] == ["late_notice"]
    assert reached(house)["sub-algorithm-filing"] == "late_notice"
    assert house.tell() == []


def test_a_tag_that_a_person_added_before_the_vocabulary_finds_it_does_not_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag_as_before(monkeypatch)
    house.look(0, ARTICLES, FILED)
    house.tell()
    say(house, "add", "algorithm-filing")
    monkeypatch.undo()
    house.ingest()
    assert [kind for kind, _ in house.tell()] == ["late_notice"]
    assert waiting(house.world.data) == []
