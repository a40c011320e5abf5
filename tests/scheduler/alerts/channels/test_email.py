import contextlib
import email
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from kb.errors import AddressRefused, ConfigError, DeliveryFailed, DeliveryRefused
from scheduler.alerts.channels.email import compose, send_email
from scheduler.alerts.outbox import Outgoing
from scheduler.ops import EmailSettings

Make = Callable[..., Outgoing]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Mailbox:
    """What a server took; ``answer`` is its reply to the data."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.encrypted.append(session.ssl is not None)
        if self.answer.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return self.answer


@pytest.fixture
def server() -> Iterator[tuple[Mailbox, int]]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield mailbox, controller.port
    controller.stop()


def settings(port: int, **values: Any) -> EmailSettings:
    return EmailSettings(
        **{
            "to": "fawu@example.invalid",
            "sender": "zhengce@example.invalid",
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            **values,
        }
    )


def test_a_mail_arrives_with_its_id_and_a_way_to_unsubscribe(
    server: tuple[Mailbox, int], make_outgoing: Make
) -> None:
    mailbox, port = server
    assert send_email(make_outgoing(), settings(port)) == "对方邮件服务器已接收"
    (mail,) = mailbox.mails
    assert mail["Subject"] == "〔实质变动〕算法备案：期限改为五个工作日"
    assert mail["From"] == "证策监测 <zhengce@example.invalid>"
    assert mail["Message-ID"] == "<al-7f3c20000000@example.invalid>"
    assert (
        mail["List-Unsubscribe"]
        .strip()
        .startswith("<mailto:zhengce@example.invalid?subject=%E9%80%80%E8%AE%A2")
    )
    assert mail["Date"] == "Tue, 24 Nov 2026 06:43:00 +0800"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == ["第一句。", "", "正文"]


def test_a_correction_answers_the_mail_it_corrects(make_outgoing: Make) -> None:
    mail = compose(make_outgoing("correction", replies_to="al-1"), settings(25))
    assert mail["In-Reply-To"] == mail["References"] == "<al-1@example.invalid>"


@pytest.mark.parametrize("field", ["to", "sender"])
@pytest.mark.parametrize(
    "evil", ["a@b.invalid\r\nBcc: x@y.invalid", "a@b.invalid, x@y.invalid", "nobody", "ab@"]
)
def test_an_address_is_one_address(make_outgoing: Make, field: str, evil: str) -> None:
    with pytest.raises(ConfigError):
        compose(make_outgoing(), settings(25, **{field: evil}))


def test_a_subject_cannot_add_a_header(make_outgoing: Make) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        compose(make_outgoing(subject="x\r\nBcc: x@y.invalid"), settings(25))


@pytest.mark.parametrize(
    ("answer", "error"), [("550 no such user", DeliveryRefused), ("451 try later", DeliveryFailed)]
)
def test_the_server_says_no(
    server: tuple[Mailbox, int], make_outgoing: Make, answer: str, error: type[Exception]
) -> None:
    mailbox, port = server
    mailbox.answer = answer
    with pytest.raises(error, match=answer[4:]):
        send_email(make_outgoing(), settings(port))


def test_a_password_that_smtp_cannot_carry_is_named_not_quoted(
    server: tuple[Mailbox, int], make_outgoing: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGCE_TEST_PASSWORD", "密码hunter2")
    with pytest.raises(ConfigError, match="ASCII") as raised:
        send_email(make_outgoing(), settings(server[1], username="a", password="env:ZHENGCE_TEST_PASSWORD"))
    assert "hunter2" not in str(raised.value)


def test_a_server_that_drips_lines_is_given_up(make_outgoing: Make) -> None:
    """Every single line is in time; the limit is for the whole conversation."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, contextlib.suppress(OSError):
                for _ in range(100):
                    connection.sendall(b"220-patience\r\n")
                    time.sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(DeliveryFailed):
            send_email(make_outgoing(), settings(listening.getsockname()[1]), limit=0.4)
        assert time.monotonic() - began < 2
        thread.join()


def test_nobody_listens(make_outgoing: Make) -> None:
    with pytest.raises(DeliveryFailed):
        send_email(make_outgoing(), settings(1))


def test_a_server_without_starttls_gets_no_mail(server: tuple[Mailbox, int], make_outgoing: Make) -> None:
    """A stripped STARTTLS must not fall back to plain text."""
    mailbox, port = server
    with pytest.raises(DeliveryFailed):
        send_email(make_outgoing(), settings(port, security="starttls"))
    assert mailbox.mails == []


def test_plain_smtp_never_crosses_the_internet(make_outgoing: Make) -> None:
    with pytest.raises(ConfigError):
        send_email(make_outgoing(), settings(25, host="93.184.215.14", allow_private=True))


def test_a_private_server_needs_the_operators_word(make_outgoing: Make) -> None:
    with pytest.raises(AddressRefused):
        send_email(make_outgoing(), settings(25, host="10.255.255.1"))


def test_an_unknown_certificate_is_refused(tmp_path: Path, make_outgoing: Make) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), tls_context=context)
    controller.start()
    try:
        with pytest.raises(DeliveryFailed, match="certificate"):
            send_email(make_outgoing(), settings(controller.port, security="starttls"))
    finally:
        controller.stop()
    assert mailbox.mails == []
