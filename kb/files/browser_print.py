"""What a browser prints around a page it makes a PDF of, and the title by the size of its letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

_EDGE = 3  # lines at the top and at the bottom of what was extracted, where a browser's own lines stand
_LARGER = 1.15  # times the size of most letters, from which letters are a heading's
_SHORTEST, _LONGEST = 6, 120
_STAMP = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? (?:上午|下午)? ?\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?"
_ADDRESS = r"(?:https?|file)://\S{1,2000}"
_COUNT = r"(?:\d{1,4} ?/ ?\d{1,4}|\d{1,4} of \d{1,4}|第 ?\d{1,4} ?页，共 ?\d{1,4} ?页)"
_STAMPED = re.compile(rf"{_STAMP}(?: .{{0,200}})?|{_COUNT} {_STAMP}")
_ADDRESSED = re.compile(rf"{_ADDRESS}(?: {_COUNT})?|.{{1,200}} {_ADDRESS}")
_NAMES_A_RULE = re.compile(
    r"关于|(?:办法|规定|条例|细则|规则|通知|公告|通告|标准|意见|决定|目录|指南|指引|规范|准则|制度|方案|措施|程序|规程|清单|函|批复|公示|要求|说明|协议|解读)(?:[（(][^（）()]{1,20}[）)])?$"
)


def without_browser_lines(lines: Sequence[str]) -> tuple[list[str], bool]:
    """A page's lines without the browser's date, address and page count; whether it had them, all on one page."""
    edges = {*range(min(_EDGE, len(lines))), *range(max(0, len(lines) - _EDGE), len(lines))}
    stamped = {at for at in edges if _STAMPED.fullmatch(lines[at].strip())}
    addressed = {at for at in edges if _ADDRESSED.fullmatch(lines[at].strip())}
    if not stamped or not addressed:
        return list(lines), False
    return [line for at, line in enumerate(lines) if at not in stamped | addressed], True


def title_by_size(pieces: Sequence[tuple[str, float]]) -> str:
    """The title among a first page's (words, size) in reading order: the largest letters that name a rule, or ""."""
    counts: Counter[float] = Counter()
    for words, size in pieces:
        counts[size] += len("".join(words.split()))
    body = counts.most_common(1)[0][0] if counts else 0.0
    runs = [
        (size, "".join("".join(words for words, _ in run).split()))
        for size, run in groupby((piece for piece in pieces if piece[0].strip()), key=lambda piece: piece[1])
        if size > _LARGER * body
    ]
    named = [run for run in runs if _SHORTEST <= len(run[1]) <= _LONGEST and _NAMES_A_RULE.search(run[1])]
    return max(named, key=lambda run: run[0])[1] if named else ""


def size_of(matrix: Sequence[float], text_matrix: Sequence[float], font_size: float) -> float:
    """The height of letters on the paper, in halves of a point."""
    scale = abs(text_matrix[3] or text_matrix[1]) * abs(matrix[3] or matrix[1])
    return round(float(font_size) * float(scale) * 2) / 2


def with_title_on_one_line(lines: Sequence[str], title: str) -> list[str]:
    """The lines a title is broken into, as one."""
    for at in range(len(lines)) if title else ():
        printed = ""
        for end in range(at, min(len(lines), at + 5)):
            printed += "".join(lines[end].split())
            if printed == title:
                return [*lines[:at], title, *lines[end + 1 :]]
            if not title.startswith(printed):
                break
    return list(lines)
