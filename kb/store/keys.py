"""When two pages speak of one rule: by its 文号, by its very text, and, for a draft and its final form, by its title. PURE."""

from __future__ import annotations

import re

from kb.folding import HAN, fold
from kb.model import Document
from kb.reading.dates import DATE, parse_date
from kb.reading.dates import number as ordinal
from kb.reading.numbers import ORGANISATION
from kb.store.serial import digest

MIN_CHARACTERS = 50
"""Shorter texts are alike too easily."""

MIN_TITLE, MIN_ARTICLES = 8, 3
"""Below these a title and its articles do not tell one rule from another."""

_WHITE = re.compile(r"\s+")
_BRACKETS = str.maketrans(
    {"(": "〔", ")": "〔", "[": "〔", "]": "〔", "〕": "〔", "【": "〔", "】": "〔", "﹝": "〔", "﹞": "〔"}
)
_OWN_WORD = re.compile(rf"^(?:[{HAN}a-z]{{2,}}〔|[{HAN}]{{3,}}(?:令|公告|通告)(?![{HAN}]*(?:令|公告|通告)))")
_ORDER = re.compile("(?:令|公告|通告).*$")
_ORDINAL = re.compile(r"(?<=[第〔年令告])([0-9]+|[一二三四五六七八九十百]+)(?=号)")
_YEAR_FIRST = re.compile(r"^(.*?)([0-9]{4}年第[0-9]+号)(令|公告|通告)$")
_QUOTED = re.compile(r"《([^《》]{4,})》(?=$|的|公开|向社会|征求|意见|〔)")
_ANNOUNCES = re.compile(r"印发|公布|发布|施行|征求|令第|^《[^《》]*》$")
_AMENDS = re.compile(r"修改|修订|修正|废止")
_DRAFT = re.compile(
    r"〔?(?:公开)?(?:向社会)?(?:修订|修正)?(?:草案)?(?:再次|二次|第二次)?(?:公开)?征求意见稿〔?|〔(?:修订|修正)?(?:草案|送审稿)〔"
)
_REQUEST = re.compile(r"^.{0,40}?关于(?:再次)?(?:公开)?(?:征求)?")
_HANDED_ON = re.compile(r"^(?:〔(?:转载|转发|[^〔]{0,24}号令?)〔|(?:转载|转发)[:：])+")
_IN_BRACKETS = re.compile(
    r"〔(?:[^〔]{0,4}[0-9]{4}年?(?:第[一二三四五六七八九十]+次)?(?:修订|修正|修改|修正文本|修订文本)(?:版|本)?|[^〔]{0,40}(?:〔[0-9]{4}年?〔)?[^〔]{0,6}号)〔$"
)
_SPEAKS = re.compile(
    r"解读|答记者问|问答|一图[读看]|图解|图说|新闻发布会|负责人就|访谈|述评|政策解答|划重点|》(?:的)?(?:说明|起草说明|政策说明)$"
)
_NEWS = re.compile(
    r"^《[^《》]+》.{0,8}(?:公布|发布|出台|印发|施行|实施|来了)|^[^《》]{2,60}(?:公布|发布|印发|出台|制定|修订|施行)(?:了|新版|新修订)?(?:的)?《[^《》]+》$"
)
_ARTICLE = re.compile(r"^第[0-9一二三四五六七八九十百零〇]{1,6}条")
_ASIDE = re.compile(
    r"^(?:信息|文章|稿件)?(?:来源|责任编辑|编辑|发布时间|发布日期|发布单位|作者|字号|浏览次数)[:：]"
)
_TITLE_EDITION = re.compile(
    r"〔[^〔]{0,4}([0-9]{4})年?(?:第[一二三四五六七八九十]+次)?(?:修订|修正|修改)[^〔]{0,4}〔$"
)
_AMENDED = re.compile(
    rf"({DATE})(?:(?!(?:[12][0-9]{{3}}|[一二][〇零○一二三四五六七八九]{{3}})年)[^，。；）)]){{0,90}}?(?:修正|修订|修改(?=[）)]|$))"
)
_HEAD = 8
_TAIL = re.compile(r"(?:的)?(?:公开)?征求(?:社会)?(?:公众)?意见(?:的)?(?:通知|公告|函|公示)?$")


def plain(text: str) -> str:
    """Folded, without white space, all brackets alike: the form in which titles and numbers are compared."""
    return _WHITE.sub("", fold(text)).translate(_BRACKETS)


def plain_number(number: str) -> str:
    """A 文号 to compare by: ``第三号`` and ``03号`` are 3, ``2025年第3号公告`` is ``公告2025年第3号``, and an order of
    several authorities is the first one's."""
    first, *others = number.split() or [""]
    if others and ORGANISATION.match(first) and (order := _ORDER.search(others[-1])):
        number = first + order[0]
    counted = _ORDINAL.sub(lambda found: str(ordinal(found[1])), plain(number))
    return _YEAR_FIRST.sub(r"\1\3\2", counted)


def number_key(document: Document) -> str:
    """文号, issuer and edition. A number that names its issuer (``国信办〔2023〕4号``) needs no more; ``第12号`` does.

    A page that only speaks of a rule (an interpretation, news) has none: the number it prints is the rule's.
    """
    number = plain_number(document.doc_number)
    if not number or speaks_of_another(document.title):
        return ""
    if not _OWN_WORD.match(number):
        if not document.issuers:
            return ""
        number = f"{number}|{plain(document.issuers[0])}"
    return "|".join(filter(None, (number, edition(document))))


def text_key(document: Document) -> str:
    """Title and text, without what sites print around them: the number on a line of its own, the source, the editor."""
    core, number = title_core(document.title), plain(document.doc_number)
    around = {plain(document.title), core, number, f"〔{number}〔"}
    lines = [block.text for block in document.blocks if block.text and not _ASIDE.match(block.text)]
    text = _WHITE.sub("", fold("".join(line for line in lines if plain(line) not in around)))
    if not core or len(text) < MIN_CHARACTERS:
        return ""
    return digest(f"{core}|{int(document.is_draft)}|{edition(document)}\n{text}")[:32]


def title_key(document: Document) -> str:
    """Title, issuer, day of making, edition and number of articles, of a rule in articles. Copies that lost their 文号
    and differ in a word have it in common; what merely speaks of a rule has no articles."""
    core = title_core(document.title)
    articles = sum(1 for block in document.blocks if _ARTICLE.match(block.text))
    if len(core) < MIN_TITLE or articles < MIN_ARTICLES or document.is_draft:
        return ""
    if not document.made or not document.issuers or speaks_of_another(document.title):
        return ""
    issuer = plain(document.issuers[0])
    return f"{core}|{issuer}|{document.made}|{edition(document)}|{articles}"


def edition(document: Document) -> str:
    """The year of the last amendment that title or head name; "" for a text as first made."""
    if found := _TITLE_EDITION.search(plain(document.title)):
        return found[1]
    years = [
        str(day.year)
        for block in document.blocks[:_HEAD]
        if block.text.startswith(("（", "("))
        for match in _AMENDED.finditer(block.text)
        if (day := parse_date(match[1]))
    ]
    return max(years, default="")


def speaks_of_another(title: str) -> bool:
    """Whether a title announces words about a rule (解读, 答记者问, news) and not the rule."""
    folded = plain(title)
    return bool(_SPEAKS.search(folded) or _NEWS.match(folded))


def title_core(title: str) -> str:
    """What a draft's title and its final form's have in common: the name of the rule, without who announces it how."""
    folded = _HANDED_ON.sub("", _IN_BRACKETS.sub("", plain(_without_leading_issuers(title))))
    if speaks_of_another(title):
        return folded
    quoted = _QUOTED.search(folded)
    if quoted and (not _ANNOUNCES.search(folded) or _AMENDS.search(folded[: quoted.start()])):
        quoted = None
    core = quoted[1] if quoted else folded
    core = _DRAFT.sub("", core)
    if not quoted and (bare := _TAIL.sub("", core)) != core:
        core = _REQUEST.sub("", bare)
    before, about, _ = core.partition("关于")
    if about and ORGANISATION.match(before):
        core = core[len(before) :]
    return core.strip("《》〔。,").removeprefix("中华人民共和国")


def _without_leading_issuers(title: str) -> str:
    names = title.split()
    while len(names) > 1 and ORGANISATION.match(names[0]):
        names.pop(0)
    return " ".join(names)
