"""Ways out of the house: one sender a kind of channel."""

from __future__ import annotations

from scheduler.alerts.outbox import Outgoing, Send
from scheduler.ops import EmailSettings, Ops


def sender(ops: Ops, *, allowed: tuple[str, ...] = ()) -> Send:
    """A ``Send`` that looks the channel up and uses it. ``allowed``: CIDR blocks the operator opened."""

    def send(outgoing: Outgoing) -> str:
        settings = ops.channel(outgoing.channel)
        if isinstance(settings, EmailSettings):
            from scheduler.alerts.channels.email import send_email

            return send_email(outgoing, settings, allowed=allowed)
        from scheduler.alerts.channels.webhook import send_webhook

        return send_webhook(outgoing, settings, allowed=allowed)

    return send
