"""Text that was decoded wrongly before it came to us: a site that stored mojibake serves it in perfect UTF-8.

Each sign is a share of what is not ASCII, so that a few broken characters in a good long page do not lose the page.
588 statutes, government pages and platform documents at hand show none of them.
"""

from __future__ import annotations

import re

SAMPLE = 20_000  # characters beyond ASCII that are looked at
LEAST = 3  # broken characters below which nothing is said
BROKEN = 0.05  # share of replacement characters or 锟斤拷 from which a text is not readable
CONTROLS = 0.1  # the same of controls: some pages hold a few in good text
MISREAD = 0.5  # share of bytes that turn out to be another encoding
PRIVATE = 0.2  # share of private characters: icon fonts and Word's symbols use some

_CONTROLS = re.compile("[\x80-\x9f]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_KNOWN = re.compile("锟斤拷|斤拷锟|烫烫烫|屯屯屯")
_HAN = re.compile("[\u3400-\u9fff\u3001-\u3011\uff00-\uffef]")
_LATIN = re.compile(
    "[\u0080-\u00ff\u0152-\u0192\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]{4,}"
)  # in runs: western words have single accents


def mojibake(text: str) -> str:
    """The sign that a text was decoded wrongly, in words; "" for a text that can be read."""
    beyond = re.sub(r"[\x00-\x7f]+", "", text)[:SAMPLE]
    if len(beyond) < LEAST:
        return ""
    for sign, share, least in (
        ("替换字符 �", beyond.count("\ufffd") / len(beyond), BROKEN),
        ("“锟斤拷”一类的字", 3 * len(_KNOWN.findall(beyond)) / len(beyond), BROKEN),
        ("控制字符", len(_CONTROLS.findall(beyond)) / len(beyond), CONTROLS),
        ("私用区字符", len(_PRIVATE.findall(beyond)) / len(beyond), PRIVATE),
    ):
        if share >= least and share * len(beyond) >= LEAST:
            return f"{sign}占 {share:.0%}"
    return _misread(beyond, "".join(_LATIN.findall(text[: 2 * SAMPLE])))


def _misread(beyond: str, latin: str) -> str:
    """Chinese UTF-8 taken for GBK (锛, 銆, 鐨), or UTF-8 or GBK taken for Latin-1 (ç¬¬, µÚ)."""
    if _share_of_han(beyond.encode("gb18030", "ignore"), "utf-8", 3) >= MISREAD:
        return "UTF-8 被当作 GBK 保存过"
    if len(latin) >= 20 and len(latin) >= MISREAD * len(beyond):
        # Windows-1252 and Latin-1 mixed, as browsers do
        data = b"".join(_byte(character) for character in latin)
        if _share_of_han(data, "utf-8", 3) >= MISREAD or _share_of_han(data, "gb18030", 2) >= MISREAD:
            return "中文被当作西文保存过"
    return ""


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1", "ignore")


def _share_of_han(data: bytes, encoding: str, width: int) -> float:
    """How much of the bytes is Chinese in another encoding; ``width`` is that of a character."""
    return width * len(_HAN.findall(data.decode(encoding, "ignore"))) / max(1, len(data))
