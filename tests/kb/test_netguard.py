"""Which addresses may be asked."""

import pytest

from kb.errors import AddressRefused, ConfigError
from kb.netguard import Guard, is_public, literal_address


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "240e::1", "2400:3200::1", "::ffff:8.8.8.8"])
def test_public(address: str) -> None:
    assert is_public(address)
    Guard().check(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "100::1",
        "2001:0:7f00:1::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "3fff::1",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused):
        Guard().check(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0", "0.0.0.0"),  # noqa: S104
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("①②⑦.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("www.gov.cn", None),
        ("beef.cn", None),
        ("", None),
    ],
)
def test_literal_addresses_in_all_spellings(host: str, address: str | None) -> None:
    found = literal_address(host)
    assert (str(found) if found else None) == address


def test_the_operators_blocks() -> None:
    guard = Guard.from_blocks(["10.0.0.0/8", "fd00::/8"])
    guard.check("10.9.9.9")
    guard.check("fd00::1")
    with pytest.raises(AddressRefused):
        guard.check("127.0.0.1")
    with pytest.raises(ConfigError):
        Guard.from_blocks(["ten"])
