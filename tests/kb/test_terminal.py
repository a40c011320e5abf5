import json

import click
import pytest
from rich.cells import cell_len

from kb.errors import NotFound
from kb.helptext import wrapped
from kb.terminal import Map, Verb, note, option, progress, run, say, tr


@click.group(cls=Map, zh="证策", en="zhengce")
def house() -> None:
    pass


@house.command("find", cls=Verb, section="看", zh="找一处", en="Find one")
@option("--where", zh="在哪里", en="where to look")
@click.option("--json", "as_json", is_flag=True)
def find(where: str | None, as_json: bool) -> int:
    if where == "nowhere":
        raise NotFound("没有这一处", where="此处", do="换个地方")
    say(tr("找到了", "found"))
    return 1 if where == "problem" else 0


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        run(house, list(arguments))
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


def test_the_map_is_grouped_and_chinese_first(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(capsys, "--help")
    assert code == 0
    assert "看" in out
    assert "找一处" in out


def test_the_map_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = outcome(capsys, "--lang", "en", "--help")
    assert "Find one" in out
    assert "找一处" not in out
    _, out, _ = outcome(capsys, "find", "--lang", "en", "--help")
    assert "where to look" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["find"], 0),
        (["find", "--where", "problem"], 1),
        (["find", "--where", "nowhere"], 2),
        (["find", "--wher"], 2),
        (["found"], 2),
    ],
)
def test_exit_codes(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int) -> None:
    assert outcome(capsys, *arguments)[0] == code


def test_an_error_says_what_where_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = outcome(capsys, "find", "--where", "nowhere", "--json")
    assert json.loads(out)["what"] == "没有这一处"
    for words in ("没有这一处", "此处", "换个地方"):
        assert words in err
    assert "Traceback" not in err


def test_progress_is_plain_lines_when_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("比对") as update:
        for done in range(101):
            update(done, 100)
    assert len(capsys.readouterr().err.splitlines()) == 11


def test_wrong_use_is_a_line_of_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = outcome(capsys, "find", "--nowhere", "--json")
    assert code == 2
    assert json.loads(out)["what"] == "没有这个选项：--nowhere"
    assert "No such option" not in err


def test_an_option_before_its_verb_is_told_where_it_belongs(capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = outcome(capsys, "--where", "here", "find")
    assert code == 2
    assert "没有这个选项：--where（动词的选项写在动词之后）" in err


def test_without_a_verb_the_map_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = outcome(capsys)
    assert (code, err) == (0, "")
    assert "找一处" in out


@house.command("break", cls=Verb, zh="出错", en="Fail")
@click.argument("number", type=click.IntRange(1, 9))
def broken(number: int) -> int:
    raise PermissionError(13, "Permission denied", "/somewhere")


def test_what_the_system_refuses_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = outcome(capsys, "break", "1")
    assert code == 1
    assert "没有权限" in err
    assert "/somewhere" in err
    assert "Traceback" not in err


def test_a_value_out_of_range_says_the_range(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = outcome(capsys, "break", "99999999999999999999")
    assert "应为整数，不小于 1、不大于 9" in err
    assert "not in the range" not in err


def test_control_characters_never_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("改\x1b[31m了\x9b2J\u202e一\x07处")
    note("备\x1b]0;x\x07注")
    printed = capsys.readouterr()
    assert printed.out == "改[31m了2J一处\n"
    assert "\x1b" not in printed.err


def test_no_line_ends_with_an_opening_mark_or_begins_with_a_closing_one() -> None:
    text = "相关：大模型备案（genai-filing）、网络文化（online-culture）、“三名员工社保”〔现行有效〕"
    for width in range(24, 60):
        for line in wrapped(text, width):
            assert line[-1] not in "（“《〔"
            assert line[0] not in "）”》〕、，。："


def test_help_is_wrapped_by_columns_and_breaks_no_word() -> None:
    text = "由这个地址代答所有请求，如 http://127.0.0.1:8800 ，然后结束"
    for width in range(24, 60):
        lines = list(wrapped(text, width))
        assert any("http://127.0.0.1:8800" in line for line in lines)
        assert all(cell_len(line) <= width for line in lines)
