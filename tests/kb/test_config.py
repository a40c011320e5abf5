import subprocess
import sys
from pathlib import Path

import pytest

from kb.config import DataDirectory, FixedClock, clock_at, secret
from kb.errors import ConfigError, DataDirectoryBusy


def test_a_fixed_clock_stands_still() -> None:
    clock = clock_at("2026-11-24T06:10:00+08:00")
    assert isinstance(clock, FixedClock)
    assert clock.now().isoformat() == "2026-11-24T06:10:00+08:00"


def test_an_instant_without_its_offset_is_refused() -> None:
    with pytest.raises(ConfigError, match="时区"):
        clock_at("2026-11-24T06:10:00")


def test_absent_settings_are_the_defaults(tmp_path: Path) -> None:
    assert DataDirectory(tmp_path).settings().crawl_at == "06:00"


@pytest.mark.parametrize("text", ["crawl_at = '25:00'", "crawlat = '06:00'", "crawl_at = "])
def test_bad_settings_say_where(tmp_path: Path, text: str) -> None:
    (tmp_path / "zhengce.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        DataDirectory(tmp_path).settings()
    assert caught.value.where.endswith("zhengce.toml")
    assert caught.value.do


def test_secrets_are_only_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "s3cret")
    (tmp_path / "key").write_text("from a file\n", "utf-8")
    assert secret("env:A_SECRET") == "s3cret"
    assert secret(f"file:{tmp_path / 'key'}") == "from a file"
    for reference in ("s3cret", "env:", "env:NOT_SET_ANYWHERE", "file:/nowhere/at/all"):
        with pytest.raises(ConfigError):
            secret(reference)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    hold = (
        "import sys; from pathlib import Path; from kb.config import DataDirectory\n"
        "with DataDirectory(Path(sys.argv[1])).writer(): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(DataDirectoryBusy), DataDirectory(tmp_path).writer():
            pass
        other.communicate("")
    with DataDirectory(tmp_path).writer():
        pass


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('digest_at = "25:00"', "请写成 HH:MM"),
        ("[site]\nport = 'x'", "site.port 有误：应为整数"),
        ("nope = 1", "nope 有误：没有这个键"),
        ("x = = 1", "第 1 行"),
    ],
)
def test_a_bad_settings_file_is_told_in_chinese(tmp_path: Path, text: str, said: str) -> None:
    data = DataDirectory(tmp_path)
    data.settings_file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said) as caught:
        data.settings()
    assert "pydantic" not in str(caught.value)


def test_settings_that_are_no_text_are_told(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    data.settings_file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        data.settings()


def test_a_data_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(ConfigError, match="数据目录不能使用"), DataDirectory(tmp_path / "taken").writer():
        pass
