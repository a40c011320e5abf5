"""Where a request comes from: the connection's own address, or behind a proxy of ours the one it vouches for. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
NOWHERE = IPv6Address(0)
Headers = Iterable[tuple[bytes, bytes]]


def values(headers: Headers, name: str) -> list[str]:
    """Every value of a header, each line by itself."""
    wanted = name.lower().encode()
    return [value.decode("latin-1") for key, value in headers if key.lower() == wanted]


def parsed(text: str) -> Address | None:
    """An address as proxies write it, with or without a port; an IPv4 address in IPv6's clothes is the former."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def is_one_of(address: Address, blocks: Sequence[str]) -> bool:
    return any(
        address.version == network.version and address in network for network in map(ip_network, blocks)
    )


def peer(client: Sequence[object] | None) -> Address:
    """Who holds the connection."""
    return (parsed(str(client[0])) if client else None) or NOWHERE


def visitor(client: Sequence[object] | None, headers: Headers, proxies: Sequence[str]) -> Address:
    """Who asks. X-Forwarded-For is read from its end, and only as far as our own proxies wrote it: what stands before
    the last address that is none of theirs was written by that visitor."""
    found = peer(client)
    hops = ",".join(values(headers, "x-forwarded-for")).split(",")
    while hops and is_one_of(found, proxies):
        before = parsed(hops.pop())
        if before is None:
            break
        found = before
    return found


def grouped(address: Address) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 that one connection of IPv6 is given."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address) >> 64 << 64, 64)))
