"""Dates in official texts: when made, published, in force, until when to comment, until when a transition lasts."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_DIGITS = {
    char: value
    for value, chars in enumerate(("〇零○ＯO0", "一元", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_HAN_YEAR = "[一二][〇零○ＯO0一二三四五六七八九]{3}"
_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
DATE = (
    rf"(?:(?:[1１][9９]|[2２][0０])\d\d ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?[日号]|{_HAN_YEAR} ?年 ?(?:元|{_HAN_NUMBER}) ?月 ?{_HAN_NUMBER} ?日"
    r"|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))"
)
_DATE = re.compile(DATE)
_PARTS = re.compile(r"[年月日号\-/. ]+")
_FORCE_WORDS = "施行|实施|执行|生效|试行|启用|适用"
_FORCE = f"(?:正式)?(?:{_FORCE_WORDS}|实行(?=[。，；]|$))"
_ABOUT_FORCE = re.compile(f"{_FORCE_WORDS}|实行|有效")  # asked first: most lines hold none
_DAY_COUNT = r"(\d{1,3}|[一二三四五六七八九十百]{1,4}) ?(个工作日|日|天|个月|年)"
_ANNOUNCED = "(?:公布|发布|公告|颁布)"
_PRINTED = "(?:印发|下发|发文|签发)"

_IN_FORCE_ON = re.compile(rf"(?:自|从|于)? ?({DATE}) ?(?:零时)?起?,? ?(?:开始)?{_FORCE}(?!的|以来)")
_IN_FORCE_FROM_TO = re.compile(
    rf"(?:自|从) ?({DATE}) ?(?:起)?(?:至|到) ?{DATE} ?(?:止)?(?:{_FORCE}|有效)|有效期(?:限)?(?:为|：)?(?:自|从)? ?({DATE}) ?(?:起)?[至到]"
)
_IN_FORCE_AT_ONCE = re.compile(rf"[自从于]({_ANNOUNCED}|{_PRINTED})之日起,?{_FORCE}|即日起{_FORCE}")
_IN_FORCE_AFTER = re.compile(
    rf"[自从于]({_ANNOUNCED}|{_PRINTED})之日起,?(?:满)? ?{_DAY_COUNT}之?后?(?:起)?{_FORCE}"
)
_PRINTED_ON = re.compile(rf"(?:^|[\u4e00-\u9fff]) ?({DATE}) ?印发$")
_OF_THIS = re.compile(
    r"本(?:办法|规定|条例|细则|规则|通知|公告|法|标准|意见|决定|目录|指南|指引|规范|准则|制度|方案|措施|程序|规程|文件|实施)|现(?:予|将)?(?:公布|发布|印发)|(?:公布|发布)[，,]?(?:并)?自|通过[，,]自|^[（(]|有效期"
)

_OF_ANOTHER = re.compile(
    rf"{DATE} ?[至到] ?$|》[（(][^）)]*$"
)  # the end of a range, or a quoted rule's own day
_OF_A_PART = re.compile("(?:[，,；]|其中,?)第[一二三四五六七八九十百零\\d]{1,5}[条款项章][^，,；本]{0,12}$")
_UNTIL = r"[为是：: ]{0,3}"
_MONTH_DAY = r"(?:\d{1,2} ?月 ?\d{1,2} ?日)"
_HOUR = r"(?: ?[（(][^（）()]{1,8}[）)])?(?: ?\d{1,2} ?(?:时|点|[:：]\d\d)(?:\d\d分)?)?"
_COMMENTS = (
    re.compile(rf"(?:意见|征集|截止)[^。；]{{0,40}}?(?:延长|延期|推迟|顺延)[至到] ?({DATE})"),
    re.compile(rf"(?:意见)?反馈(?:意见)?(?:的)?(?:截止|截至)(?:时间|日期|日)?{_UNTIL}({DATE})"),
    re.compile(rf"(?:征求意见|意见征集|征集|公示)(?:的)?(?:截止时间|截止日期|时间截至|截止)(?:日期|时间)?{_UNTIL}({DATE})"),
    re.compile(rf"即日起 ?[至到] ?({DATE})"),
    re.compile(rf"(?:截止|截至)(?:时间|日期)?[为是至到：: ]{{0,3}}({DATE})"),
    re.compile(rf"(?:请|可|应)?(?:于|在) ?({DATE}){_HOUR} ?(?:之)?(?:前|以前)"),
)  # fmt: skip
_COMMENTS_RANGE = re.compile(
    rf"(?:征求意见|征集|公示|意见征集|反馈|公开)(?:的)?(?:意见)?(?:时间|期限|期)[为是：: ]{{0,3}}(?:自|从)? ?({DATE}) ?(?:起)?[至到—－\-~～]+ ?({DATE}|{_MONTH_DAY})"
)
_COMMENTS_COUNT = re.compile(
    rf"(?:征求意见|征集|公示|反馈)(?:意见)?(?:的)?(?:时间|期限|期)?[为是：: ]{{0,3}}自(?:{_ANNOUNCED}|本公告)[^。，]{{0,8}}?之日起 ?{_DAY_COUNT}"
)
_TRANSITION = (
    re.compile(rf"过渡期[^。；]{{0,12}}?(?:至|到|截至|截止到|为)[^。；\d]{{0,6}}({DATE})"),
    re.compile(rf"(?:本(?:办法|规定|条例|通知|公告|细则)|此前|施行前|实施前|已经?)[^。]{{0,60}}?(?:于|在) ?({DATE}) ?(?:之)?前[^。]{{0,20}}?(?:完成|补办|办理|取得|申请|整改|备案|变更|换发)"),
)  # fmt: skip
_TRANSITION_FROM_FORCE = (
    re.compile(
        rf"自本[^。，]{{1,12}}?(?:施行|实施|生效)之日起 ?{_DAY_COUNT}(?:之?内)[^。]{{0,40}}?(?:补办|办理|完成|取得|申请|整改|备案|变更|换发|达到|符合)"
    ),
    re.compile(rf"过渡期[为是：]? ?(?:自)?本?[^。，]{{0,12}}?(?:施行|实施|生效)之日起 ?{_DAY_COUNT}"),
)


def parse_date(text: str) -> date | None:
    """The first calendar date in a text, in Arabic or Chinese digits; ``None`` for none or an impossible one."""
    found = _DATE.search(text)
    if not found:
        return None
    parts = [part for part in _PARTS.split(found[0]) if part]
    try:
        year = int(parts[0]) if parts[0].isdigit() else int("".join(str(_DIGITS[char]) for char in parts[0]))
        return date(year, number(parts[1]), number(parts[2]))
    except (ValueError, KeyError, IndexError):
        return None


def number(text: str) -> int:
    """``15``, ``十五``, ``二十`` or ``一百二十`` as an integer. Raises ``ValueError``."""
    if text.isdigit():
        return int(text)
    total = current = 0
    for char in text:
        if char in _DIGITS:
            current = _DIGITS[char]
        elif char in "十百":
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            raise ValueError(text)
    return total + current


def later(day: date, count: str, unit: str) -> date:
    """A day moved by ``30`` ``日`` or ``六`` ``个月``; a month's missing days end at its last. Raises ``ValueError``."""
    amount = number(count)
    if unit in {"日", "天"}:
        return day + timedelta(days=amount)
    if unit == "个工作日":
        return day + timedelta(
            days=amount + 2 * (amount // 5)
        )  # without public holidays, which no page tells
    month = day.month - 1 + amount * (12 if unit == "年" else 1)
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def printed_on(lines: list[str]) -> date | None:
    """The day of printing in the notes at the end: ``某办公厅秘书处　2025年7月4日印发``."""
    for line in reversed(lines[-40:]):
        if len(line) <= 60 and line.endswith("印发") and (found := _PRINTED_ON.search(line)):
            return parse_date(found[1])
    return None


def effective_date(lines: list[str], announced: date | None, printed: date | None = None) -> date | None:
    """When this text takes effect. A date that a sentence gives to another, quoted rule does not count.

    ``announced`` is the day that 自公布之日起 counts from, ``printed`` that of 自印发之日起, if it is another.
    """
    of_this: list[date] = []
    others: list[date] = []
    ranges: list[date] = []
    for line in filter(_ABOUT_FORCE.search, lines):
        ranges += [day for found in _IN_FORCE_FROM_TO.finditer(line) if (day := parse_date(found[0]))]
        for found in _IN_FORCE_ON.finditer(line):
            day = parse_date(found[1])
            before = _sentence_before(line, found.start())
            if not day or _OF_ANOTHER.search(before) or _OF_A_PART.search(before):
                continue
            if _OF_THIS.search(before + found[0]):
                of_this.append(day)
            elif "》" not in before and "废止" not in before:
                others.append(day)
        of_this += _counted(line, announced, printed)
    return of_this[-1] if of_this else ranges[-1] if ranges else others[-1] if others else None


def _counted(line: str, announced: date | None, printed: date | None) -> list[date]:
    """Days of force that a line counts from the day the text was announced or printed."""
    days = []
    for pattern in (_IN_FORCE_AT_ONCE, _IN_FORCE_AFTER):
        if found := pattern.search(line):
            by_print = bool(found[1]) and re.match(_PRINTED, found[1]) is not None
            start = (printed or announced) if by_print else announced
            if start:
                days.append(start if pattern is _IN_FORCE_AT_ONCE else _moved(start, found[2], found[3]))
    return days


def _moved(day: date, count: str, unit: str) -> date:
    try:
        return later(day, count, unit)
    except (ValueError, OverflowError):
        return day


def _sentence_before(line: str, at: int) -> str:
    return re.split("[。；]", line[max(0, at - 120) : at])[-1]


def comments_until(lines: list[str], announced: date | None = None) -> date | None:
    """The last day for comments on a draft: the most explicit phrase wins. ``announced``: what 自公告之日起 counts from."""
    for line in lines:
        if (found := _COMMENTS_RANGE.search(line)) and (day := _range_end(found[1], found[2])):
            return day
    for pattern in _COMMENTS:
        for line in lines:
            if (found := pattern.search(line)) and (day := parse_date(found[1])):
                return day
    for line in lines:
        if announced and (found := _COMMENTS_COUNT.search(line)):
            return _moved(announced, found[1], found[2])
    return None


def _range_end(first: str, last: str) -> date | None:
    """The end of ``2025年12月6日至1月5日``: an end without a year lies in the year of the start or the next."""
    if day := parse_date(last):
        return day
    start = parse_date(first)
    if start is None:
        return None
    for year in (start.year, start.year + 1):
        day = parse_date(f"{year}年{last}")
        if day and day >= start:
            return day
    return None


def transition_until(lines: list[str], effective: date | None) -> date | None:
    """The end of a transition the text grants to those already in business."""
    for pattern in _TRANSITION:
        for line in lines:
            if (found := pattern.search(line)) and (day := parse_date(found[1])):
                return day
    for pattern in _TRANSITION_FROM_FORCE if effective else ():
        for line in lines:
            if effective and (found := pattern.search(line)):
                return _moved(effective, found[1], found[2])
    return None
