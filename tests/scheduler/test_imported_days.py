"""What may be said of days whose only looks are imported: which looks there were, which text it was, and when not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.config import FixedClock
from kb.terminal import run
from scheduler.cli import zhengce
from scheduler.saved import read_saved
from scheduler.snapshots import Snapshot, parse_timestamp
from tests.scheduler.imports import NOW, bring, page

URL = "https://gov.example.cn/rules/1.html"
HTML = (("Content-Type", "text/html"),)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.verbs.look.SystemClock", lambda: FixedClock(NOW))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Four looks: two at the first text, one at each of two later ones. "Now" is 2026-10-20."""
    looks = (("03-05", "十"), ("04-06", "十"), ("05-10", "五"), ("07-20", "三"))
    bring(
        tmp_path / "data",
        [
            Snapshot(URL, datetime.fromisoformat(f"2026-{day}T01:00+00:00"), 200, HTML, page(words))
            for day, words in looks
        ],
    )
    return tmp_path / "data"


def ask(capsys: pytest.CaptureFixture[str], data: Path, day: str, *more: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(zhengce, ["history", URL, "--as-of", day, "--data", str(data), *more])
    assert not ended.value.code
    return capsys.readouterr().out


def test_the_looks_that_bound_a_day_are_those_at_that_text(
    capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    said = ask(capsys, data, "2026-03-20")
    assert "03-05 与 04-06 两次查看之间未见变动" in said
    assert "十个工作日" in said


@pytest.mark.parametrize("day", ["2026-03-05", "2026-04-06", "2026-05-10", "2026-07-20"])
def test_a_capture_of_that_day_is_a_look(capsys: pytest.CaptureFixture[str], data: Path, day: str) -> None:
    said = ask(capsys, data, day)
    assert "没有查看" not in said
    assert "未能查看" not in said


def test_between_two_texts_neither_is_the_answer(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    said = ask(capsys, data, "2026-06-01")
    assert "05-10 与 07-20 的文字不同，程序不能说当日是哪一种" in said
    assert "个工作日" not in said
    assert "与网站上所见相同" not in said
    line = json.loads(ask(capsys, data, "2026-06-01", "--json"))
    assert (line["site"]["text"], line["site"]["same"], line["force"]) == (None, False, None)


def test_a_day_that_has_not_come_is_not_answered(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    said = ask(capsys, data, "2026-12-01")
    assert "2026-12-01 还没有到来" in said
    assert "此后未能查看" not in said
    assert "〔现行有效〕" not in said
    assert ask(capsys, data, "2026-10-20").count("还没有到来") == 0


def test_what_is_of_the_future_is_not_imported(tmp_path: Path) -> None:
    later = Snapshot(URL, datetime(2030, 1, 1, tzinfo=UTC), 200, HTML, page(), where="saved.html")
    report = bring(tmp_path / "data", [later])
    assert (report.kept, report.skipped) == (0, 1)
    assert report.problems == [
        "saved.html：时间 2030-01-01 还没有到来，未导入；请检查 --date、文件名或清单里的时间"
    ]


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("20260720T091500", "2026-07-20T01:15:00+00:00"),
        ("20260720T091500Z", "2026-07-20T09:15:00+00:00"),
        ("2026-07-20T091500+0000", "2026-07-20T09:15:00+00:00"),
    ],
)
def test_a_file_name_without_a_zone_is_beijing_time(stamp: str, moment: str) -> None:
    assert parse_timestamp(stamp) == datetime.fromisoformat(moment)


def test_an_import_that_knows_the_day_alone_shows_the_day_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for day, words in (("2026-04-06", "十"), ("2026-05-10", "五")):
        (tmp_path / f"{day} 办法.html").write_bytes(page(words))
        item = read_saved(tmp_path / f"{day} 办法.html", None)
        bring(tmp_path / "data", item)
    with pytest.raises(SystemExit):
        run(zhengce, ["changes", "--data", str(tmp_path / "data"), "--json"])
    change = json.loads(capsys.readouterr().out)["id"]
    with pytest.raises(SystemExit):
        run(zhengce, ["show", change, "--data", str(tmp_path / "data")])
    said = capsys.readouterr().out
    assert f"{change}　2026-05-10　" in said
    assert "变动区间　2026-04-06 — 2026-05-10" in said
    assert "官方原文　原网址未知（人工导入）　办法" in said
    assert "imported.invalid" not in said


def test_an_import_says_in_a_sentence_what_it_did(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    saved = tmp_path / "2026-04-06 办法.html"
    saved.write_bytes(page())
    (tmp_path / "2026-04-07 壳.html").write_bytes("<html><body><div>无关</div></body></html>".encode())

    def imported(file: Path) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit):
            run(zhengce, ["import", str(file), "--data", str(tmp_path / "data")])
        return capsys.readouterr().out

    assert imported(saved) == "新留存 1 份；新增文本版本 1 个，变动 0 处\n"
    assert imported(saved) == "新留存 0 份，早已留存的 1 份；新增文本版本 0 个，变动 0 处\n"
    empty = imported(tmp_path / "2026-04-07 壳.html")
    assert empty.startswith("新留存 1 份，其中 1 份读不出文件；")
    assert "问题：" in empty
