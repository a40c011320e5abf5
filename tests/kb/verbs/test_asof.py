"""``zhengce history --as-of``: both answers, the refusal, and the schema of the line."""

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
from kb.config import FixedClock
from kb.output import schema_files
from kb.store.ingest import Ingestor
from kb.terminal import run

SCHEMA = json.loads(schema_files()["as-of.json"])


def call(capsys: pytest.CaptureFixture[str], world: World, day: str, *more: str) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["history", f"{HOST}/a.html", "--as-of", day, "--data", str(world.data.root), *more])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.verbs.look.SystemClock", lambda: FixedClock(days(9)))


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    repealing = rule(
        "示例新办法全文", (*ARTICLES, "本办法自2026年9月1日起施行，《示例业务管理办法》同时废止。")
    )
    for day in (0, 8):
        with world.run(days(day)) as run:
            run.see("/a.html", rule(articles=(*ARTICLES, "本办法自2020年1月1日起施行。")))
            run.see("/new.html", repealing)
        if not day:
            with world.run(days(3)) as run:
                run.fail("/a.html")
    Ingestor(world.data, world.sources).ingest()
    return world


def test_both_answers_for_a_program(capsys: pytest.CaptureFixture[str], world: World) -> None:
    code, out, _ = call(capsys, world, "2026-03-03", "--json")
    line: dict[str, Any] = json.loads(out)
    jsonschema.validate(line, SCHEMA)
    assert (code, line["status"], line["site"]["seen"], line["force"]["since"]) == (
        0, "in_force", "stood", "2020-01-01",
    )  # fmt: skip
    assert [each["kind"] for each in line["suffers"]] == ["repeals"]


def test_both_answers_for_a_person(capsys: pytest.CaptureFixture[str], world: World) -> None:
    code, out, _ = call(capsys, world, "2026-03-07")
    assert code == 0
    assert "当日网站上所见" in out
    assert "当日有效的条文（按施行日期推算）" in out
    assert "03-02 与 03-10 的文字相同，程序据此推断未变。" in out
    assert "自 2020-01-01 起施行" in out


def test_a_repealed_rule_has_no_text_in_force(capsys: pytest.CaptureFixture[str], world: World) -> None:
    _, out, _ = call(capsys, world, "2026-09-01")
    assert "〔按已知日期推算：已废止〕" in out
    assert "示例新办法全文" in out


def test_before_the_first_capture_it_refuses(capsys: pytest.CaptureFixture[str], world: World) -> None:
    code, out, err = call(capsys, world, "2026-02-01")
    assert code != 0
    assert "本库从 2026-03-02 起留存此页，不能回答 2026-02-01 的内容。" in out + err


def test_copies_that_differ_are_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    world = World(tmp_path, declare(), declare("test.reprint", level="official_reprint"))
    five = amended(2, "申请人应当自受理之日起五个工作日内补正全部申请材料。")
    for source, path, articles in (("test.rules", "/a.html", ARTICLES), ("test.reprint", "/copy.html", five)):
        page = rule(articles=articles).replace(b"<p>", "<p>示例通信部令第8号</p><p>".encode(), 1)
        for day in (0, 5):
            with world.run(days(day), source=world.sources[source]) as run:
                run.see(path, page)
    Ingestor(world.data, world.sources).ingest()
    code, out, _ = call(capsys, world, "2026-03-03", "--json")
    line = json.loads(out)
    jsonschema.validate(line, SCHEMA)
    (found,) = line["diverging"]
    assert (code, found["copy"], found["clauses"][0]["copy"]) == (0, f"{HOST}/copy.html", five[2])
    _, out, _ = call(capsys, world, "2026-03-03")
    assert "各处文本不一致" in out
