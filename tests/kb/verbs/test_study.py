"""read, diff and tag from the command line, each line held against its published schema."""

import json
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from kb.terminal import run
from kb.verbs import study

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"

RULE = """<!doctype html><html><head><meta charset="utf-8"><title>示例算法备案管理办法_示例网信办</title></head><body>
<h1>示例算法备案管理办法</h1><p>浏览次数：{views}</p>
<div class="TRS_Editor">
<p>第一条　为了规范示例算法备案，制定本办法。</p>
<p>第二条　备案信息有变化的，备案主体应当自变化之日起{days}内更新备案信息。</p>
{inserted}
<p>第{last}条　本办法自2027年1月1日起施行。</p>
</div></body></html>"""


def page(folder: Path, name: str, **words: object) -> str:
    file = folder / name
    file.write_text(
        RULE.format(**{"views": 1, "inserted": "", "last": "三", "days": "十个工作日", **words}), "utf-8"
    )
    return str(file)


def lines(
    capsys: pytest.CaptureFixture[str], verb: click.Command, *arguments: str, code: int = 0
) -> list[dict[str, Any]]:
    with pytest.raises(SystemExit) as ended:
        run(verb, [*arguments, "--json"])
    assert ended.value.code == code
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for line in found:
        name = line["schema"].removeprefix("zhengce.").partition("/")[0]
        jsonschema.validate(line, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return found


def test_read_says_what_a_page_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = lines(
        capsys, study.read, page(tmp_path, "a.html"), "--url", "https://wangxin.example.invalid/1.htm"
    )
    assert line["health"] == "ok"
    assert line["title"] == "示例算法备案管理办法"
    assert line["effective"] == "2027-01-01"
    assert [p["anchor"] for p in line["passages"]][:2] == ["第一条", "第二条"]
    assert "浏览次数" not in line["text"]


def test_read_takes_the_address_that_the_browser_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(page(tmp_path, "a.html"))
    (line,) = lines(capsys, study.read, str(file))
    assert line["url"] == file.resolve().as_uri()
    mark = "<!-- saved from url=(0040)https://wangxin.example.invalid/1.htm -->"
    file.write_text(mark + file.read_text("utf-8"), "utf-8")
    (line,) = lines(capsys, study.read, str(file))
    assert line["url"] == "https://wangxin.example.invalid/1.htm"


def test_read_of_a_challenge_page_is_a_verdict_and_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "blocked.html"
    file.write_text("<html><script>var $_ts=window['$_ts'];</script></html>", "utf-8")
    (line,) = lines(capsys, study.read, str(file), "--url", "https://a.invalid/", code=1)
    assert line["health"] == "challenge"
    assert line["reasons"]
    assert line["text"] == ""


def test_diff_tells_amendment_from_renumbering(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = page(tmp_path, "before.html")
    after = page(
        tmp_path,
        "after.html",
        days="五个工作日",
        views=9,
        inserted="<p>第三条　每年一月报送年度报告。</p>",
        last="四",
    )
    (line,) = lines(capsys, study.diff, before, after)
    assert line["significance"] == "substantive"
    by_op = {change["op"]: change for change in line["passages"]}
    assert set(by_op) == {"amended", "added", "renumbered"}
    assert [(s["before"], s["after"]) for s in by_op["amended"]["spans"]] == [("十个工作日", "五个工作日")]
    (delta,) = by_op["amended"]["deltas"]
    assert (delta["kind"], delta["before"], delta["after"]) == ("deadline", "十个工作日", "五个工作日")
    assert by_op["amended"]["before"][delta["before_start"] :].startswith("十个工作日")
    assert by_op["amended"]["after"][delta["after_start"] :].startswith("五个工作日")
    assert (by_op["renumbered"]["anchor_before"], by_op["renumbered"]["anchor"]) == ("第三条", "第四条")


def test_diff_of_a_page_that_was_not_seen_compares_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = tmp_path / "pairs.jsonl"
    pairs = [
        {"id": "1", "before": "第一条 甲。", "after": "第一条 乙。"},
        {"id": "2", "before": "第一条 甲。", "after": "", "fetch_status": "412"},
        {"id": "3", "before": "第一条 甲。", "after": "404 页面不存在", "fetch_status": "404"},
    ]
    batch.write_text("\n".join(json.dumps(pair, ensure_ascii=False) for pair in pairs), "utf-8")
    seen, blocked, absent = lines(capsys, study.diff, "--batch", str(batch))
    assert (seen["id"], seen["health"], seen["significance"]) == ("1", "ok", "substantive")
    assert (blocked["health"], blocked["passages"]) == ("challenge", [])
    assert absent["health"] == "not_found"


def test_tag_quotes_its_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts.jsonl"
    item = {
        "id": "a",
        "title": "关于做好算法备案的通知",
        "text": "提供者应当履行算法备案手续。",
        "source_kind": "regulator_notice",
    }
    texts.write_text(json.dumps(item, ensure_ascii=False) + "\n", "utf-8")
    (line,) = lines(capsys, study.tag, str(texts))
    assert line["licence_ids"] == ["algorithm-filing"]
    for found in line["tags"]:
        assert item[found["field"]][found["start"] : found["end"]] == found["evidence"]


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        (study.read, ["/nowhere/a.html", "--url", "https://a.invalid/"]),
        (study.read, ["/nowhere/a.exe", "--url", "https://a.invalid/"]),
        (study.diff, ["only-one"]),
        (study.tag, ["/nowhere/x.jsonl"]),
    ],
)
def test_wrong_use_is_said_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], verb: click.Command, arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(verb, arguments)
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def refused(capsys: pytest.CaptureFixture[str], verb: click.Command, *arguments: str) -> dict[str, Any]:
    with pytest.raises(SystemExit) as ended:
        run(verb, [*arguments, "--json"])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    line: dict[str, Any] = json.loads(said.out.splitlines()[-1])
    jsonschema.validate(line, json.loads((SCHEMAS / "error.json").read_text("utf-8")))
    return line


@pytest.mark.parametrize("name", ["nosuch.html", "folder/nosuch", "新文.TXT"])
def test_diff_takes_no_missing_file_for_a_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    old = page(tmp_path, "old.html")
    assert refused(capsys, study.diff, old, name)["what"] == "读不到文件"
    assert refused(capsys, study.diff, name, name)["where"] == name


def test_diff_refuses_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "文件夹" in refused(capsys, study.diff, str(tmp_path), page(tmp_path, "a.html"))["what"]


@pytest.mark.parametrize("verb", [(study.diff, "--batch"), (study.tag,)])
def test_input_that_is_no_utf8_is_named_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: tuple[Any, ...]
) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(b'{"id":"1","before":"a","after":"a"}\n\xc4\xe3\n')
    command, *options = verb
    line = refused(capsys, command, *options, str(file))
    assert "第 2 行" in line["what"]
    assert line["where"] == str(file)


def test_tag_takes_a_plain_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "通知.txt"
    file.write_text("提供生成式人工智能服务应当办理算法备案。\n自发布之日起施行。", "utf-8")
    (line,) = lines(capsys, study.tag, str(file))
    assert line["id"] == "通知.txt"
    assert "algorithm-filing" in line["licence_ids"]


def told(capsys: pytest.CaptureFixture[str], verb: click.Command, *arguments: str, code: int = 0) -> str:
    with pytest.raises(SystemExit) as ended:
        run(verb, list(arguments))
    assert ended.value.code == code
    captured = capsys.readouterr()
    return captured.out + captured.err


DRAFT = """<html><head><meta charset="utf-8"><title>示例管理办法（征求意见稿）</title></head><body><h1>示例管理办法（征求意见稿）</h1><div class="TRS_Editor">
<p>请于2026年3月1日前反馈意见。</p><h2>第一章 总则</h2><p>第一条 为了规范示例活动，制定本办法。</p>
<table><tr><th>序号</th><th>材料名称</th><th>份数</th></tr><tr><td>1</td><td>承诺书</td><td>1</td></tr><tr><td>2</td><td>申请表</td><td>2</td></tr></table></div></body></html>"""


def test_a_draft_is_told_first_and_headings_and_rows_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "draft.html"
    file.write_text(DRAFT, "utf-8")
    said = told(capsys, study.read, str(file)).splitlines()
    assert said[1] == "征求意见稿，不是现行规定；意见反馈截止 2026-03-01"
    assert "第一章　总则" in said
    assert "表行 1　材料名称：承诺书；份数：1" in said
    assert "份数：1" not in said


def test_empty_words_are_told_as_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "文字是空的" in told(capsys, study.diff, "", "", code=2)
    empty = tmp_path / "empty.txt"
    empty.write_text("\n")
    assert "没有文字可标注" in told(capsys, study.tag, str(empty), code=1)


def test_a_page_is_tagged_by_its_words_and_not_by_its_markup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "old.html"
    file.write_text(DRAFT.replace("<body>", "<body><a href='/'>增值电信业务经营许可证</a>"), "utf-8")
    assert lines(capsys, study.tag, str(file))[0]["licence_ids"] == []
    file.write_text("<html><body>404</body></html>")
    assert "读不出这个页面" in told(capsys, study.tag, str(file), code=1)
