"""Legal numbers in their two writings: ``第五十五条`` and ``第55条``, ``第三号`` and ``第3号``."""

from __future__ import annotations

from kb.numerals import to_chinese, to_int

_UNITS = frozenset("编章节条款项目号批次期届")
_HAN_DIGITS = frozenset("〇零一二三四五六七八九十百千")
_LONGEST = 7  # characters of a number; nobody counts further


def otherwise(words: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens with every number between 第 and its unit in the other writing; empty where there is none."""
    written: list[str] = []
    at, changed = 0, False
    while at < len(words):
        written.append(words[at])
        at += 1
        if words[at - 1] != "第":
            continue
        end = _end_of_number(words, at)
        other = _other_writing("".join(words[at:end])) if end < len(words) and words[end] in _UNITS else ()
        if other:
            written += other
            at, changed = end, True
    return tuple(written) if changed else ()


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
