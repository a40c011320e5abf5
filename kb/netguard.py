"""The one predicate "may we talk to this address", used by the crawler and by webhooks.

Only publicly routable addresses may be asked, whatever an address that embeds another one looks like from outside.
The operator may allow further blocks by name (``allow_addresses``).
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Self

from kb.errors import AddressRefused, ConfigError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Blocks that Python's registry of special addresses calls global, or does not know in every version we run on.
_NEVER: tuple[Network, ...] = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "64:ff9b:1::/48",  # local-use NAT64
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",  # documentation
        "5f00::/16",
        "fec0::/10",  # site-local
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_NUMERIC_HOST = re.compile(r"[0-9a-fx.]+", re.ASCII)


def embedded(address: Address) -> list[Address]:
    """Addresses that an IPv6 address carries: v4-mapped, v4-compatible, 6to4, Teredo (server and client), NAT64."""
    if isinstance(address, IPv4Address):
        return []
    inner: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or int(address) >> 32 == 0:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]


def is_public(address: Address | str) -> bool:
    """Whether an address, and every address it embeds, is publicly routable unicast."""
    ip = ip_address(address) if isinstance(address, str) else address
    if isinstance(ip, IPv6Address) and (carried := embedded(ip)):
        return all(is_public(one) for one in carried)
    return ip.is_global and not (
        ip.is_private
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_reserved
        or ip.is_multicast
        or ip.is_unspecified
        or any(ip in block for block in _NEVER if block.version == ip.version)
    )


def literal_address(host: str) -> Address | None:
    """The address a URL's host spells out, in any spelling an operating system accepts (``127.1``, ``0x7f000001``,
    ``2130706433``, full-width or circled digits, brackets, zone); ``None`` for a name."""
    text = unicodedata.normalize("NFKC", host).strip().strip("[]").rstrip(".").lower()
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        pass
    if _NUMERIC_HOST.fullmatch(text):
        try:
            return IPv4Address(socket.inet_aton(text))
        except OSError:
            return None
    return None


@dataclass(frozen=True)
class Guard:
    """Lets public addresses pass, and the blocks the operator allows."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def from_blocks(cls, blocks: Iterable[str]) -> Self:
        """Raises ``ConfigError`` when a block is no CIDR."""
        networks: list[Network] = []
        for block in blocks:
            try:
                networks.append(ip_network(block, strict=False))
            except ValueError as error:
                raise ConfigError(
                    f"允许的地址段有误：{block}", where="allow_addresses", do="请写成 10.0.0.0/8 的形式"
                ) from error
        return cls(tuple(networks))

    def permits(self, address: Address | str) -> bool:
        ip = ip_address(address) if isinstance(address, str) else address
        return any(ip in block for block in self.allowed if block.version == ip.version) or is_public(ip)

    def check(self, address: Address | str) -> None:
        """Raises ``AddressRefused``."""
        if not self.permits(address):
            raise AddressRefused(
                f"不访问本机、内网或保留地址：{address}",
                do="如确需访问，请由运行者用 --allow-address 明确允许",
            )
