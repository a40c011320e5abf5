"""Webhooks after the Standard Webhooks specification: signed, versioned JSON, no redirects, a checked address."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from kb.config import Clock, SystemClock, secret
from kb.errors import ChannelGone, ConfigError, DeliveryFailed
from kb.model import instant
from scheduler.alerts.channels.address import checked_address
from scheduler.alerts.outbox import Outgoing
from scheduler.ops import WebhookSettings

TIMEOUT = 15.0
REPLY = 4096  # bytes of an answer that are read; the rest is left unread

TYPES = {
    "change": "change.confirmed",
    "late_notice": "change.late_notice",
    "correction": "change.corrected",
    "digest": "digest.sent",
    "incident": "incident.open",
    "recovery": "incident.recovered",
    "reminder": "date.reminder",
    "test": "test",
}


def payload(outgoing: Outgoing) -> dict[str, Any]:
    """The versioned body. ``text`` is the short form that chat receivers show."""
    alert = outgoing.alert
    return {
        "type": TYPES[alert.kind],
        "schema_version": 1,
        "timestamp": instant(outgoing.created_at),
        "text": alert.message.short,
        "data": {
            "alert": alert.id,
            "about": alert.about,
            "number": alert.number,
            "subscription": alert.subscription,
            "replies_to": alert.replies_to,
            "subject": alert.message.subject,
            **alert.facts,
        },
    }


def send_webhook(
    outgoing: Outgoing,
    settings: WebhookSettings,
    *,
    allowed: tuple[str, ...] = (),
    wall: Clock | None = None,
    timeout: float = TIMEOUT,
) -> str:
    """What the receiver said. ``wall`` signs the moment of sending, which receivers hold against their own clocks.
    ``timeout``: seconds for everything together, the resolving of the name included.

    Raises ``DeliveryFailed`` for 3xx, 4xx, 5xx, time-outs; ``ChannelGone`` for 410; ``AddressRefused``; ``ConfigError``.
    """
    parts, end = urlsplit(settings.url), monotonic() + timeout
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = checked_address(
        host,
        port,
        allowed=allowed,
        private=settings.allow_private,
        loopback=settings.allow_private,
        timeout=timeout,
    )
    body = json.dumps(payload(outgoing), ensure_ascii=False).encode()
    headers = signed_headers(outgoing.alert.id, body, secret(settings.secret), (wall or SystemClock()).now())
    status = asyncio.run(_post(settings.url, address, headers, body, end - monotonic()))
    if 200 <= status < 300:
        return f"对方服务器已接收（{status}）"
    if status == 410:
        raise ChannelGone("接收地址答复 410，已停用", where=host, do="请重新添加 webhook")
    raise DeliveryFailed(f"接收地址答复 {status}", where=host, do="将自动重试")


def signed_headers(alert: str, body: bytes, whsec: str, now: datetime) -> dict[str, str]:
    """``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. Raises ``ConfigError`` for an unusable secret."""
    from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

    moment = now.astimezone(UTC)
    try:
        signature = Webhook(whsec).sign(alert, moment, body.decode())
    except (EmptyWebhookSecretError, ValueError) as error:
        raise ConfigError("webhook 密钥无法使用", do="请使用 whsec_ 开头的密钥") from error
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "zhengce-webhook/1",
        "webhook-id": alert,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


async def _post(url: str, address: str, headers: dict[str, str], body: bytes, timeout: float) -> int:
    """POST to the checked address under the host's own name; the time limit is for everything together."""
    import httpx

    target = httpx.URL(url)
    try:
        async with asyncio.timeout(timeout), httpx.AsyncClient(trust_env=False, timeout=timeout) as client:
            request = client.build_request(
                "POST",
                target.copy_with(host=address),
                headers={**headers, "host": target.netloc.decode("ascii")},
                content=body,
                extensions={"sni_hostname": target.host},
            )
            response = await client.send(request, stream=True, follow_redirects=False)
            await _read_little(response)
            return response.status_code
    except (TimeoutError, httpx.HTTPError) as error:
        raise DeliveryFailed(
            f"webhook 没有发出：{type(error).__name__} {error}".rstrip(), where=target.host, do="将自动重试"
        ) from error


async def _read_little(response: Any) -> None:
    """Read at most ``REPLY`` raw bytes (nothing is decompressed), then hang up."""
    read = 0
    try:
        async for chunk in response.aiter_raw(REPLY):
            read += len(chunk)
            if read >= REPLY:
                break
    finally:
        await response.aclose()
