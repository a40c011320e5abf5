"""The numbers that Word prints before paragraphs and keeps out of their text: ``第一条``, ``一、``, ``（一）``, ``1.``.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (number formats).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

_PLACE = re.compile(r"%([1-9])")
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_SMALL, _LARGE = ("", "十", "百", "千"), ("", "万", "亿")
_LEGAL_SMALL = ("", "拾", "佰", "仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_COUNTING = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
     "koreanCounting"}
)  # fmt: skip
_LEGAL_COUNTING = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})
_ENCLOSED = {"decimalEnclosedCircle": 0x2460, "decimalEnclosedCircleChinese": 0x2460, "decimalEnclosedParen": 0x2474,
             "decimalEnclosedFullstop": 0x2488}  # fmt: skip


@dataclass(frozen=True)
class Level:
    """One level of a list: ``text`` has ``%1`` to ``%9`` in the place of the numbers of the levels."""

    start: int = 1
    shape: str = "decimal"
    text: str = ""
    legal: bool = False  # all numbers in Arabic digits, whatever their own level says
    restart: int | None = None  # counts anew only after this level or a higher one; 0 is never
    style: str = ""


@dataclass
class Numbering:
    """The lists of one document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # of an abstract list
    lists: dict[str, str] = field(default_factory=dict)  # numId -> abstract list
    overrides: dict[str, dict[int, int]] = field(
        default_factory=dict
    )  # numId -> level -> where it starts anew
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, number: str, style: str) -> int:
        """The level that a paragraph style stands for, when the paragraph does not name one."""
        levels = self.levels.get(self.lists.get(number, ""), {})
        return next((depth for depth, level in levels.items() if style and level.style == style), 0)

    def next(self, number: str, depth: int) -> str:
        """Count one paragraph and give the number printed before it; empty for bullets and unknown lists."""
        abstract = self.lists.get(number, "")
        levels = self.levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(abstract, {})
        override = self.overrides.get(number, {}).get(depth)
        if override is not None and (number, depth) not in self.begun:
            counts[depth] = override
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self.begun.add((number, depth))
        for higher in range(depth):
            counts.setdefault(higher, levels[higher].start if higher in levels else 1)
        for lower in [at for at in counts if at > depth]:
            limit = levels[lower].restart if lower in levels else None
            if limit is None or depth < limit:
                del counts[lower]
        return _PLACE.sub(lambda match: _number(level, levels, counts, int(match[1]) - 1), level.text)


def _number(level: Level, levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    shape = levels[depth].shape if depth in levels else "decimal"
    return spelled(counts.get(depth, 1), "decimal" if level.legal else shape)


def read_numbering(root: etree._Element | None) -> Numbering:
    """From the root of ``numbering.xml``; without one, a document of no lists."""
    numbering = Numbering()
    if root is None:
        return numbering
    w = f"{{{etree.QName(root).namespace}}}"
    linked: dict[str, str] = {}
    links: dict[str, str] = {}
    for abstract in root.iterfind(f"{w}abstractNum"):
        name = abstract.get(f"{w}abstractNumId", "")
        numbering.levels[name] = {
            int(lvl.get(f"{w}ilvl", "0")): _level(lvl, w) for lvl in abstract.iterfind(f"{w}lvl")
        }
        if style := _value(abstract, "styleLink", w):
            linked[style] = name
        if style := _value(abstract, "numStyleLink", w):
            links[name] = style
    for name, style in links.items():
        numbering.levels[name] = numbering.levels.get(linked.get(style, ""), {})
    for num in root.iterfind(f"{w}num"):
        _read_list(num, numbering, w)
    return numbering


def _read_list(num: etree._Element, numbering: Numbering, w: str) -> None:
    number, abstract = num.get(f"{w}numId", ""), _value(num, "abstractNumId", w)
    for override in num.iterfind(f"{w}lvlOverride"):
        depth = int(override.get(f"{w}ilvl", "0"))
        own = override.find(f"{w}lvl")
        if own is not None:  # a list that looks different is a list of its own
            levels = {**numbering.levels.get(abstract, {}), depth: _level(own, w)}
            abstract = f"{abstract}#{number}"
            numbering.levels[abstract] = levels
        if start := _value(override, "startOverride", w):
            numbering.overrides.setdefault(number, {})[depth] = int(start)
    numbering.lists[number] = abstract


def _level(lvl: etree._Element, w: str) -> Level:
    shape = _value(lvl, "numFmt", w) or "decimal"
    level = Level(
        start=int(_value(lvl, "start", w) or 0),
        shape=shape,
        text="" if shape in ("bullet", "none") else _value(lvl, "lvlText", w),
        legal=lvl.find(f"{w}isLgl") is not None,
        style=_value(lvl, "pStyle", w),
    )
    restart = _value(lvl, "lvlRestart", w)
    return replace(level, restart=int(restart)) if restart else level


def _value(element: etree._Element, name: str, w: str) -> str:
    child = element.find(f"{w}{name}")
    return child.get(f"{w}val", "") if child is not None else ""


# --------------------------------------------------------------------------- numerals


def spelled(value: int, shape: str) -> str:
    """A number in one of Word's formats; those that no Chinese text uses come as Arabic digits."""
    value = max(0, min(value, 99_999_999))
    if shape in _COUNTING:
        return _counted(value, _DIGITS, _SMALL)
    if shape in _LEGAL_COUNTING:
        return _counted(value, _LEGAL, _LEGAL_SMALL)
    if shape in _ENCLOSED and 1 <= value <= 20:
        return chr(_ENCLOSED[shape] + value - 1)
    return _SPELLED.get(shape, str)(value)


def _counted(value: int, digits: str, units: tuple[str, ...]) -> str:
    """``十二``, ``一百零三``, ``二十``: the zero of a gap is 零, a leading 一十 is 十."""
    if value == 0:
        return digits[0]
    words, gap = "", False
    text = str(value)
    for at, digit in enumerate(text):
        power = len(text) - 1 - at
        if digit == "0":
            gap = True
        else:
            words += ("零" if gap and words else "") + digits[int(digit)] + units[power % 4]
            gap = False
        if power and power % 4 == 0 and value // 10**power % 10_000:
            words += _LARGE[power // 4]
    return words[1:] if words.startswith("一十") else words


def _roman(value: int) -> str:
    words = ""
    for size, letters in _ROMAN:
        count, value = divmod(min(value, 3999), size)
        words += letters * count
    return words


def _letters(value: int) -> str:
    """a … z, aa, bb …, as Word counts."""
    return chr(97 + (value - 1) % 26) * min(1 + (value - 1) // 26, 20) if value else ""


def _by_digit(digits: str) -> Callable[[int], str]:
    return lambda value: "".join(digits[int(digit)] for digit in str(value))


_SPELLED: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": _by_digit("０１２３４５６７８９"),
    "decimalFullWidth2": _by_digit("０１２３４５６７８９"),
    "ideographDigital": _by_digit(_DIGITS),
    "japaneseDigitalTenThousand": _by_digit(_DIGITS),
    "taiwaneseDigital": _by_digit(_DIGITS),
    "ideographTraditional": lambda value: _STEMS[(value - 1) % 10],
    "ideographZodiac": lambda value: _BRANCHES[(value - 1) % 12],
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperRoman": _roman,
}
