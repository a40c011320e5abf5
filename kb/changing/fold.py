"""Spellings that say the same: a text is folded to one spelling, so that what still differs is more than spelling.

Each fold has a name, which becomes the reason shown for an editorial change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

from kb.changing.variants import to_simplified
from kb.numerals import to_int

_QUOTES = str.maketrans(dict.fromkeys("“”„‟\"＂'‘’＇「」『』﹁﹂`´", "'"))
_MARKS = r"[\s、，；！？;!?'·…\-—–_()《》〈〉<>\[\]【】〔〕。~*#|/.,:]"
_BETWEEN_DIGITS = re.compile(rf"(?<=[0-9]){_MARKS}+(?=[0-9])")
_PUNCTUATION = re.compile(rf"{_MARKS}+")
_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüń ]{1,8}\)")
_NUMERAL = re.compile(
    # the lookbehind stands behind the first numeral, so that only numerals are looked at
    r"[〇零○一二两三四五六七八九十百千万](?<![0-9〇零○一二两三四五六七八九十百千万].)[〇零○一二两三四五六七八九十百千万]{0,11}(?=个工作日|个自然日|个月|个季度|个小时|个|工作日|日|天|年|月|小时|分钟|元|倍|人|户|件|份|次|家|名|周岁|条|款|项|章|节)"
)
_ANY_DIGIT = re.compile("[0-9]")
_PERCENT = re.compile(r"百分之([〇零一二三四五六七八九十百0-9.]{1,8})")
_DATE = re.compile(r"(?<![0-9])([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?(?![0-9])")
_THOUSANDS = re.compile(r"(?<![0-9,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
_HALF_YEAR = re.compile(r"(?<![一二三四五六七八九十上下])半年")
_FORMAL = re.compile(r"[壹贰叁肆伍陆柒捌玖拾佰仟万亿]{1,12}(?=个|日|天|年|月|元|圆|倍|人|户|件|份)")
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_COUNTED_DAYS = re.compile(r"(?<=[0-9])个(工作日|自然日)")
_SMALL = re.compile(r"((?<![0-9])[0-9]{1,4})万(?![0-9])")
_RIGHT = {
    "其它": "其他",
    "部份": "部分",
    "登陆": "登录",
    "制订": "制定",
    "惟一": "唯一",
    "做出": "作出",
    "成份": "成分",
    "身分": "身份",
    "按装": "安装",
    "座落": "坐落",
    "做为": "作为",
    "好象": "好像",
    "图象": "图像",
    "录象": "录像",
    "定货": "订货",
    "渡过": "度过",
    "既使": "即使",
    "或则": "或者",
    "按排": "安排",
    "复盖": "覆盖",
    "布署": "部署",
    "曰": "日",
    "帐": "账",
}
_TYPO = re.compile(
    rf"{'|'.join(k for k in _RIGHT if len(k) > 1)}|帐(?!篷|幕)|曰(?<=[0-9一二三四五六七八九十作]曰)"
)
_STYLE = re.compile(
    r"本(?:规定|办法|条例|细则|法|指南|通知|决定|规则|标准|公告|解释|实施办法|意见|指引|规范)"
)
TYPOS = "错别字一类的用字不同"


def spelling(text: str) -> str:
    """Full and half width, quotation marks."""
    return unicodedata.normalize("NFKC", text).translate(_QUOTES)


def law_titles(text: str) -> str:
    """《中华人民共和国网络安全法》 is cited as 《网络安全法》."""
    return text.replace("《中华人民共和国", "《")


def mirror_notes(text: str) -> str:
    """Pinyin that a mirror put in brackets behind its characters, which it converted to the other script as well."""
    without = _PINYIN.sub("", text) if "(" in text else text
    return to_simplified(without) if without != text else text


def punctuation(text: str) -> str:
    """Marks go; one between two digits becomes a comma, or 1、2 would read 12. A decimal point stays what it is."""
    if _ANY_DIGIT.search(text) is None:
        return _PUNCTUATION.sub("", text).replace("\1", ",").replace("\2", ".")
    return _PUNCTUATION.sub("", _BETWEEN_DIGITS.sub(_keep_apart, text)).replace("\1", ",").replace("\2", ".")


def _keep_apart(match: re.Match[str]) -> str:
    return "\2" if match[0] == "." else "\1"


def numerals(text: str) -> str:
    """Chinese numerals before a unit, percentages, dates: in Arabic digits."""
    text = _FORMAL.sub(_plain, text)
    if "," in text:
        text = _THOUSANDS.sub(lambda m: m[0].replace(",", ""), text)
    if "半年" in text:
        text = _HALF_YEAR.sub("6个月", text)
    if "万" in text:
        text = _SMALL.sub(lambda m: f"{m[1]}0000", text)
    if "百分之" in text:
        text = _PERCENT.sub(lambda m: f"{_digits(m[1])}%", text)
    text = _NUMERAL.sub(lambda m: _digits(m[0]), text)
    if _ANY_DIGIT.search(text) is None:
        return text
    text = _DATE.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)
    return _COUNTED_DAYS.sub(r"\1", text)


def _plain(match: re.Match[str]) -> str:
    return match[0].translate(_CAPITALS)


def typos(text: str) -> str:
    return _TYPO.sub(lambda m: _RIGHT[m[0]], text)


def own_name(text: str) -> str:
    """本规定 and 本办法 name the text itself, whichever it is called."""
    return _STYLE.sub("本文", text)


REMEMBERED = 2_000  # characters of a text whose folds are kept for the next question
ANNOTATED = "镜像网站的注音"
FOLDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("引号或者全半角写法不同", spelling),
    (ANNOTATED, mirror_notes),
    ("繁简字形不同", to_simplified),
    ("数字写法不同", numerals),
    ("法律名称的全称与简称不同", law_titles),
    ("标点不同", punctuation),
    (TYPOS, typos),
    ("自称的写法不同（本规定、本办法一类）", own_name),
)


def equal_after(before: str, after: str) -> str:
    """The name of the last fold that was needed to make the two texts equal; empty when they still differ."""
    stages = zip(_stages(before), _stages(after), strict=True)
    return next((FOLDS[k][0] for k, (one, other) in enumerate(stages) if one == other), "")


def folded(text: str) -> str:
    """The text in the one spelling of all folds."""
    return _stages(text)[-1]


def _stages(text: str) -> tuple[str, ...]:
    """The text after each fold; a passage is asked about several times while it is judged."""
    return _remembered(text) if len(text) <= REMEMBERED else _folded_in_turn(text)


def _folded_in_turn(text: str) -> tuple[str, ...]:
    folds = (fold for _, fold in FOLDS)
    return tuple(accumulate(folds, lambda said, fold: fold(said), initial=text))[1:]


_remembered = lru_cache(maxsize=64)(_folded_in_turn)


def _digits(numeral: str) -> str:
    value = to_int(numeral)
    return numeral if value is None else str(value)
