"""The questions of a profile at a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kb.profiles import Profile, load

ROOT = Path(__file__).resolve().parents[2]


def typed(folder: Path, *answers: str, more: tuple[str, ...] = ()) -> tuple[int, str]:
    """Exit code and what the terminal showed; Enter answers what nobody typed."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "scheduler", "profile", "new", "甲", "--data", str(folder), *more]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT) as process:
        os.close(slave)
        os.write(master, ("\n".join(answers) + "\n" * 40).encode())
        shown = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other end was closed
                break
            if not piece:
                break
            shown += piece
        code = process.wait(60)
    os.close(master)
    return code, shown.decode()


def held(folder: Path) -> Profile:
    return load(folder / "profiles" / "甲.toml")


def test_a_wrong_answer_is_asked_again_enter_skips_and_what_does_not_follow_is_not_asked(
    tmp_path: Path,
) -> None:
    code, text = typed(tmp_path, "9", "1,3", "", "收费", "10", "4")
    assert code == 0, text
    assert "没有“9”这个选项" in text
    assert "1/18" in text
    assert "模型从哪里来" not in text  # nothing is generated
    made = held(tmp_path)
    assert made.answers["form"] == ("website", "wechat")
    assert made.answers["charge"] == ("paid",)
    assert "audience" not in made.answers
    assert [f"{at}/" in text for at in (4, 5, 6)] == [True] * 3  # no number is left out for what is not asked
    assert "5/16" in text or "5/15" in text


def test_a_person_may_go_back_be_unsure_and_keep_what_was_said(tmp_path: Path) -> None:
    code, text = typed(tmp_path, "1", "1", "b", "b", "2", "2", "不确定", "1")
    assert code == 0, text
    assert "[网站或 H5]" in text  # what was said is what Enter keeps
    first = held(tmp_path)
    assert first.answers == {"form": ("app",), "audience": ("business",), "output": ("text",)}

    code, text = typed(tmp_path, "", "?", "paid", more=("--replace",))
    assert code == 0, text
    assert "[手机应用（APP）]" in text
    assert held(tmp_path).answers == {"form": ("app",), "charge": ("paid",), "output": ("text",)}


@pytest.mark.parametrize("answers", [(), ("b", "b"), ("?",)])
def test_who_answers_nothing_keeps_nothing(tmp_path: Path, answers: tuple[str, ...]) -> None:
    code, text = typed(tmp_path, *answers)
    assert code == 2
    assert "没有回答任何问题，没有保存" in text
    assert not (tmp_path / "profiles").exists()


def test_who_breaks_off_keeps_nothing_and_is_told_so(tmp_path: Path) -> None:
    code, text = typed(tmp_path, "1", "\x04")
    assert code == 130
    assert "没有保存任何回答" in text
    assert not (tmp_path / "profiles").exists()
