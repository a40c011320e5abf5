"""When two pages speak of one rule: by its 文号, by its very text, and, for a draft and its final form, by its title. PURE."""

from __future__ import annotations

import re

from kb.folding import HAN, fold
from kb.model import Document
from kb.store.serial import digest

MIN_CHARACTERS = 50
"""Shorter texts are alike too easily."""

_WHITE = re.compile(r"\s+")
_BRACKETS = str.maketrans(
    {"(": "〔", ")": "〔", "[": "〔", "]": "〔", "〕": "〔", "【": "〔", "】": "〔", "﹝": "〔", "﹞": "〔"}
)
_OWN_WORD = re.compile(rf"^[{HAN}a-z]{{2,}}〔")
_QUOTED = re.compile(r"《([^《》]{4,})》(?=$|的|公开|向社会|征求|意见|〔)")
_ANNOUNCES = re.compile(r"印发|公布|发布|施行|征求|令第|^《[^《》]*》$")
_AMENDS = re.compile(r"修改|修订|修正|废止")
_DRAFT = re.compile(
    r"〔?(?:公开)?(?:向社会)?(?:修订|修正)?(?:草案)?(?:再次|二次|第二次)?(?:公开)?征求意见稿〔?|〔(?:修订|修正)?(?:草案|送审稿)〔"
)
_REQUEST = re.compile(r"^.{0,40}?关于(?:再次)?(?:公开)?(?:征求)?")
_TAIL = re.compile(r"(?:的)?(?:公开)?征求(?:社会)?(?:公众)?意见(?:的)?(?:通知|公告|函|公示)?$")


def plain(text: str) -> str:
    """Folded, without white space, all brackets alike: the form in which titles and numbers are compared."""
    return _WHITE.sub("", fold(text)).translate(_BRACKETS)


def number_key(document: Document) -> str:
    """文号 and issuer. A number that names its issuer (``国信办〔2023〕4号``) needs no more; ``第12号`` does."""
    number = plain(document.doc_number)
    if not number:
        return ""
    if _OWN_WORD.match(number):
        return number
    return f"{number}|{plain(document.issuers[0])}" if document.issuers else ""


def text_key(document: Document) -> str:
    text = _WHITE.sub("", fold(document.text))
    title = plain(document.title)
    return digest(f"{title}\n{text}")[:32] if title and len(text) >= MIN_CHARACTERS else ""


def title_core(title: str) -> str:
    """What a draft's title and its final form's have in common: the name of the rule, without who announces it how."""
    folded = plain(title)
    quoted = _QUOTED.search(folded)
    if quoted and (not _ANNOUNCES.search(folded) or _AMENDS.search(folded[: quoted.start()])):
        quoted = None
    core = quoted[1] if quoted else folded
    core = _DRAFT.sub("", core)
    if not quoted and (bare := _TAIL.sub("", core)) != core:
        core = _REQUEST.sub("", bare)
    return core.strip("《》〔。,")
