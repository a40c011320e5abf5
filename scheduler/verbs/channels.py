"""Where to send: the options of ``init`` and ``subscribe`` that describe a mail server or a webhook, and the channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import click

from kb.config import DataDirectory, secret
from kb.errors import ConfigError
from kb.terminal import option
from scheduler.ops import EmailSettings, Ops, WebhookSettings

TLS_PORT, STARTTLS_PORT = 465, 587
PASSWORD = "env:ZHENGCE_SMTP_PASSWORD"  # noqa: S105 - a reference, not a secret
Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Sending:
    """What a person said about the way there; what they left out comes from the first mail channel, then by custom."""

    sender: str = ""
    server: str = ""
    security: Security | None = None
    user: str | None = None
    password: str = ""
    allow_private: bool = False


OPTIONS = (
    option("--smtp", "server", default="", metavar="HOST[:PORT]", zh="发信服务器，默认 smtp.发信邮箱域名:465", en="mail server; default smtp.<sender's domain>:465"),
    option("--from", "sender", default="", metavar="ADDRESS", zh="发信邮箱，默认同收信邮箱", en="sender; default the receiver"),
    option("--security", type=click.Choice(["tls", "starttls", "none"]), zh="加密方式，默认 tls（端口 587 为 starttls）；none 只能用于本机或内网", en="encryption; default tls (starttls for port 587); none for this machine or a private network only"),
    option("--user", metavar="NAME", zh="登录名，默认发信邮箱；写 \"\" 为不登录", en='login; default the sender; "" for none'),
    option("--password-ref", "password", default="", metavar="REF", zh="密码在哪里：env:变量名 或 file:/路径，默认 env:ZHENGCE_SMTP_PASSWORD", en="where the password is: env:NAME or file:/path; default env:ZHENGCE_SMTP_PASSWORD"),
    option("--allow-private", is_flag=True, zh="允许发往内网地址（webhook 也可用 http）", en="allow a private address (and http for a webhook)"),
)  # fmt: skip


def sending_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    for add in reversed(OPTIONS):
        verb = add(verb)
    return verb


def receiver(where: str) -> str:
    """The address as given, if it is an e-mail address or a webhook's. Raises ``ConfigError``."""
    where = where.strip()
    if where.startswith(("http://", "https://")):
        return where
    name, at, domain = where.rpartition("@")
    if not (name and at and "." in domain) or any(character.isspace() for character in where):
        raise ConfigError(
            f"不是邮箱，也不是 webhook 网址：{where}", do="例如 ops@example.com 或 https://example.com/hook"
        )
    return where


def name_of(where: str) -> str:
    """What a subscription is called after its receiver. A webhook's address may hold a token: its host only."""
    return urlsplit(where).hostname or "webhook" if "://" in where else where


def channel_for(
    ops: Ops, data: DataDirectory, where: str, sending: Sending
) -> EmailSettings | WebhookSettings:
    """The channel for an address: a webhook for http(s), else e-mail. Raises ``ConfigError``."""
    from scheduler.setup import email_channel, webhook_channel

    where = receiver(where)
    if "://" in where:
        if where.startswith("http://") and not sending.allow_private:
            raise ConfigError(
                "webhook 只接受 https 网址", where=name_of(where), do="内网地址请加 --allow-private"
            )
        return webhook_channel(url=where, secret=_webhook_secret(data), allow_private=sending.allow_private)
    held = (ops.channel(number) for number in ops.channels())
    first = next((each for each in held if isinstance(each, EmailSettings)), None)
    if first is not None and not sending.server:
        told: dict[str, Any] = {
            "sender": sending.sender or None,
            "security": sending.security,
            "username": sending.user,
            "password": sending.password or None,
            "allow_private": sending.allow_private or None,
            "to": where,
        }
        kept = first.model_dump(exclude={"kind"})
        return email_channel(**{**kept, **{key: value for key, value in told.items() if value is not None}})
    return email_channel(**_by_custom(where, sending))


def _by_custom(where: str, sending: Sending) -> dict[str, Any]:
    sender = receiver(sending.sender or where)
    host, _, port = (sending.server or f"smtp.{sender.rpartition('@')[2]}").partition(":")
    if port and not port.isdecimal():
        raise ConfigError(f"端口不是数字：{port}", do="请写成 smtp.example.com:465")
    number = int(port) if port else STARTTLS_PORT if sending.security == "starttls" else TLS_PORT
    security = sending.security or ("starttls" if number == STARTTLS_PORT else "tls")
    user = sending.user if sending.user is not None else "" if security == "none" else sender
    return {
        "to": where,
        "sender": sender,
        "host": host,
        "port": number,
        "security": security,
        "username": user,
        "password": (sending.password or PASSWORD) if user else "",
        "allow_private": sending.allow_private,
    }


def lacking(settings: EmailSettings | WebhookSettings) -> str:
    """Why nothing can be sent there from this machine as it is now, as far as that shows without sending; or empty."""
    reference = settings.password if isinstance(settings, EmailSettings) else settings.secret
    try:
        if reference:
            secret(reference)
    except ConfigError as error:
        return str(error)
    return ""


def _webhook_secret(data: DataDirectory) -> str:
    from scheduler.setup import new_webhook_secret

    held = data.root / "webhook-secret"
    return f"file:{held.absolute()}" if held.exists() else new_webhook_secret(data.root)
