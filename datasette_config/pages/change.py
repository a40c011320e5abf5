"""``/change/<id>``: one change, clause by clause, with when it was seen and the captures that show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import knowledge, shown_pictures
from datasette_config.language import gettext as _
from datasette_config.saying import citing, comparing, evidence, finalised, matched, present
from datasette_config.saying import format as say
from datasette_config.site import Connection, ask, cut_for, link, now, page, site_of
from kb.codes import ChangeKind, Confirmation, HeldFor, Origin, PageRole
from kb.model import LicenceTag, PassageChange
from kb.sources import Publish
from kb.store import queries

NEW_TEXT_PASSAGES = 5
Shown = dict[str, Any]


async def change(datasette: Datasette, request: Request) -> Response:
    identifier, cut, site = request.url_vars["id"], cut_for(datasette, request), site_of(datasette)

    def read(connection: Connection) -> Shown:
        detail, row = _found(connection, identifier)
        if detail.row.id != identifier:
            return {"moved": detail.row.id}
        day = now(datasette, knowledge.newest_look(connection)).date()
        only_excerpts = cut and row["publish"] == Publish.EXCERPT
        context = _read(connection, detail, row, day, cut=only_excerpts, pictured=not site.frozen)
        return {**context, "citation": citing.citation(row, _address(site.base_url, identifier))}

    context = await ask(datasette, read)
    if "moved" in context:
        return Response.redirect(link(datasette, f"/change/{context['moved']}"), status=301)
    return await page(datasette, request, "change.html", **context)


async def pack(datasette: Datasette, request: Request) -> Response:
    """``/change/<id>/evidence.json``: the verification pack of a change."""
    identifier, cut, site = request.url_vars["id"], cut_for(datasette, request), site_of(datasette)

    def read(connection: Connection) -> tuple[str, str]:
        detail, row = _found(connection, identifier)
        passages = () if cut and row["publish"] == Publish.EXCERPT else detail.passages
        kept = _captures(connection, row)
        return detail.row.id, evidence.pack(
            row, kept, passages, _address(site.base_url, detail.row.id), demo=site.demo
        ).to_json()

    known, body = await ask(datasette, read)
    if known != identifier:
        return Response.redirect(link(datasette, f"/change/{known}/evidence.json"), status=301)
    headers = {"content-disposition": f'attachment; filename="{known}.evidence.json"'}
    return Response(body, headers=headers, content_type="application/json; charset=utf-8")


def _address(base_url: str, identifier: str) -> str:
    return f"{base_url.rstrip('/')}/change/{identifier}"


def _found(connection: Connection, identifier: str) -> tuple[queries.ChangeDetail, Shown]:
    """Raises ``kb.errors.NotFound``."""
    detail = queries.change(connection, identifier)
    row = knowledge.change(connection, detail.row.id)
    if row is None:
        raise NotFound(identifier)
    return detail, row


def _read(
    connection: Connection,
    detail: queries.ChangeDetail,
    row: Shown,
    day: date,
    *,
    cut: bool,
    pictured: bool,
) -> Shown:
    row["tags"] = present.surest(detail.tags)
    knowledge.with_standing(connection, [row], day)
    pictures = shown_pictures.pairs(connection, row, detail.passages) if pictured and not cut else []
    passages = _passages(connection, row, detail.passages, cut=cut)
    kept = _captures(connection, row)
    opening = [] if passages or cut else _opening(connection, row)
    return {
        "change": {
            **present.change(row, day),
            "facts": _facts(row),
            "waiting": _waiting(connection, row),
            "picture": shown_pictures.note(row, shown=bool(pictures), cut=cut),
            "pictures": pictures,
            "readings": [] if cut else shown_pictures.readings(connection, row),
            "reason": row["reason"],
            "compare": _compare(row),
            "title_pieces": _title(row),
        },
        **_sorted(passages, row),
        "opening": opening,
        "sides": finalised.sides(row, _draft(connection, row)),
        "tags": [_tag(tag, detail.passages, opening) for tag in row["tags"]],
        "window": evidence.window(row),
        "window_note": evidence.window_note(row),
        "url": {"text": row["url"], "safe": say.safe_url(row["url"])},
        "captures": evidence.captures(row, kept),
        "text": _text(row) if not cut else "",
    }


def _draft(connection: Connection, row: Shown) -> str:
    """The document of the draft that a final text follows."""
    final = (
        knowledge.document(connection, row["document_id"]) if row["kind"] == ChangeKind.FINALISED else None
    )
    return (final or {}).get("draft") or ""


def _captures(connection: Connection, row: Shown) -> list[Shown]:
    """The captures that show a change; what was replayed is no evidence."""
    return [] if row["origin"] == Origin.REPLAY else knowledge.captures_of_change(connection, row)


def _passages(
    connection: Connection, row: Shown, passages: Sequence[PassageChange], *, cut: bool
) -> list[Shown]:
    """The changed passages with their words marked and the words that tags were read from pointed at."""
    versions = [version for version in (row["before_id"], row["after_id"]) if version]
    rows = knowledge.row_anchors(connection, versions)
    return [
        comparing.changed(one, number, rows, matched.in_passage(row["tags"], one), cut=cut)
        for number, one in enumerate(passages)
    ]


def _sorted(passages: list[Shown], row: Shown) -> Shown:
    """The passage that the headline names, the others, and those that only moved; of a new text its first ones lead,
    of a final text what frames its clauses stands apart."""
    worded = [passage for passage in passages if not passage["shift"]]
    frame = finalised.framing(worded) if row["kind"] == ChangeKind.FINALISED else []
    worded = [passage for passage in worded if passage not in frame]
    lead = sorted(worded, key=lambda passage: _rank(passage, row["headline"]))[:1]
    if row["before_id"] is None and len(worded) > NEW_TEXT_PASSAGES:
        lead, others = worded[:NEW_TEXT_PASSAGES], []
    else:
        others = [one for one in worded if one not in lead]
    return {
        "main_passages": lead,
        "other_passages": others,
        "frame": frame,
        "shifted": [passage for passage in passages if passage["shift"]],
    }


def _rank(passage: Shown, headline: str) -> tuple[int, bool, bool]:
    """The passage that the headline names first comes first, then what changes a duty, then what is substantive."""
    at = headline.find(passage["cited"] or passage["cited_before"] or headline)
    return (at if at >= 0 else len(headline), not passage["deltas"], not passage["substantive"])


def _title(row: Shown) -> tuple[say.Piece, ...]:
    title = row["document_title"] or row["title"]
    return say.pieces(title, matched.in_title(row["tags"], title))


def _tag(tag: LicenceTag, passages: Sequence[PassageChange], opening: Sequence[Shown]) -> Shown:
    """A tag with its reason, and where on this page the words stand that it was read from."""
    number = matched.passage_of(tag, passages)
    place = next((one["id"] for one in opening if tag.licence in one["licences"]), "")
    if number is not None:
        place = f"p{number}"
    elif tag.field == matched.TITLE:
        place = "title"
    return {**present.tag(tag), "place": place}


def _facts(row: Shown) -> list[str]:
    published = _("%(day)s 发布") % {"day": row["published"]} if row["published"] else ""
    return [
        part
        for part in ("、".join(row["issuers"] or ()), row["doc_number"], published, row["source_title"])
        if part
    ]


def _compare(row: Shown) -> str:
    if not (row["document_id"] and row["before_id"] and row["after_id"]):
        return ""
    return f"/document/{row['document_id']}/compare?from={row['before_id']}&to={row['after_id']}"


def _text(row: Shown) -> str:
    """The page of the new text, where there is one to read."""
    if not (row["document_id"] and row["after_id"]) or row["role"] == PageRole.IMAGE:
        return ""
    return f"/document/{row['document_id']}/version/{row['after_id']}"


def _opening(connection: Connection, row: Shown) -> list[Shown]:
    """How a text that is new as a whole begins, and the passages that tags were read from; its page has the rest."""
    if row["before_id"] is not None or row["after_id"] is None:
        return []
    printed = [one.printed for one in queries.passages(connection, row["after_id"])]
    hits: dict[int, list[LicenceTag]] = {number: [] for number in range(min(NEW_TEXT_PASSAGES, len(printed)))}
    for tag in row["tags"]:
        at = matched.first_of(tag, printed)
        if at is not None:
            hits.setdefault(at, []).append(tag)
    return [
        {
            "id": f"o{number}",
            "gap": number > 0 and number - 1 not in hits,
            "pieces": say.pieces(
                printed[number], [place for tag in tags for place in matched.places(tag, printed[number])]
            ),
            "licences": {tag.licence for tag in tags},
        }
        for number, tags in sorted(hits.items())
    ]


def _waiting(connection: Connection, row: Shown) -> str:
    said = {
        Confirmation.PROVISIONAL: _("待确认：程序会再查看一次，确认之前不发提醒。"),
        Confirmation.HELD: _held(row["held_for"]),
        Confirmation.CORRECTED: _("已更正：原站后来改回，请以官方原文为准。"),
        Confirmation.RETRACTED: _("已撤回：经复核，这不是规则变动。"),
    }
    again = (
        knowledge.looked_again_from(connection, row["change_id"])
        if row["confirmation"] == Confirmation.PROVISIONAL
        else None
    )
    if again:
        return _("待确认：%(time)s 以后再查看一次，确认之前不发提醒。") % {"time": say.beijing(again)}
    return said.get(row["confirmation"], "")


def _held(why: str) -> str:
    if not why:
        return _("暂缓推送：等待人工复核，未发提醒。")
    return _("暂缓推送（%(why)s）：等待人工复核，未发提醒。") % {"why": say.word(why, HeldFor)}
