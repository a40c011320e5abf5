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
