import json

import click
import pytest

from kb.errors import NotFound
from kb.terminal import Map, Verb, option, progress, run, say, tr


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
