"""Where the demonstration's messages arrive: an SMTP server and a webhook receiver on loopback, writing files."""

from __future__ import annotations

import email
import json
import re
import socket
import threading
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

_UNSAFE = re.compile(r"[^0-9A-Za-z.-]")


class Mailbox:
    """Takes mails and verified webhooks into ``folder`` as ``.eml`` and ``.json``, numbered as they came.

    ``received`` lists the ids of the alerts that arrived; ``refused`` counts webhooks whose signature did not hold.
    """

    def __init__(self, folder: Path, whsec: str) -> None:
        folder.mkdir(parents=True)
        self.folder, self.whsec = folder, whsec
        self.received: list[str] = []
        self.refused = 0
        self._lock = threading.Lock()
        self._smtp = Controller(_MailHandler(self), hostname="127.0.0.1", port=_free_port())
        self._http = _HookServer(self)

    @property
    def smtp_port(self) -> int:
        return int(self._smtp.port)

    @property
    def hook_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/hook"

    def __enter__(self) -> Self:
        self._smtp.start()
        threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._smtp.stop()
        self._http.shutdown()
        self._http.server_close()

    def take(self, alert: str, suffix: str, content: bytes) -> None:
        with self._lock:
            self.received.append(alert)
            name = f"{len(self.received):02d}-{_UNSAFE.sub('_', alert)}{suffix}"
        (self.folder / name).write_bytes(content)


class _MailHandler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002 - aiosmtpd's
        mail = email.message_from_bytes(envelope.content, EmailMessage, policy=default)
        alert = str(mail["Message-ID"]).strip().strip("<>").partition("@")[0]
        self.mailbox.take(alert, ".eml", envelope.content)
        return "250 OK"


class _HookServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        super().__init__(("127.0.0.1", 0), _HookHandler)


class _HookHandler(BaseHTTPRequestHandler):
    server: _HookServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        mailbox = self.server.mailbox
        try:
            said = Webhook(mailbox.whsec).verify(body, dict(self.headers.items()))
        except WebhookVerificationError:
            mailbox.refused += 1
            self.send_response_only(401)
        else:
            pretty = json.dumps(said, ensure_ascii=False, indent=2).encode()
            mailbox.take(self.headers["webhook-id"], ".json", pretty)
            self.send_response_only(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class calls it by
        """Quiet: what arrives is in the folder."""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
