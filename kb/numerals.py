"""Whole numbers as rules write them: Chinese numerals and digits of either width. Pure."""

from __future__ import annotations

NUMERAL = "〇零○一二两三四五六七八九十百千万0-9０-９"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_LOOSE = frozenset(" 　０１２３４５６７８９")
_TIGHT = str.maketrans("０１２３４５６７８９", "0123456789", " 　")


def tight(numeral: str) -> str:
    """Without the spaces that typesetting puts between characters, digits in half width."""
    return numeral if _LOOSE.isdisjoint(numeral) else numeral.translate(_TIGHT)


def to_int(numeral: str) -> int | None:
    """``二十四`` -> 24, ``24`` -> 24, ``二〇二六`` -> 2026; None for anything that is no whole number."""
    numeral = tight(numeral)
    if numeral.isascii() and numeral.isdigit():
        return int(numeral)
    if numeral and all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    return _positional(numeral)


def _positional(numeral: str) -> int | None:
    total, section, digit = 0, 0, None
    for c in numeral:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            section, digit = section + (1 if digit is None else digit) * _UNITS[c], None
        elif c in _LARGE:
            total, section, digit = (total + section + (digit or 0)) * _LARGE[c], 0, None
        else:
            return None
    return total + section + (digit or 0) if numeral else None


def to_chinese(number: int) -> str:
    """1 -> ``一``, 12 -> ``十二``, 105 -> ``一百零五``; numbers of 1,000 and more stay in Arabic digits."""
    names = "零一二三四五六七八九"
    if number < 10:
        return names[number]
    if number < 20:
        return "十" + (names[number - 10] if number > 10 else "")
    if number < 100:
        return names[number // 10] + "十" + (names[number % 10] if number % 10 else "")
    if number >= 1000:
        return str(number)
    rest = number % 100
    if not rest:
        return names[number // 100] + "百"
    tail = f"零{names[rest]}" if rest < 10 else ("一" if rest < 20 else "") + to_chinese(rest)
    return f"{names[number // 100]}百{tail}"
