"""Anchors as people say them: ``第三章/第十二条/第二款/（三）`` -> ``第十二条第二款第（三）项``."""

from __future__ import annotations

import re

_ARTICLE = re.compile(
    r"第[〇零一二两三四五六七八九十百千万0-9]+条(?:之[一二三四五六七八九十0-9]+)?(?:〔[0-9]+〕)?$"
)
_ITEM = re.compile(r"（[一二三四五六七八九十百0-9]+）$")
_ENTRY = re.compile(r"([0-9]+)\.$")
JOIN = "＋"


def label(anchor: str) -> str:
    """An article is known by its number alone; a table row by its last key; any other passage by its whole path."""
    return "、".join(_label(part) for part in anchor.split(JOIN))


def _label(anchor: str) -> str:
    parts = anchor.split("/")
    for place, part in enumerate(parts):
        if _ARTICLE.match(part):
            return part + "".join(_below(p) for p in parts[place + 1 :])
    if any(
        part.startswith(("第", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "（"))
        for part in parts
    ):
        return "".join(parts) if all(not p[-1:].isalnum() for p in parts[:-1]) else " ".join(parts)
    return parts[-1]


def _below(part: str) -> str:
    if _ITEM.match(part):
        return f"第{part}项"
    if match := _ENTRY.match(part):
        return f"第{match[1]}目"
    return part
