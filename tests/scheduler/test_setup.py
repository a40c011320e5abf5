from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.config import DataDirectory, Settings, secret
from kb.errors import ConfigError, DeliveryFailed, NotFound
from scheduler.alerts.message import Message
from scheduler.alerts.outbox import Alert, Outgoing, enqueue
from scheduler.ops import EmailSettings, Ops
from scheduler.setup import (
    assess,
    email_channel,
    list_alerts,
    new_webhook_secret,
    send_test,
    show_alert,
    subscription,
    webhook_channel,
    write_settings,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_settings_are_changed_key_by_key_and_comments_stay(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    data.settings_file.write_text('# 我们的\ncrawl_at = "05:00" # 早\n', "utf-8")
    write_settings(data, {"digest_at": "09:00", "site": {"port": 9000}})
    text = data.settings_file.read_text("utf-8")
    assert "# 我们的" in text
    assert "# 早" in text
    assert (data.settings().crawl_at, data.settings().digest_at, data.settings().site.port) == (
        "05:00",
        "09:00",
        9000,
    )


@pytest.mark.parametrize("values", [{"digest_at": "25:00"}, {"unknown": 1}, {"site": {"port": "x"}}])
def test_settings_that_could_not_be_used_are_not_written(tmp_path: Path, values: dict[str, object]) -> None:
    data = DataDirectory(tmp_path)
    with pytest.raises(ConfigError):
        write_settings(data, values)
    assert not data.settings_file.exists()


def test_mistakes_are_named() -> None:
    with pytest.raises(ConfigError, match="no-such-licence"):
        subscription(name="x", licences=("no-such-licence",))
    with pytest.raises(ConfigError, match="digest"):
        subscription(name="x", digest="hourly")
    with pytest.raises(ConfigError, match="password"):
        email_channel(to="a@b.invalid", sender="c@d.invalid", host="h", password="plain")
    with pytest.raises(ConfigError, match="url"):
        webhook_channel(url="ftp://x.invalid/", secret="env:X")


def test_a_webhook_secret_is_a_private_file(tmp_path: Path) -> None:
    reference = new_webhook_secret(tmp_path)
    file = Path(reference.removeprefix("file:"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert secret(reference).startswith("whsec_")
    with pytest.raises(FileExistsError):
        new_webhook_secret(tmp_path)


def test_a_test_message_says_how_it_went(ops: Ops) -> None:
    channel = ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=NOW)
    got: list[Outgoing] = []

    def send(outgoing: Outgoing) -> str:
        got.append(outgoing)
        return "对方服务器已接收"

    def fail(_: Outgoing) -> str:
        raise DeliveryFailed("连不上", do="请检查")

    assert send_test(ops, channel, settings=Settings(), now=NOW, send=send).ok
    assert got[0].alert.kind == "test"
    failed = send_test(ops, channel, settings=Settings(), now=NOW, send=fail)
    assert (failed.ok, failed.said) == (False, "连不上；请检查")
    with pytest.raises(NotFound):
        send_test(ops, "cn-none", settings=Settings(), now=NOW)


def test_a_disabled_channel_that_takes_a_test_message_is_active_again(ops: Ops) -> None:
    channel = ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=NOW)
    ops.disable_channel(channel, "410", now=NOW)
    send_test(ops, channel, settings=Settings(), now=NOW, send=lambda _: "ok")
    assert [row["state"] for row in ops.rows("SELECT state FROM channels")] == ["active"]


def test_a_stored_channel_that_cannot_be_used_is_named(ops: Ops) -> None:
    channel = ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=NOW)
    ops.connection.execute(
        "UPDATE channels SET settings = ?",
        ('{"kind": "webhook", "url": "https://h:99999/", "secret": "env:X"}',),
    )
    with pytest.raises(ConfigError, match=channel):
        ops.channel(channel)
    assert not send_test(ops, channel, settings=Settings(), now=NOW).ok


def test_alerts_can_be_listed_shown_and_assessed(ops: Ops) -> None:
    channel = ops.put_channel(EmailSettings(to="a@b.invalid", sender="c@d.invalid", host="h"), now=NOW)
    enqueue(ops, Alert("al-1", "change", "ch-1", "sub-1", Message("题", "文", "短"), {}), [channel], now=NOW)
    assess(ops, "al-1", "applies", who="法务", note="看过", now=NOW)
    (row,) = list_alerts(ops)
    assert (row["id"], row["state"], row["assessment"]) == ("al-1", "pending", "applies")
    assert list_alerts(ops, state="dead") == []
    shown = show_alert(ops, "al-1")
    assert shown["body"] == "文"
    assert shown["assessments"][0]["who"] == "法务"
    with pytest.raises(ConfigError, match="not_applicable"):
        assess(ops, "al-1", "maybe", who="法务", now=NOW)
    with pytest.raises(NotFound):
        show_alert(ops, "al-none")
