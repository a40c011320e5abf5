"""Rows of a platform's category tables: a row that asks for a document is itself a rule of the platform."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from kb.tagging.evidence import Hit, Marked
from kb.tagging.field import squeeze
from kb.tagging.vocabulary import Meaning, Role

CATEGORY = "wx-category"
_CHILD = "wx-deep-synthesis"
ROW_WORDS = frozenset(map(squeeze, ("类目", "合作协议")))
"""Words that in prose tell of a category, not of the filing it asks for; in a row what is named is asked for."""

_DOCUMENT = re.compile(
    "《[^《》\\n]{2,40}》|[\u4e00-\u9fff]{2,16}(?:许可证|资格证书?|备案凭证|批准文件|证明文件)"
)
_OWN_PLATFORM = re.compile("微信|腾讯")
_POINTER = re.compile(
    "(?:[若如][^。;\\n【]{0,20}(?:【[^】\\n]{1,60}】)?[^。;\\n【]{0,20})?(?:需|请)(?:选择|补充|申请)【[^】\\n]{1,60}】"
)
_ASKED_CELL = re.compile("资质[^:\\n]{0,6}:|材料[^:\\n]{0,6}:")
_OTHER_PLATFORM = re.compile("抖音|支付宝|快手|百度")
_ASKING = re.compile("资质|材料")


def is_category_row(source_kind: str, authority: str, columns: Sequence[str]) -> bool:
    """Whether a text is a row of WeChat's category table: its source says so, or its heads name 类目 and 资质."""
    if source_kind == "wechat_category":
        return True
    heads = "\n".join(columns)
    return bool("类目" in heads and _ASKING.search(heads) and _OWN_PLATFORM.search(authority))


def is_category_passage(context: str, text: str) -> bool:
    """Whether a passage is such a row: each cell stands behind its head, under a title that names mini-programs."""
    if not ("小程序" in context and "类目" in context + text and _ASKED_CELL.search(text)):
        return False
    return not _OTHER_PLATFORM.search(context)


def own_hits(row: Marked, found: Iterable[Hit]) -> list[Hit]:
    """Without the hits inside a pointer to another category (若涉及……，需选择【……】类目): what that one asks, it asks there."""
    spans = [pointer.span() for pointer in _POINTER.finditer(row.field.squeezed)]
    return [hit for hit in found if not any(start <= hit.start < end for start, end in spans)]


def category_row(row: Marked, found: Iterable[Hit]) -> Iterator[Hit]:
    """The hit of the category rules in a row that asks for a document, unless a category of its own was found."""
    known = CATEGORY in row.vocabulary.order
    if not known or any(hit.meaning.licence in (CATEGORY, _CHILD) for hit in found):
        return
    asked = _DOCUMENT.search(row.field.squeezed)
    if asked:
        meaning = Meaning(CATEGORY, Role.WEAK, f"{CATEGORY}.row")
        yield Hit(row.field, asked.start(), asked.end(), meaning, "类目资质要求")
