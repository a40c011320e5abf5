import email
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from crawler.sample_web import truth
from kb.codes import Health
from scheduler.demo.__main__ import main, next_lines
from scheduler.demo.check import compare_all
from scheduler.demo.found import Found
from scheduler.demo.show import DayFacts, _recovered
from scheduler.facts import IncidentFacts


@pytest.mark.slow
def test_four_days_are_found_as_they_were_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Real processes, HTTP, mails and webhooks; nothing missed, nothing invented."""
    code = main(["--no-serve", "--folder", str(tmp_path / "demo")])
    said = capsys.readouterr().out
    assert code == 0, said
    assert "漏 0，误 0" in said
    assert said.startswith("证策演示：正在布置")
    assert "演示邮件：" in said
    assert "下一步：zhengce init" in said
    assert "内容标识、小…" not in said
    mails = list((tmp_path / "demo" / "mailbox").glob("*.eml"))
    assert mails
    for mail in mails:
        read = email.message_from_bytes(mail.read_bytes(), EmailMessage, policy=default)
        assert read.get_content().startswith("演示数据，内容虚构"), mail.name


def test_what_the_screen_counts_and_what_nobody_sent_are_compared_too() -> None:
    """One source short on a day, and a message that the ledger does not know."""
    days = [
        DayFacts(n, e.on, len(e.watched) + len(e.not_watched), len(e.watched) - (n == 2), 0, 0)
        for n, e in enumerate(map(truth.expected, range(1, 5)), start=1)
    ]
    missed, invented = compare_all(Found(truth.expected(4).documents, (), (), (), ("al-nobody",)), {}, days)
    assert "查看 2026-11-24 已查看 8/8" in missed
    assert invented == ["消息 al-nobody 不在提醒账上", "查看 2026-11-24 已查看 7/8"]


@pytest.mark.parametrize(
    ("open_until", "said"), [(None, "1 页仍未能查看"), (2, "1 页仍未能查看"), (1, "未见变动")]
)
def test_the_screen_says_of_a_recovery_what_the_mail_says(open_until: int | None, said: str) -> None:
    """A page that cannot be seen when its list comes back may have changed: 未见变动 would be a lie."""
    first = datetime(2026, 11, 24, tzinfo=UTC)
    whole = IncidentFacts(
        "in-1", "s", "示例来源", "https://a.invalid/", Health.BODY_GONE, "", first, first,
        closed_at=first + timedelta(days=1),
    )  # fmt: skip
    closed = first + timedelta(days=open_until) if open_until else None
    page = replace(whole, id="in-2", url="https://a.invalid/1", whole_source=False, closed_at=closed)
    found = Found(1, (), (whole,), (), (), (whole, page))
    line = _recovered(whole, found)
    assert said in line
    assert ("未见变动" in line) is (open_until == 1)


def test_a_folder_that_holds_anything_else_is_not_wiped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["--no-serve", "--folder", str(tmp_path)]) == 2
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert "不清空" in capsys.readouterr().err


def test_who_asked_for_no_site_is_told_where_the_mail_is_and_what_comes_next(tmp_path: Path) -> None:
    said = next_lines(tmp_path, tmp_path / "mailbox")
    assert f"{tmp_path / 'mailbox'}/" in said
    assert "下一步：zhengce init" in said
