"""Declared noise: patterns for text that moves without the rule moving, such as counters and dates of printing.

Python's ``re`` has no time limit, and a declaration is written by hand. So a repeat without end inside another, the
usual way to a match that takes for ever, is refused, and patterns are only tried on runs of text of a line's length.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.errors import DeclarationError

MAX_RUN = 5_000  # characters of one run of text; where pages print counters, lines are short

_ESCAPED = re.compile(r"\\.", re.S)
_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
_INNERMOST = re.compile(r"\(([^()]*)\)([+*]|\{\d*,\})?")
_ENDLESS = re.compile(r"[+*]|\{\d*,\}")


@lru_cache(maxsize=512)
def compile_noise(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Raises ``DeclarationError`` for what is no regular expression or repeats a repeat without end."""
    for pattern in patterns:
        if _repeats_a_repeat(pattern):
            raise DeclarationError(
                f"noise.patterns 里的 {pattern} 在重复之中又有不限次数的重复，遇到某些文字会没完没了",
                do="请把里层的 + 或 * 改成有上限的次数，如 {1,20}",
            )
    try:
        return tuple(re.compile(pattern) for pattern in patterns)
    except re.error as error:
        raise DeclarationError(
            f"noise.patterns 不是有效的正则表达式：{error}", do="请改正来源配置"
        ) from error


def _repeats_a_repeat(pattern: str) -> bool:
    rest = _CLASS.sub("x", _ESCAPED.sub("x", pattern))
    while group := _INNERMOST.search(rest):
        endless = bool(_ENDLESS.search(group[1]))
        if endless and group[2]:
            return True
        rest = f"{rest[: group.start()]}{'x+' if endless or group[2] else 'x'}{rest[group.end() :]}"
    return False


def without(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    """A run of text without what the patterns match; one longer than ``MAX_RUN`` as it stands."""
    if len(text) <= MAX_RUN:
        for pattern in patterns:
            text = pattern.sub("", text)
    return text
