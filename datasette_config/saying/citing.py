"""A change in one line that can be quoted: what, when, where it stands, and what was kept of it. Pure.

It quotes rules in their own words, and is Chinese whatever the language of the page.
"""

from __future__ import annotations

from typing import Any

from datasette_config.saying import format as say
from kb import words
from kb.codes import Confirmation, HeldFor

_INNER = str.maketrans("《》", "〈〉")


def citation(row: dict[str, Any], address: str) -> str:
    """``row`` is one of ``knowledge.change``, ``address`` where readers reach its page; times are Beijing time."""
    title = quoted(row["document_title"] or row["title"])
    number = f"（{row['doc_number']}）" if row["doc_number"] else ""
    kept = "、".join(filter(None, (row["before_capture"], row["after_capture"])))
    parts = (
        f"{'、'.join(row['issuers'] or ())}{title}{number}",
        f"{_standing(row)}{row['headline']}",
        _seen(row),
        f"官方原文 {row['url']}",
        f"证策 {address}" + (f"，留存 {kept}" if kept else ""),
    )
    return "。".join(filter(None, parts)) + "。"


def _standing(row: dict[str, Any]) -> str:
    """What comes before the words of a change that is not sure, or was undone: nobody quotes it as one that happened."""
    if row["confirmation"] == Confirmation.CONFIRMED:
        return ""
    if row["confirmation"] == Confirmation.PROVISIONAL:
        return "未确认："
    if row["confirmation"] == Confirmation.HELD:
        why = f"（{words.zh(HeldFor(row['held_for']))}）" if row["held_for"] else ""
        return f"未确认，等待人工复核{why}："
    return f"{words.zh(Confirmation(row['confirmation']))}："


def quoted(title: str) -> str:
    """A title in 《》; titles inside it stand in 〈〉 (GB/T 15834), and one that wears the marks already keeps them."""
    bare = title[1:-1] if title.startswith("《") and title.endswith("》") else title
    if "《" in bare and bare.find("》") < bare.find(
        "《"
    ):  # 《甲》和《乙》: the outer marks were not of the whole
        bare = title
    return f"《{bare.translate(_INNER)}》"


def _seen(row: dict[str, Any]) -> str:
    until = say.beijing(row["observed_to"])
    if not row["observed_from"]:
        return f"{until}（北京时间）首次看到"
    return f"变动发生在 {say.beijing(row['observed_from'])} 至 {until}（北京时间）之间"
