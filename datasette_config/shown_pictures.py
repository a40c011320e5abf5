"""The pictures of a change: which captures show the old and the new one, and what people read in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from datasette_config import knowledge
from datasette_config.language import gettext as _
from datasette_config.site import Connection
from kb.changing.classify import IMAGE_REPLACED
from kb.codes import Flag, Origin, PageRole
from kb.model import PassageChange
from kb.store import queries

MOST_PICTURES = 4
ADDRESS = re.compile(r"https?://\S+$")


def note(row: dict[str, Any], *, shown: bool, cut: bool) -> str:
    """What to say of a change that a program cannot read; empty for one that it can."""
    if Flag.NEEDS_READING not in row["flags"]:
        return ""
    kept = _(
        "原始字节在数据目录 captures/%(source)s/ 的 WARC 记录里，按下面的留存编号与 SHA-256 查找，任何 WARC 阅读器都能打开。"
    ) % {"source": row["source_id"]}
    if shown:
        said = _("程序读不出图片里的文字，请人工判读。下面的图由留存的字节重新编码，不是原文件；")
    elif cut:
        said = _("程序读不出图片里的文字，请人工判读。公开网站不显示平台页面的图片，新图见官方原文；")
    else:
        said = _("这里有程序读不出文字的图片或扫描件，请人工判读。新的一份见官方原文；")
    return said + kept


def pairs(
    connection: Connection, row: dict[str, Any], passages: Iterable[PassageChange]
) -> list[dict[str, str]]:
    """Old and new pictures in turn: of a watched image its captures, of a page those of the images it shows."""
    if row["origin"] == Origin.REPLAY:
        return []
    if row["role"] == PageRole.IMAGE:
        found = [(row["before_capture"], row["after_capture"])]
    else:
        replaced = [one for one in passages if one.reason == IMAGE_REPLACED][:MOST_PICTURES]
        found = [(_capture(connection, one.before), _capture(connection, one.after)) for one in replaced]
    return [
        {"name": name, "capture": capture or "", "alt": f"{name}：{row['title']}　{_('留存')} {capture}"}
        for pair in found
        if any(pair)
        for name, capture in zip((_("旧图"), _("新图")), pair, strict=True)
    ]


def _capture(connection: Connection, passage: str) -> str | None:
    """The capture of the image whose address ends a passage that stands for a picture."""
    address = ADDRESS.search(passage)
    return knowledge.capture_of_picture(connection, address[0]) if address else None


def readings(connection: Connection, row: dict[str, Any]) -> list[list[str]]:
    """What people read from the picture, each in lines; of a picture replaced since, nothing."""
    found = queries.readings(connection, row["change_id"])
    return [each.text.splitlines() for each in found if each.current]
