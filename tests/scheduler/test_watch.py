"""``zhengce run --once`` from a shell's side."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.sample_web import SampleWeb, render_declarations
from kb.config import SystemClock
from kb.terminal import run
from scheduler.alerts.message import Message
from scheduler.alerts.outbox import Alert, enqueue
from scheduler.cli import zhengce
from scheduler.ops import EmailSettings, Ops

Call = Callable[..., tuple[int, str]]

UNREACHABLE = """
id = "nowhere"
title = "无处"
authority = "示例"
mechanism = "pages"
level = "regulator"
hosts = ["nowhere.invalid"]
start = ["https://nowhere.invalid/"]
publish = "full"
delay_seconds = 3
"""


@pytest.fixture
def once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def call() -> tuple[int, str]:
        command = [
            "run",
            "--once",
            "--data",
            str(tmp_path / "data"),
            "--sources",
            str(tmp_path / "declared"),
        ]
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(zhengce, command)
        return int(ended.value.code or 0), capsys.readouterr().out

    return call


def prepare(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "zhengce.toml").write_text('demo = true\nallow_addresses = ["127.0.0.0/8"]\n')


def test_it_says_how_many_pages_were_seen_and_then_that_nothing_is_due(tmp_path: Path, once: Call) -> None:
    prepare(tmp_path)
    with SampleWeb() as web:
        render_declarations(web.port, tmp_path / "declared")
        for file in (tmp_path / "declared").glob("*.toml"):
            if file.stem != "sample.cac.rules":
                file.unlink()
        code, said = once()
    assert code == 0
    assert "sample.cac.rules　看过 9 页" in said
    assert (tmp_path / "data" / "sources" / "sample.cac.rules.toml").exists()  # a rebuild needs it
    assert once() == (0, "没有到期的巡查。\n")


def test_what_could_not_be_seen_or_sent_is_said_and_is_no_success(tmp_path: Path, once: Call) -> None:
    prepare(tmp_path)
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "nowhere.toml").write_text(UNREACHABLE, "utf-8")
    now = SystemClock().now()
    with Ops(tmp_path / "data" / "ops.db") as ops:
        channel = ops.put_channel(
            EmailSettings(
                to="a@b.invalid",
                sender="c@d.invalid",
                host="127.0.0.1",
                username="u",
                password="env:ZHENGCE_NOT_SET",
                security="none",
                port=9,
            ),
            now=now,
        )
        enqueue(ops, Alert("al-1", "change", "ch-1", "sub-1", Message("s", "b", "t"), {}), [channel], now=now)
    code, said = once()
    assert code == 1
    assert "nowhere　" in said
    assert "未能查看" in said
    assert "看过" not in said
    assert "al-1 没有发到" in said
