"""``/change/<id>``: one change, clause by clause, with when it was seen and the captures that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.site import Connection, ask, cut_for, now, page, site_of
from kb.changing.classify import IMAGE_REPLACED
from kb.codes import ChangeKind, Confirmation, Flag, Origin, PageRole
from kb.model import PassageChange
from kb.sources import Publish
from kb.store import queries

NEW_TEXT_PASSAGES = 5
MOST_PICTURES = 4
ADDRESS = re.compile(r"https?://\S+$")


async def change(datasette: Datasette, request: Request) -> Response:
    identifier = request.url_vars["id"]
    detail = await ask(datasette, lambda connection: queries.change(connection, identifier))
    if detail.row.id != identifier:
        return Response.redirect(datasette.urls.path(f"/change/{detail.row.id}"), status=301)
    day = now(datasette, await ask(datasette, knowledge.newest_look)).date()
    public = cut_for(datasette, request)
    pictured = not site_of(datasette).frozen
    context = await ask(
        datasette, lambda connection: _read(connection, detail, day, public=public, pictured=pictured)
    )
    return await page(datasette, request, "change.html", **context)


def _read(
    connection: Connection, detail: queries.ChangeDetail, day: date, *, public: bool, pictured: bool
) -> dict[str, Any]:
    row = knowledge.change(connection, detail.row.id)
    if row is None:
        raise NotFound(detail.row.id)
    row["tags"] = present.surest(detail.tags)
    knowledge.with_standing(connection, [row], day)
    cut = public and row["publish"] == Publish.EXCERPT
    shown = present.change(row, day)
    changed = [present.passage(one, number, cut=cut) for number, one in enumerate(detail.passages)]
    worded = [passage for passage in changed if not passage["shift"]]
    lead = sorted(worded, key=lambda passage: _rank(passage, shown["headline"]))[:1]
    pictures = _pictures(connection, row, detail.passages) if pictured and not cut else []
    whole_text_is_new = row["before_id"] is None and len(worded) > NEW_TEXT_PASSAGES
    return {
        "change": {
            **shown,
            "facts": _facts(row),
            "waiting": _waiting(row),
            "picture": _picture(row, pictures, cut=cut),
            "pictures": pictures,
            "readings": [] if cut else _readings(connection, row),
            "reason": row["reason"],
            "compare": _compare(row),
        },
        "main_passages": worded[:NEW_TEXT_PASSAGES] if whole_text_is_new else lead,
        "other_passages": [] if whole_text_is_new else [one for one in worded if one not in lead],
        "opening": [] if changed or cut else _opening(connection, row),
        "shifted": [passage for passage in changed if passage["shift"]],
        "window": _window(row),
        "window_note": _window_note(row),
        "evidence": _evidence(connection, row),
    }


def _rank(passage: dict[str, Any], headline: str) -> tuple[int, bool, bool]:
    """The passage that the headline names first comes first, then what changes a duty, then what is substantive."""
    at = headline.find(passage["cited"] or passage["cited_before"] or headline)
    return (at if at >= 0 else len(headline), not passage["deltas"], not passage["substantive"])


def _facts(row: dict[str, Any]) -> list[str]:
    published = f"{row['published']} 发布" if row["published"] else ""
    return [
        part
        for part in ("、".join(row["issuers"] or ()), row["doc_number"], published, row["source_title"])
        if part
    ]


def _compare(row: dict[str, Any]) -> str:
    if not (row["document_id"] and row["before_id"] and row["after_id"]):
        return ""
    return f"/document/{row['document_id']}/compare?from={row['before_id']}&to={row['after_id']}"


def _opening(connection: Connection, row: dict[str, Any]) -> list[str]:
    """How a text that is new as a whole begins; its page has the rest."""
    if row["before_id"] is not None or row["after_id"] is None:
        return []
    return [one.printed for one in queries.passages(connection, row["after_id"])[:NEW_TEXT_PASSAGES]]


def _waiting(row: dict[str, Any]) -> str:
    said = {
        Confirmation.PROVISIONAL: "待确认：程序会再查看一次，确认之前不发提醒。",
        Confirmation.HELD: "暂缓推送：等待人工复核，未发提醒。",
        Confirmation.CORRECTED: "已更正：原站后来改回，请以官方原文为准。",
        Confirmation.RETRACTED: "已撤回：经复核，这不是规则变动。",
    }
    return said.get(row["confirmation"], "")


def _picture(row: dict[str, Any], pictures: list[dict[str, str]], *, cut: bool) -> str:
    if Flag.NEEDS_READING not in row["flags"]:
        return ""
    kept = (
        f"原始字节在数据目录 captures/{row['source_id']}/ 的 WARC 记录里，按下面的留存编号与 SHA-256 查找，任何 WARC "
        "阅读器都能打开。"
    )
    if pictures:
        return f"程序读不出图片里的文字，请人工判读。下面的图由留存的字节重新编码，不是原文件；{kept}"
    if cut:
        return f"程序读不出图片里的文字，请人工判读。公开网站不显示平台页面的图片，新图见官方原文；{kept}"
    return f"这里有程序读不出文字的图片或扫描件，请人工判读。新的一份见官方原文；{kept}"


def _pictures(
    connection: Connection, row: dict[str, Any], passages: Iterable[PassageChange]
) -> list[dict[str, str]]:
    """Old and new pictures in pairs: of a watched image its captures, of a page those of the images it shows."""
    if row["origin"] == Origin.REPLAY:
        return []
    if row["role"] == PageRole.IMAGE:
        pairs = [(row["before_capture"], row["after_capture"])]
    else:
        replaced = [one for one in passages if one.reason == IMAGE_REPLACED][:MOST_PICTURES]
        pairs = [(_shown(connection, one.before), _shown(connection, one.after)) for one in replaced]
    return [
        {"name": name, "capture": capture or "", "alt": f"{name}：{row['title']}　留存 {capture}"}
        for pair in pairs
        if any(pair)
        for name, capture in zip(("旧图", "新图"), pair, strict=True)
    ]


def _shown(connection: Connection, passage: str) -> str | None:
    """The capture of the image whose address ends a passage that stands for a picture."""
    address = ADDRESS.search(passage)
    return knowledge.capture_of_picture(connection, address[0]) if address else None


def _readings(connection: Connection, row: dict[str, Any]) -> list[list[str]]:
    """What people read from the picture, each in lines; of a picture replaced since, nothing."""
    found = queries.readings(connection, row["change_id"])
    return [each.text.splitlines() for each in found if each.current]


def _window(row: dict[str, Any]) -> list[dict[str, str]]:
    followed = row["before_id"] and row["kind"] != ChangeKind.FINALISED
    old = "最后一次看到旧文" if followed else "最后一次查看时，列表上还没有它"
    new = "首次看到新文" if followed else "首次看到"
    if row["kind"] == ChangeKind.GONE:
        old, new = "最后一次看到原页面", "首次看不到"
    moments = (
        (row["observed_from"], old),
        (row["observed_to"], new),
        (row["confirmed_at"], "再次查看，一致，确认"),
    )
    return [{"when": say.beijing(moment), "what": what} for moment, what in moments if moment]


def _window_note(row: dict[str, Any]) -> str:
    if row["origin"] == Origin.IMPORT:
        return "由导入的历史留存比对得出。"
    if row["origin"] == Origin.REPLAY:
        return "回放数据，不作为留存。"
    return "程序只能说变动发生在前两个时刻之间。" if row["observed_from"] else ""


def _evidence(connection: Connection, row: dict[str, Any]) -> list[dict[str, str]]:
    facts = [{"name": "官方原文", "text": row["url"], "url": say.safe_url(row["url"])}]
    if row["origin"] == Origin.REPLAY:
        return facts
    for name, key in (("旧文留存", "before_capture"), ("新文留存", "after_capture")):
        if row[key]:
            kept = knowledge.capture(connection, row[key])
            digest = f"　SHA-256 {kept['body_digest']}" if kept else ""
            facts.append({"name": name, "text": f"{row[key]}{digest}", "url": ""})
    return facts
