"""What click adds to help and errors, in Chinese."""

import click
import pytest

from kb.terminal import Map, Verb, option, run

verbs = Map("zhengce", zh="试", en="try")


@verbs.command("work", cls=Verb, section="管", zh="做事", en="work")
@option("--port", type=click.IntRange(0, 65535), zh="端口", en="port")
@option("--delay", type=click.FloatRange(min=0), default=3.0, show_default=True, zh="间隔", en="delay")
@option("--name", required=True, zh="名称", en="name")
@option("--data", metavar="DIR", default="here", show_default=True, zh="目录", en="folder")
def work(**_values: object) -> int:
    return 0


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    with pytest.raises(SystemExit) as ended:
        run(verbs, list(arguments))
    assert ended.value.code == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_help_in_chinese_has_none_of_clicks_words(capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, "work", "--help", code=0)
    for part in (
        "端口（0 至 65535）",
        "间隔（默认 3.0；不小于 0）",
        "名称（必填）",
        "目录（默认 here）",
        "--port 整数",
    ):
        assert part in said
    assert not any(word in said for word in ("[required]", "[default", "INTEGER", "FLOAT", "TEXT", "x>="))


def test_help_in_english_stays(capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, "work", "--lang", "en", "--help", code=0)
    assert "[required]" in said


def test_an_unknown_verb_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "foo", code=2).startswith("用法有误：没有这个动词：foo")


def test_a_mistyped_verb_is_told_what_it_may_mean(capsys: pytest.CaptureFixture[str]) -> None:
    assert "（您是不是要：work）" in told(capsys, "wrok", code=2)
    assert "您是不是要" not in told(capsys, "foo", code=2)
