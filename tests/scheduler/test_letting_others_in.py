"""zhengce people, publish and serve --frozen as a person uses them."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

import pytest

from kb.config import DataDirectory
from kb.people import People, hashed, matches
from kb.store.connection import open_writer
from kb.store.maintenance import backup

Said = Callable[..., str]
PASSWORD = "a long pass phrase"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def give(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return give


def test_people_are_added_listed_and_removed(
    said: Said, typed: Callable[[str], None], tmp_path: Path
) -> None:
    data = ("--data", str(tmp_path))
    typed(PASSWORD + "\n")
    words = said("people", "add", "王敏", *data)
    assert "已添加" in words
    assert 'sign_in = "password"' in words, "the setting that asks for it is named while it is off"
    assert PASSWORD not in words
    assert "王敏" in said("people", "list", *data)
    typed(PASSWORD + "2")
    assert "已换密码" in said("people", "add", "王敏", *data)
    known = People(tmp_path / "people.json")
    assert known.verified("王敏", PASSWORD) is None
    assert known.verified("王敏", PASSWORD + "2")
    assert "已移出" in said("people", "remove", "王敏", *data)
    assert "还没有人" in said("people", "list", *data)
    assert "没有 王敏" in said("people", "remove", "王敏", *data, code=2)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("a b", PASSWORD),
        ("", PASSWORD),
        ("x" * 65, PASSWORD),
        ("王", "short"),
        ("王", ""),
        ("wangmin123", "WANGMIN123"),
        ("王", "x" * 300),
    ],
)
def test_a_name_or_password_that_cannot_be_used_is_refused(
    said: Said, typed: Callable[[str], None], tmp_path: Path, name: str, password: str
) -> None:
    typed(password + "\n")
    said("people", "add", "--data", str(tmp_path), "--", name, code=2)
    assert not (tmp_path / "people.json").exists()


def test_a_password_is_no_argument(said: Said, tmp_path: Path) -> None:
    said("people", "add", "王敏", PASSWORD, "--data", str(tmp_path), code=2)


def test_a_password_is_the_same_from_any_keyboard() -> None:
    assert matches("ｐａｓｓ　１２３４５６", hashed("pass 123456", cost=(4, 1, 1)))
    assert not matches("x", "scrypt$")
    assert hashed("x", cost=(4, 1, 1)) != hashed("x", cost=(4, 1, 1))
    assert hashed("x").startswith("scrypt$15,8,3$")


def test_a_backup_has_the_people_and_no_key(tmp_path: Path, typed: Callable[[str], None], said: Said) -> None:
    typed(PASSWORD)
    said("people", "add", "王敏", "--data", str(tmp_path / "data"), code=2)
    (tmp_path / "data").mkdir()
    said("people", "add", "王敏", "--data", str(tmp_path / "data"))
    (tmp_path / "data" / "site.key").write_text("secret")
    backup(DataDirectory(tmp_path / "data"), tmp_path / "copy")
    assert People(tmp_path / "copy" / "people.json").all().keys() == {"王敏"}
    assert not (tmp_path / "copy" / "site.key").exists()


def test_a_copy_is_written_and_a_foreign_folder_refused(said: Said, tmp_path: Path) -> None:
    open_writer(tmp_path / "data" / "kb.db").close()
    data = ("--data", str(tmp_path / "data"))
    words = said("publish", str(tmp_path / "copies"), *data)
    assert "SHA-256" in words
    assert "--public" in words, "what the copy holds is said"
    assert "--public" not in said("publish", str(tmp_path / "copies"), "--public", *data)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    assert "别的东西" in said("publish", str(tmp_path / "mine"), *data, code=2)
    assert "还没有知识库" in said(
        "publish", str(tmp_path / "none"), "--data", str(tmp_path / "empty"), code=2
    )
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_a_copy_is_served_without_a_data_directory(said: Said, tmp_path: Path) -> None:
    open_writer(tmp_path / "data" / "kb.db").close()
    said("publish", str(tmp_path / "copies"), "--data", str(tmp_path / "data"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "scheduler",
        "serve",
        "--frozen",
        str(tmp_path / "copies"),
        "--port",
        str(port),
    ]
    process = subprocess.Popen([*command, "--data", str(tmp_path / "nowhere")])
    try:
        assert _answer(f"http://127.0.0.1:{port}/healthz")["ok"] is True
        assert not (tmp_path / "nowhere").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _answer(url: str) -> dict[str, object]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                return json.load(answer)
        except URLError:
            time.sleep(0.1)
    return {}
