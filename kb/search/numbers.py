"""Legal numbers in their two writings: ``第五十五条`` and ``第55条``, ``第三号`` and ``第3号``; counts in digits as rules write
them: ``5个工作日`` as ``五个工作日``. Counts in Chinese are taken as they stand."""

from __future__ import annotations

from kb.numerals import to_chinese, to_int

_UNITS = frozenset("编章节条款项目号批次期届")
_COUNTED = frozenset("个日天年万元倍")
_BEFORE_NO_COUNT = frozenset("月年第")  # of dates and numbers
_HAN_DIGITS = frozenset("〇零一二三四五六七八九十百千")
_LONGEST = 7  # characters of a number; nobody counts further


def otherwise(words: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens with every number between 第 and its unit, and every count in digits, in the other writing; empty where
    there is none."""
    written: list[str] = []
    at, changed = 0, False
    while at < len(words):
        count = _count(words, at)
        written += count or (words[at],)
        changed = changed or bool(count)
        at += 1
        if words[at - 1] != "第":
            continue
        end = _end_of_number(words, at)
        other = _other_writing("".join(words[at:end])) if end < len(words) and words[end] in _UNITS else ()
        if other:
            written += other
            at, changed = end, True
    return tuple(written) if changed else ()


def _count(words: tuple[str, ...], at: int) -> tuple[str, ...]:
    """The number at this place in Chinese, where it counts days, months, years or money."""
    if not words[at].isdecimal() or at + 1 == len(words) or words[at + 1] not in _COUNTED:
        return ()
    if at and (words[at - 1] in _BEFORE_NO_COUNT or words[at - 1].isascii()):
        return ()
    value = to_int(words[at]) if len(words[at]) <= _LONGEST else None
    if value is None or value >= 1000:
        return ()
    return ("两",) if value == 2 and words[at + 1] == "个" else tuple(to_chinese(value))


def _end_of_number(words: tuple[str, ...], start: int) -> int:
    if start < len(words) and words[start].isascii():
        return start + 1
    end = start
    while end < len(words) and words[end] in _HAN_DIGITS and end - start < _LONGEST:
        end += 1
    return end


def _other_writing(number: str) -> tuple[str, ...]:
    value = to_int(number) if len(number) <= _LONGEST else None
    if value is None:
        return ()
    return tuple(to_chinese(value)) if number.isascii() and value < 1000 else (str(value),)
