"""The functions behind ``zhengce init``, ``subscribe`` and ``alerts``. They ask nothing and print nothing."""

from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import tomlkit
from pydantic import BaseModel, ValidationError

from kb.config import DataDirectory, Settings, complaint
from kb.errors import ConfigError, NotFound, ZhengceError
from kb.licences import licences
from kb.model import instant
from scheduler.alerts.channels import sender
from scheduler.alerts.message import Message
from scheduler.alerts.outbox import Alert, Outgoing, Send, read_alert
from scheduler.ops import EmailSettings, Ops, Subscription, WebhookSettings

M = TypeVar("M", bound=BaseModel)


class Assessment(StrEnum):
    """What a person made of an alert."""

    UNASSESSED = "unassessed"
    APPLIES = "applies"
    NOT_APPLICABLE = "not_applicable"
    ASK_COUNSEL = "ask_counsel"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"
    WRONG_TAG = "wrong_tag"
    ESCALATED = "escalated"


def write_settings(data: DataDirectory, values: Mapping[str, Any]) -> Settings:
    """Set keys of ``zhengce.toml`` (nested tables as mappings) and keep everything else, comments included.

    Raises ``ConfigError`` and writes nothing when the result could not be used.
    """
    file = data.settings_file
    document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
    _merge(document, values)
    try:
        settings = Settings.model_validate(document.unwrap())
    except ValidationError as error:
        raise ConfigError(f"设置 {complaint(error)}", where=str(file), do="请改正后重试") from error
    data.root.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".toml.new")
    temporary.write_text(tomlkit.dumps(document), "utf-8")
    temporary.replace(file)
    return settings


def _merge(document: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping):
            if key not in document:
                document[key] = tomlkit.table()
            _merge(document[key], value)
        else:
            document[key] = value


def email_channel(**values: Any) -> EmailSettings:
    """Raises ``ConfigError`` naming the field."""
    return _validated(EmailSettings, values)


def webhook_channel(**values: Any) -> WebhookSettings:
    return _validated(WebhookSettings, values)


def subscription(**values: Any) -> Subscription:
    """Raises ``ConfigError`` naming the field, or the licence type that the vocabulary does not have."""
    made = _validated(Subscription, values)
    if unknown := [licence for licence in made.licences if licence not in licences()]:
        raise ConfigError(f"没有这个资质事项：{'、'.join(unknown)}", do="zhengce licence 可列出全部事项")
    return made


def _validated(model: type[M], values: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise ConfigError(complaint(error), do="请改正后重试") from error


def new_webhook_secret(folder: Path, name: str = "webhook-secret") -> str:
    """Make a ``whsec_`` secret in a file of mode 0600 and return the reference to it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with os.fdopen(handle, "w") as target:
        target.write("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    return f"file:{file.absolute()}"


@dataclass(frozen=True, slots=True)
class TestResult:
    """``said`` is the receiver's answer, or what went wrong and what to do."""

    ok: bool
    said: str


def send_test(
    ops: Ops, channel: str, *, settings: Settings, now: datetime, send: Send | None = None
) -> TestResult:
    """Send a test message now, past the outbox; a disabled channel that takes it is active again.

    Raises ``NotFound`` for an unknown channel.
    """
    if channel not in ops.channels():
        raise NotFound(f"没有投递方式 {channel}", do="zhengce subscribe 可查看和添加")
    number = f"al-test{secrets.token_hex(4)}"
    body = "这是一封测试信：证策（许可与备案规则变动监测）可以用这个方式找到您。\n收到即可，不必回复。\n"
    message = Message("〔测试〕证策监测：投递方式可用", body, "〔测试〕证策监测：投递方式可用")
    outgoing = Outgoing("test", 1, channel, Alert(number, "test", "test", "", message, {}), now)
    try:
        said = (send or sender(ops, allowed=tuple(settings.allow_addresses)))(outgoing)
    except ZhengceError as error:
        return TestResult(False, str(error))
    ops.enable_channel(channel)
    return TestResult(True, said)


# --------------------------------------------------------------------------- alerts


def list_alerts(ops: Ops, *, limit: int = 50, state: str = "") -> list[dict[str, Any]]:
    """Newest first: id, kind, about, subject, subscription, created_at, and each delivery's channel and state."""
    rows = ops.rows(
        "SELECT a.id, a.kind, a.about, a.subject, a.created_at, a.subscription, d.channel, d.state, d.attempts,"
        " d.due_at, d.detail, coalesce((SELECT assessment FROM assessments WHERE alert = a.id ORDER BY id DESC"
        " LIMIT 1), 'unassessed') AS assessment FROM alerts AS a LEFT JOIN deliveries AS d ON d.alert = a.id"
        " WHERE ? IN ('', d.state) ORDER BY a.created_at DESC, a.id, d.channel LIMIT ?",
        (state, limit),
    )
    return [dict(row) for row in rows]


def show_alert(ops: Ops, alert: str) -> dict[str, Any]:
    """One alert with its text, its deliveries and every attempt. Raises ``NotFound``."""
    found, created = read_alert(ops, alert)
    deliveries = [
        dict(r) for r in ops.rows("SELECT * FROM deliveries WHERE alert = ? ORDER BY channel", (alert,))
    ]
    for delivery in deliveries:
        attempts = ops.rows(
            "SELECT at, state, detail FROM attempts WHERE delivery = ? ORDER BY id", (delivery["id"],)
        )
        delivery["tries"] = [dict(row) for row in attempts]
    assessed = ops.rows(
        "SELECT who, at, assessment, note FROM assessments WHERE alert = ? ORDER BY id", (alert,)
    )
    return {
        "id": found.id,
        "kind": found.kind,
        "about": found.about,
        "subscription": found.subscription,
        "created_at": instant(created),
        "subject": found.message.subject,
        "body": found.message.body,
        "deliveries": deliveries,
        "assessments": [dict(row) for row in assessed],
    }


def assess(ops: Ops, alert: str, assessment: str, *, who: str, note: str = "", now: datetime) -> None:
    """Write down what a person made of an alert. Raises ``NotFound``, ``ConfigError`` for an unknown word."""
    read_alert(ops, alert)
    try:
        chosen = Assessment(assessment)
    except ValueError as error:
        raise ConfigError(
            f"没有这种处理：{assessment}", do="可用：" + "、".join(member.value for member in Assessment)
        ) from error
    with ops.transaction() as db:
        db.execute(
            "INSERT INTO assessments (alert, who, at, assessment, note) VALUES (?, ?, ?, ?, ?)",
            (alert, who, instant(now), chosen, note),
        )
