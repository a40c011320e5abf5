"""Resolve a receiver's name once, check the answer, and hand back the address that is then connected to."""

from __future__ import annotations

import socket
from queue import Empty, SimpleQueue
from threading import Thread

from kb.errors import AddressRefused, DeliveryFailed
from kb.netguard import Guard

ANYWHERE = ("0.0.0.0/0", "::/0")
LOOPBACK = ("127.0.0.0/8", "::1/128")


def checked_address(
    host: str,
    port: int,
    *,
    allowed: tuple[str, ...] = (),
    private: bool = False,
    loopback: bool = False,
    timeout: float = 15.0,
) -> str:
    """The first address of a host that may be talked to; one bad answer among good ones refuses them all.

    ``allowed``: CIDR blocks the operator opened; ``private``: the operator vouches for this receiver.
    Raises ``AddressRefused``, and ``DeliveryFailed`` when the name does not resolve within ``timeout`` seconds.
    """
    blocks = (*allowed, *(ANYWHERE if private else ()), *(LOOPBACK if loopback else ()))
    guard = Guard.from_blocks(blocks)
    addresses = _resolve(host, port, timeout)
    for address in addresses:
        guard.check(address)
    if not addresses:
        raise AddressRefused("接收服务器没有地址", where=host, do="请检查地址")
    return addresses[0]


def _resolve(host: str, port: int, timeout: float) -> list[str]:
    """``getaddrinfo`` knows no time limit of its own, so a thread waits for it that nobody has to wait for."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put(list(dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in found)))

    Thread(target=ask, name=f"resolve-{host}", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except Empty as error:
        raise DeliveryFailed("解析接收服务器超时", where=host, do="将自动重试") from error
    if isinstance(answer, Exception):
        raise DeliveryFailed(f"解析不到接收服务器：{answer}", where=host, do="将自动重试") from answer
    return answer
