"""Addresses as people read them."""

from __future__ import annotations

import pytest

from kb.addresses import is_unknown, shown


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://gov.example.cn/a/1.html", "https://gov.example.cn/a/1.html"),
        (
            "https://gov.example.cn/%E5%8A%9E%E6%B3%95.html?q=%E8%AE%B8",
            "https://gov.example.cn/办法.html?q=许",
        ),
        ("https://gov.example.cn/%B0%EC.html", "https://gov.example.cn/%B0%EC.html"),
        ("https://gov.example.cn/a%20b%2Fc%26d", "https://gov.example.cn/a%20b%2Fc%26d"),
        ("https://gov.example.cn/%E3%80%80%E2%80%AE", "https://gov.example.cn/%E3%80%80%E2%80%AE"),
        ("https://imported.invalid/%E5%8A%9E%E6%B3%95", "原网址未知（人工导入）　办法"),
        ("https://gov.example.cn/imported.invalid/1", "https://gov.example.cn/imported.invalid/1"),
    ],
)
def test_an_address_is_shown_in_its_own_characters(url: str, read: str) -> None:
    assert shown(url) == read


def test_only_the_reserved_host_is_unknown() -> None:
    assert is_unknown("https://imported.invalid/x")
    assert not is_unknown("https://example.cn/?u=https://imported.invalid/x")
