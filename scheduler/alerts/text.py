"""PURE. Small words: times in Beijing time, days left, safe one-line text."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from kb.config import BEIJING

_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_INVISIBLE = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
DEMO_BANNER = "演示数据，内容虚构"


def clean(text: str) -> str:
    """One line: control and direction-changing characters vanish, runs of white space become one space (　 is kept)."""
    kept = "".join(
        " " if ch.isspace() and ch != "　" else ch
        for ch in text
        if ch.isspace() or (unicodedata.category(ch) not in _INVISIBLE and ch not in _DIRECTION)
    )
    return " ".join(part for part in kept.split(" ") if part)


def clip(text: str, length: int) -> str:
    """At most ``length`` characters, the last one … when something was cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def clip_sentence(text: str, length: int) -> str:
    """At most ``length`` characters, cut between clauses where there is one to cut at, never inside a quotation."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    if cut.count("“") > cut.count("”"):
        cut = cut[: cut.rindex("“")]
    at = max(cut.rfind("；"), cut.rfind("，"))
    if at >= length // 3 and cut.count("“", 0, at) == cut.count("”", 0, at):
        cut = cut[:at]
    return cut.rstrip("，；：、") + "…"


def minute(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def month_day(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%m-%d")


def hour_minute(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%H:%M")


def today(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()


def days_left(day: date, now: datetime) -> str:
    """还有 7 天, 今天 or 已过 3 天, counted in Beijing days."""
    days = (day - today(now)).days
    if days == 0:
        return "今天"
    return f"还有 {days} 天" if days > 0 else f"已过 {-days} 天"
