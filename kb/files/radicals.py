"""Radicals that a PDF's font map puts in the place of characters, as the characters they are.

Printing programs name a glyph by the first code point their font has for it, and 首 and ⾸ are one glyph. Sources: the
Kangxi radicals' compatibility decompositions (Unicode, block 2F00-2FDF); for CJK Radicals Supplement (2E80-2EFF), which
have none, the property Equivalent_Unified_Ideograph of the Unicode Character Database, where that is a whole character.
"""

from __future__ import annotations

import unicodedata

_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺌小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺋㔾⺍小⺥爫⺳㓁⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻"
    "⺯糹⺰纟⺱罓⺲罒⺴冗⺶羊⺹耂⺺肀⺻聿⺼肉⺾艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻏邑⺿艹⻀艹⻍辶⻎辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食"
    "⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_LIGATURES = range(0xFB00, 0xFB07)
_TABLE = {ord(radical): whole for radical, whole in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)}
_TABLE |= {code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *_LIGATURES)}
_TABLE |= {
    0x2F3E: "户",
    0x2FAD: "青",
}  # fonts of the mainland draw these where the decomposition has 戶 and 靑


def unified(text: str) -> str:
    """The text with unified ideographs for radicals, and letters for Latin ligatures (``ﬁ``)."""
    return text.translate(_TABLE)
