"""E-mail by SMTP: implicit TLS or mandatory STARTTLS; plain only to a loopback server or an allowed private one."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
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

TIMEOUT = 15.0  # seconds for one read
LIMIT = 30.0  # seconds for a mail from greeting to goodbye: single lines in time can go on for ever
SENDER_NAME = "证策监测"
Opened = Callable[[socket.socket], None]


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


def send_email(
    outgoing: Outgoing, settings: EmailSettings, *, allowed: tuple[str, ...] = (), limit: float = LIMIT
) -> str:
    """What the server said. Raises ``DeliveryRefused`` for a 5xx, ``DeliveryFailed`` for what may pass.

    ``limit``: seconds for the whole conversation. ``ConfigError`` for a login that SMTP cannot carry.
    """
    mail = compose(outgoing, settings)
    address = checked_address(
        settings.host, settings.port, allowed=allowed, private=settings.allow_private, loopback=True
    )
    _require_privacy(address, settings)
    try:
        with _Limit(limit) as hangs_up, _connect(settings, address, hangs_up.watch) as server:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.username:
                _login(server, settings)
            refused = server.send_message(mail)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        raise _refusal(error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(f"邮件没有发出：{error}", where=settings.host, do="将自动重试") from error
    if refused:
        raise DeliveryRefused(f"收件地址被拒绝：{sorted(refused)}", where=settings.host)
    return "对方邮件服务器已接收"


def _login(server: smtplib.SMTP, settings: EmailSettings) -> None:
    password = secret(settings.password)
    if not (settings.username + password).isascii():
        raise ConfigError("SMTP 用户名和密码只能用 ASCII 字符", where=settings.host, do="请改用邮箱的授权码")
    server.login(settings.username, password)


class _Limit:
    """Hangs up when the time is over, whatever the conversation is at; what reads then fails at once."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True
        self._wire: socket.socket | None = None

    def __enter__(self) -> _Limit:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._wire is not None:
            self._wire.close()

    def watch(self, connection: socket.socket) -> None:
        """A duplicate stays valid when TLS takes the connection over."""
        self._wire = connection.dup()

    def _hang_up(self) -> None:
        if self._wire is not None:
            with contextlib.suppress(OSError):  # closed a moment ago by itself
                self._wire.shutdown(socket.SHUT_RDWR)


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


def _connect(settings: EmailSettings, address: str, opened: Opened) -> smtplib.SMTP:
    """Connect to the checked address, so that no second name resolution can lead elsewhere; TLS names the host."""
    if settings.security == "tls":
        return _TlsServer(settings, address, opened)
    return _Server(settings, address, opened)


class _Server(smtplib.SMTP):
    def __init__(self, settings: EmailSettings, address: str, opened: Opened) -> None:
        self._checked, self._opened = address, opened
        super().__init__(settings.host, settings.port, timeout=TIMEOUT)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        connection = socket.create_connection((self._checked, port), timeout)
        self._opened(connection)
        return connection


class _TlsServer(smtplib.SMTP_SSL):
    def __init__(self, settings: EmailSettings, address: str, opened: Opened) -> None:
        self._checked, self._opened = address, opened
        super().__init__(settings.host, settings.port, timeout=TIMEOUT, context=ssl.create_default_context())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((self._checked, port), timeout)
        self._opened(connection)
        return self.context.wrap_socket(connection, server_hostname=host)


def _address(text: str) -> Address:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise ConfigError(f"邮件地址有误：{text!r}", do="请写成 name@example.com 的形式") from error
    if not address.domain:
        raise ConfigError(f"邮件地址缺少域名：{text!r}", do="请写成 name@example.com 的形式")
    return address
