"""E-mail by SMTP: implicit TLS or mandatory STARTTLS; plain only to a loopback server or an allowed private one."""

from __future__ import annotations

import smtplib
import socket
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import quote

from kb.config import BEIJING, secret
from kb.errors import ConfigError, DeliveryFailed, DeliveryRefused
from scheduler.alerts.channels.address import checked_address
from scheduler.alerts.outbox import Outgoing
from scheduler.ops import EmailSettings

TIMEOUT = 15.0
SENDER_NAME = "证策监测"


def compose(outgoing: Outgoing, settings: EmailSettings) -> EmailMessage:
    """The mail. Headers are set through ``EmailMessage``, which refuses line breaks. Raises ``ConfigError``."""
    alert = outgoing.alert
    sender, receiver = _address(settings.sender), _address(settings.to)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(SENDER_NAME, sender.username, sender.domain)
    mail["To"] = receiver
    mail["Subject"] = alert.message.subject
    mail["Date"] = format_datetime(outgoing.created_at.astimezone(BEIJING))
    mail["Message-ID"] = message_id(alert.id, sender)
    if alert.replies_to:
        mail["In-Reply-To"] = mail["References"] = message_id(alert.replies_to, sender)
    mail["List-Unsubscribe"] = f"<mailto:{settings.sender}?subject={quote('退订 ' + alert.subscription)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(alert.message.body)
    return mail


def message_id(alert: str, sender: Address) -> str:
    return f"<{alert}@{sender.domain}>"


def send_email(outgoing: Outgoing, settings: EmailSettings, *, allowed: tuple[str, ...] = ()) -> str:
    """What the server said. Raises ``DeliveryRefused`` for a 5xx, ``DeliveryFailed`` for what may pass."""
    mail = compose(outgoing, settings)
    address = checked_address(
        settings.host, settings.port, allowed=allowed, private=settings.allow_private, loopback=True
    )
    _require_privacy(address, settings)
    try:
        with _connect(settings, address) as server:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.username:
                server.login(settings.username, secret(settings.password))
            refused = server.send_message(mail)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        raise _refusal(error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(f"邮件没有发出：{error}", where=settings.host, do="将自动重试") from error
    if refused:
        raise DeliveryRefused(f"收件地址被拒绝：{sorted(refused)}", where=settings.host)
    return "对方邮件服务器已接收"


def _require_privacy(address: str, settings: EmailSettings) -> None:
    """Plain SMTP never crosses the open internet."""
    ip = ip_address(address)
    if settings.security == "none" and not (ip.is_loopback or (settings.allow_private and ip.is_private)):
        raise ConfigError(
            "不加密的 SMTP 只能用于本机或管理员允许的内网服务器",
            where=settings.host,
            do="请把 security 设为 tls 或 starttls",
        )


def _refusal(
    error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused,
) -> DeliveryRefused | DeliveryFailed:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        text = f"收件地址被拒绝：{codes}"
        return DeliveryRefused(text) if min(codes) >= 500 else DeliveryFailed(text, do="将自动重试")
    said = (
        error.smtp_error.decode("utf-8", "replace")
        if isinstance(error.smtp_error, bytes)
        else error.smtp_error
    )
    text = f"邮件服务器答复 {error.smtp_code} {said}"
    # a wrong password is the operator's to mend and the mail is not lost meanwhile
    if error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError):
        return DeliveryRefused(text)
    return DeliveryFailed(text, do="将自动重试")


def _connect(settings: EmailSettings, address: str) -> smtplib.SMTP:
    """Connect to the checked address, so that no second name resolution can lead elsewhere; TLS names the host."""
    if settings.security == "tls":
        return _TlsServer(settings, address)
    return _Server(settings, address)


class _Server(smtplib.SMTP):
    def __init__(self, settings: EmailSettings, address: str) -> None:
        self._checked = address
        super().__init__(settings.host, settings.port, timeout=TIMEOUT)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        return socket.create_connection((self._checked, port), timeout)


class _TlsServer(smtplib.SMTP_SSL):
    def __init__(self, settings: EmailSettings, address: str) -> None:
        self._checked = address
        super().__init__(settings.host, settings.port, timeout=TIMEOUT, context=ssl.create_default_context())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(
            socket.create_connection((self._checked, port), timeout), server_hostname=host
        )


def _address(text: str) -> Address:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise ConfigError(f"邮件地址有误：{text!r}", do="请写成 name@example.com 的形式") from error
    if not address.domain:
        raise ConfigError(f"邮件地址缺少域名：{text!r}", do="请写成 name@example.com 的形式")
    return address
