"""``zhengce licence``: the vocabulary alone, and with what a data directory holds and sees."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from world import ARTICLES, HOST, World, amended, days, declare, rule

from kb.cli import zhengce
from kb.errors import NotFound
from kb.licences import licences
from kb.output import schema_files
from kb.store import Ingestor
from kb.terminal import run
from kb.verbs.options import licence_ids

DETAIL = json.loads(schema_files()["licence-detail.json"])
LIST = json.loads(schema_files()["licence.json"])
LICENCE = "vats-license"
TITLE = "电信业务经营许可管理办法"
IN_FORCE = (*ARTICLES, "本办法自2026年4月1日起施行。")


def call(capsys: pytest.CaptureFixture[str], root: Path, *more: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["licence", *more, "--data", str(root)])
    assert ended.value.code in {0, None}
    return capsys.readouterr().out


def detail(capsys: pytest.CaptureFixture[str], root: Path, licence: str = LICENCE) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(call(capsys, root, licence, "--json"))
    jsonschema.validate(line, DETAIL)
    return line


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A regulator that changes one article, a gazette, and a province; three days, the regulator fails on the third."""
    regulator = declare(licences=[LICENCE])
    gazette = declare(
        "test.gazette", title="示例公报", level="gazette", coverage="indirect", licences=[LICENCE]
    )
    world = World(tmp_path, regulator, gazette)
    for day, articles in ((0, ARTICLES), (1, IN_FORCE), (1.1, IN_FORCE)):
        with world.run(days(day)) as run_:
            run_.see("/a.html", rule(TITLE, articles))
    with world.run(days(3)) as run_:
        run_.fail("/a.html")
    with world.run(days(3), source=gazette) as run_:
        run_.see(
            "/g.html",
            rule("示例公报里的电信业务经营许可通知", amended(0, "为了增值电信业务经营许可，制定本通知。")),
        )
    Ingestor(world.data, world.sources).ingest()
    return world


def test_without_a_data_directory_the_vocabulary_answers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = detail(capsys, tmp_path / "nothing", "icp许可")
    assert line["id"] == "icp-license"
    assert [basis["status_from"] for basis in line["basis"]] == ["vocabulary"] * len(line["basis"])
    assert (line["coverage"], line["moment"], line["changes"]) == (None, None, [])
    assert any("社保" in each["says"] for each in line["folklore"])
    said = call(capsys, tmp_path / "nothing", "icp-license")
    assert "还没有巡查过，不能说有没有变动" in said
    assert "未见变动" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_status_that_nobody_knows_is_said_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = call(capsys, tmp_path, "drug-info")
    assert "词表所记：效力未核　" in said
    assert "效力未核，效力未核" not in said


def test_everything_the_vocabulary_says_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for licence in licences().values():
        said = call(capsys, tmp_path / "nothing", licence.id).replace("\n", "")
        for text in (licence.regulator, licence.who, licence.confusions):
            assert text in said
        for each in licence.folklore:
            assert each.rule in said
        assert said.count("【未核】") == sum(not basis.verified for basis in licence.basis)


def test_a_licence_type_with_what_is_held_and_seen(capsys: pytest.CaptureFixture[str], world: World) -> None:
    line = detail(capsys, world.data.root)
    (held,) = [basis for basis in line["basis"] if basis["title"] == TITLE]
    assert (held["status_from"], held["status"], bool(held["document"])) == (
        "document",
        "not_yet_in_force",
        True,
    )
    assert {basis["status_from"] for basis in line["basis"] if basis is not held} == {"vocabulary"}
    assert TITLE in [document["title"] for document in line["documents"]]
    assert [change["confirmation"] for change in line["changes"]] == ["confirmed"]
    assert ("2026-04-01", "effective") in [(each["day"], each["kind"]) for each in line["coming"]]
    assert ("2026-03-31", "yearly_duty") in [(each["day"], each["kind"]) for each in line["coming"]]
    assert line["moment"].startswith("2026-03-05")


def test_a_direct_source_that_fails_leaves_the_gazette(
    capsys: pytest.CaptureFixture[str], world: World
) -> None:
    coverage = detail(capsys, world.data.root)["coverage"]
    assert (coverage["meant"], coverage["now"], coverage["state"]) == ("direct", "indirect", "not_watched")
    assert [sight["now"] for sight in coverage["sources"]] == ["blind", "indirect"]
    assert "应为直接，示例规则自 2026-03-03" in coverage["said"]
    assert "未能查看" in call(capsys, world.data.root, LICENCE)


def test_a_child_gets_what_is_tagged_with_its_parent(
    capsys: pytest.CaptureFixture[str], world: World
) -> None:
    """Rules common to the family reach every class of it, but not those of a sister."""
    line = detail(capsys, world.data.root, "edi-license")
    assert TITLE in [document["title"] for document in line["documents"]]
    assert all(LICENCE in document["licences"] for document in line["documents"])
    assert line["coverage"]["now"] == "blind"
    assert line["nothing_found"] == "没有可自动查看的来源，不能说有没有变动"


def test_what_does_not_concern_a_licence_is_not_there(
    capsys: pytest.CaptureFixture[str], world: World
) -> None:
    line = detail(capsys, world.data.root, "hr-license")
    assert (line["documents"], line["changes"], line["coming"]) == ([], [], [])
    assert line["coverage"]["said"] == "盲区：没有来源登载这类规则"


def test_the_list_says_the_coverage_of_each(capsys: pytest.CaptureFixture[str], world: World) -> None:
    lines = [json.loads(line) for line in call(capsys, world.data.root, "--json").splitlines()]
    for line in lines:
        jsonschema.validate(line, LIST)
    assert [line["id"] for line in lines] == list(licences())
    found = {line["id"]: line["coverage"]["now"] for line in lines}
    assert (found[LICENCE], found["hr-license"]) == ("indirect", "blind")


def test_in_english_the_frame_is_english(capsys: pytest.CaptureFixture[str], world: World) -> None:
    said = call(capsys, world.data.root, LICENCE, "--lang", "en")
    assert "coverage  indirect (meant: direct)" in said
    assert HOST not in said


def test_a_draft_that_is_held_is_not_the_rule_of_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world = World(tmp_path, declare(licences=[LICENCE]))
    with world.run(days(0)) as run_:
        run_.see("/d.html", rule(f"{TITLE}（征求意见稿）"))
    Ingestor(world.data, world.sources).ingest()
    (basis,) = [each for each in detail(capsys, world.data.root)["basis"] if each["title"] == TITLE]
    assert (basis["status_from"], basis["document"], basis["status"]) == ("vocabulary", None, "in_force")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ＩＣＰ备案", "icp-filing"),
        ("icp 许可证", "icp-license"),
        ("文网文", "online-culture-license"),
        ("b25", "icp-license"),
        ("EDI 证", "edi-license"),
        ("演算法備案", None),
        ("算法備案", "algorithm-filing"),
        ("双新评估", "security-assessment"),
        ("软著", "copyright-registration"),
    ],
)
def test_a_type_is_found_however_it_is_written(word: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(NotFound):
            licence_ids([word])
    else:
        assert licence_ids([word]) == (expected,)


@pytest.mark.parametrize("identifier", list(licences()))
def test_every_type_is_found_by_each_of_its_names(identifier: str) -> None:
    found = licences()[identifier]
    for name in (found.id, found.zh, found.short, *found.aliases):
        assert licence_ids([name]) == (identifier,), name


@pytest.mark.parametrize(
    ("word", "offered"),
    [
        ("深度合成", "（deep-synthesis-filing）"),
        ("算法", "（algorithm-filing）"),
        ("不存在的证", "可列出全部事项"),
    ],
)
def test_a_part_of_a_name_leads_to_the_types_that_carry_it(word: str, offered: str) -> None:
    with pytest.raises(NotFound) as refused:
        licence_ids([word])
    assert offered in refused.value.do


def test_the_list_counts_nothing_where_nobody_looked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = call(capsys, tmp_path / "empty").splitlines()
    assert lines
    assert all(line.endswith("变动 —") for line in lines)
