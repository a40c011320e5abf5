"""A new selector, noise rule or program reads history again: nobody is alerted by it, and what it reveals or withdraws
waits for a person, with its words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.codes import HeldFor, PageRole, Significance
from kb.model import Comparison, Document
from kb.sources import Source
from kb.store import declared, judging
from scheduler.cli import zhengce
from scheduler.held import waiting
from scheduler.ops import Ops
from tests.kb.store.world import HOST, days, declare
from tests.scheduler.house import House

TITLE = "示例业务管理办法"
FEE = "办理本事项收取工本费{}元，由申请人在受理之日起五日内缴纳。"


def page(main: str, aside: str) -> bytes:
    """A rule in two places of a page: a declaration may see the one, the other, or both."""
    return (
        f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
        f"<div class='content'><p>第一条　为了规范示例业务，制定本办法。</p><p>第二条　{main}</p></div>"
        f"<div class='aside'><p>附则　{aside}</p></div></body></html>"
    ).encode()


NARROW: dict[str, Any] = {"body": [{"css": "div.content"}], "title": [{"css": "h1"}], "min_characters": 5}
WIDE = NARROW | {"body": [{"css": "div.content"}, {"css": "div.aside"}]}


def source(document: dict[str, Any], *noise: str) -> Source:
    return declare(document=document, noise={"patterns": list(noise)})


@pytest.fixture
def house_of(tmp_path: Path) -> Any:
    with Ops(tmp_path / "ops.db") as ops:
        yield lambda *sources: House(tmp_path, ops, *sources)


def lived(house: House) -> None:
    """Day 1: the fee in the aside moves; day 3: the period in the main text. Each is seen twice, and told as it comes."""
    bodies = {
        0: page("应当在十日内办结。", FEE.format("一百")),
        1: page("应当在十日内办结。", FEE.format("二百")),
        3: page("应当在五日内办结。", FEE.format("二百")),
    }
    for day, body in bodies.items():
        for later in (0, 0.1):
            house.see(days(day + later), body)
            house.tell()


def reread(house: House, new: Source) -> None:
    """The new declaration, and a look under it ten days on."""
    house.world.sources, house.world.source = {new.id: new}, new
    house.see(days(13), page("应当在五日内办结。", FEE.format("二百")))


Change = Callable[[House], None]


def wider(house: House) -> None:
    reread(house, source(WIDE))


def narrower(house: House) -> None:
    reread(house, source(NARROW))


def fee_is_noise(house: House) -> None:
    reread(house, source(WIDE, "收取工本费[一二三四五六七八九十百]+元"))


def no_noise(house: House) -> None:
    reread(house, source(WIDE))


def subjects(house: House) -> list[str]:
    return [row["subject"] for row in house.ops.rows("SELECT subject FROM alerts ORDER BY created_at, id")]


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (source(NARROW), wider),
        (source(WIDE, "收取工本费[一二三四五六七八九十百]+元"), no_noise),
    ],
    ids=["selector", "noise rule"],
)
def test_what_a_new_rule_reveals_waits_as_a_late_notice(
    house_of: Any, before: Source, change: Change
) -> None:
    house = house_of(before)
    lived(house)
    assert len(subjects(house)) == 1
    change(house)
    assert house.tell() == []
    (held,) = waiting(house.world.data)
    assert held.held_for is HeldFor.REVEALED
    assert any("一百" in p.before and "二百" in p.after for p in held.passages)
    house.say("release")
    ((kind, subject),) = house.tell()
    assert kind == "late_notice"
    assert subject.startswith("〔补报〕")
    assert house.tell() == []


@pytest.mark.parametrize("change", [narrower, fee_is_noise], ids=["selector", "noise rule"])
def test_what_a_new_rule_withdraws_waits_and_is_corrected_when_a_person_accepts(
    house_of: Any, change: Change
) -> None:
    house = house_of(source(WIDE))
    lived(house)
    assert len(subjects(house)) == 2
    change(house)
    assert house.tell() == []
    (held,) = waiting(house.world.data)
    assert (held.held_for, held.told) == (HeldFor.WITHDRAWN, 1)
    assert any("一百" in p.before and "二百" in p.after for p in held.passages)
    house.say("accept", "test.rules")
    ((kind, subject),) = house.tell()
    assert kind == "correction"
    assert "是我们读错了" in subject
    assert house.tell() == []
    assert waiting(house.world.data) == []


def test_what_a_new_rule_withdraws_and_a_person_vouches_for_stays_told(house_of: Any) -> None:
    house = house_of(source(WIDE))
    lived(house)
    narrower(house)
    house.tell()
    house.say("reject")
    assert house.tell() == []
    assert waiting(house.world.data) == []
    house.world.sources = {"test.rules": source(WIDE)}
    house.see(days(20), page("应当在五日内办结。", FEE.format("二百")))
    assert house.tell() == [], "what was told once is not told again when it is found again"


def test_a_rebuild_says_what_it_revealed_and_what_it_withdrew(house_of: Any) -> None:
    house = house_of(source(NARROW))
    lived(house)
    (told,) = house.ops.rows("SELECT about FROM alerts")
    new = source(NARROW | {"body": [{"css": "div.aside"}]})
    house.world.sources = {new.id: new}
    revealed, withdrawn = house.rebuild()
    assert (len(revealed), withdrawn) == (1, [told["about"]])
    assert house.tell() == []
    assert {held.held_for for held in waiting(house.world.data)} == {HeldFor.REVEALED, HeldFor.WITHDRAWN}
    assert house.rebuild() == ([], withdrawn), "nothing is revealed twice"


def test_a_rebuild_mends_a_knowledge_base_that_cannot_be_read(house_of: Any) -> None:
    house = house_of(source(NARROW))
    lived(house)
    kb = house.world.data.kb
    for rest in kb.parent.glob("kb.db-*"):
        rest.unlink()
    kb.write_bytes(b"no database at all " * 500)
    assert house.rebuild() == ([], []), "what was told is known from ops.db"
    assert house.tell() == []


def code_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "code_digest", lambda: "f" * 64)


def test_new_code_that_withdraws_alerts_nobody_by_itself(
    house_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(source(WIDE))
    lived(house)
    compare = judging.compare_shown

    def blind(before: Document, after: Document, role: PageRole) -> Comparison:
        found = compare(before, after, role)
        if "工本费" in "".join(p.after for p in found.differing):
            return Comparison(found.kind, Significance.NOISE, ())
        return found

    monkeypatch.setattr(judging, "compare_shown", blind)
    code_moves(monkeypatch)
    house.see(days(13), page("应当在五日内办结。", FEE.format("二百")))
    assert house.tell() == []
    (held,) = waiting(house.world.data)
    assert held.held_for is HeldFor.WITHDRAWN


def test_new_code_that_reveals_alerts_nobody_by_itself(
    house_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(source(WIDE))
    compare = judging.compare_shown

    def blind(before: Document, after: Document, role: PageRole) -> Comparison:
        found = compare(before, after, role)
        if "工本费" in "".join(p.after for p in found.differing):
            return Comparison(found.kind, Significance.NOISE, ())
        return found

    with monkeypatch.context() as old:
        old.setattr(judging, "compare_shown", blind)
        lived(house)
    assert len(subjects(house)) == 1
    code_moves(monkeypatch)
    house.see(days(13), page("应当在五日内办结。", FEE.format("二百")))
    assert house.tell() == []
    (held,) = waiting(house.world.data)
    assert held.held_for is HeldFor.REVEALED
    assert held.url == f"{HOST}/a.html"


TOML = """
id = "test.rules"
title = "示例规则"
authority = "示例主管部门"
mechanism = "column"
level = "regulator"
hosts = ["gov.example.cn"]
start = ["https://gov.example.cn/list.html"]
publish = "full"
list.item.css = "li"
noise.patterns = {noise}
[document]
body = [{body}]
title = [{{ css = "h1" }}]
min_characters = 5
"""
CONTENT, ASIDE = '{ css = "div.content" }', '{ css = "div.aside" }'
Backtest = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def backtest(house_of: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Backtest:
    """Exit code and lines of a trial of ``body`` and ``noise`` on what was lived through under the wide declaration."""
    house = house_of(source(WIDE))
    lived(house)

    def call(body: str, *options: str, noise: str = "[]") -> tuple[int, list[dict[str, Any]]]:
        before = {path: path.read_bytes() for path in house.world.data.root.rglob("*") if path.is_file()}
        tried = tmp_path / "tried.toml"
        tried.write_text(TOML.format(body=body, noise=noise))
        arguments = ["backtest", "--declaration", str(tried), "--data", str(house.world.data.root)]
        capsys.readouterr()
        code = zhengce.main([*arguments, "--json", *options], standalone_mode=False)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        tried.unlink()
        after = {path: path.read_bytes() for path in house.world.data.root.rglob("*") if path.is_file()}
        assert after == before, "a trial writes nothing"
        return code, lines

    return call


def test_a_trial_shows_the_words_that_would_be_lost_and_fails_only_when_asked(backtest: Backtest) -> None:
    code, (line, total) = backtest(CONTENT)
    assert (code, line["effect"], line["loses"]) == (0, "withdrawn", True)
    (passage,) = line["passages_today"]
    assert "一百元" in passage["before"]
    assert "二百元" in passage["after"]
    assert total["counts"] == {
        "changes": 2, "revealed": 0, "withdrawn": 1, "altered": 0, "lost": 1, "unreadable": 0
    }  # fmt: skip
    code, (_, total) = backtest(CONTENT, "--strict")
    assert (code, total["ok"]) == (1, False)


def test_a_trial_of_what_is_in_place_finds_nothing(backtest: Backtest) -> None:
    code, (total,) = backtest(f"{CONTENT}, {ASIDE}", "--strict")
    assert (code, total["counts"]["changes"], total["changes"]) == (0, 2, [])


def test_a_trial_of_a_noise_rule_names_what_it_would_silence(backtest: Backtest) -> None:
    _, lines = backtest(f"{CONTENT}, {ASIDE}", noise='["收取工本费[一二三四五六七八九十百]+元"]')
    assert [line["effect"] for line in lines[:-1]] == ["withdrawn"]
    assert "工本费" in lines[0]["passages_today"][0]["before"]


def test_a_trial_of_a_dead_selector_says_how_much_could_not_be_read(backtest: Backtest) -> None:
    _, lines = backtest('{ css = "div.nowhere" }')
    assert lines[-1]["counts"]["unreadable"] > 0
    assert {line["effect"] for line in lines[:-1]} == {"withdrawn"}
