"""PURE. What zhengce does, and does not do, about a page that cannot be viewed: ``(Chinese, English)`` sentences."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kb.codes import Health

CONDUCT: Mapping[Health, tuple[str, str]] = MappingProxyType(
    {
        Health.CHALLENGE: ("本系统不绕过验证。", "Challenges are never evaded."),
        Health.ROBOTS_DISALLOWED: ("本系统遵守网站声明，不抓取。", "The site's robots.txt is obeyed."),
        Health.LOGIN_WALL: ("本系统不登录。", "zhengce does not sign in anywhere."),
        Health.EMPTY_SHELL: ("不视为删除。", "Not taken for a deletion."),
        Health.BODY_GONE: ("可能是改版，不视为删除。", "Perhaps a redesign; not taken for a deletion."),
        Health.COLLAPSE: (
            "正文比上次少很多，不视为删除，等人复核。",
            "Much shorter than last time; not taken for a deletion, held for a person.",
        ),
        Health.NOT_FOUND: ("单凭这一点不视为废止。", "By itself not taken for a repeal."),
    }
)
