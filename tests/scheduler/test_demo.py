import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from scheduler.demo.__main__ import main


@pytest.mark.slow
def test_four_days_are_found_as_they_were_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Real processes, HTTP, mails and webhooks; nothing missed, nothing invented."""
    code = main(["--no-serve", "--folder", str(tmp_path / "demo")])
    said = capsys.readouterr().out
    assert code == 0, said
    assert "漏 0，误 0" in said
    mails = list((tmp_path / "demo" / "mailbox").glob("*.eml"))
    assert mails
    for mail in mails:
        read = email.message_from_bytes(mail.read_bytes(), EmailMessage, policy=default)
        assert read.get_content().startswith("演示数据，内容虚构"), mail.name


def test_a_folder_that_holds_anything_else_is_not_wiped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["--no-serve", "--folder", str(tmp_path)]) == 2
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert "不清空" in capsys.readouterr().err
