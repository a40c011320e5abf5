"""Rows -> what a template says. Pure: today is given, nothing is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from datasette_config.language import ENGLISH, language
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying.attached import file_name
from kb.changing.labels import label
from kb.changing.naming import from_to, point_name, point_name_en
from kb.changing.reasons import turned
from kb.codes import Confidence, Confirmation, DocumentStatus, Flag, Op, Origin, PageRole, Significance
from kb.excerpts import AROUND
from kb.licences import licences
from kb.model import LicenceTag, PassageChange

Row = Mapping[str, Any]
Shown = dict[str, Any]

SHIFTS = {Op.RENUMBERED, Op.MOVED}


def status(row: Row, today: date) -> str:
    """How a document stands on a day, in words, with the day that a reader waits for. ``standing`` is
    ``kb.store.queries.status_on`` of that day."""
    effective, until = say.as_day(row["in_force_from"]), say.as_day(row["comments_until"])
    if row["standing"] == DocumentStatus.NOT_YET_IN_FORCE and effective and effective > today:
        return _("尚未施行 · %(day)s 起，%(left)s") % {
            "day": effective,
            "left": say.days_left(effective, today),
        }
    if row["standing"] == DocumentStatus.DRAFT_OPEN and until:
        return _("征求意见中 · 截止 %(day)s，%(left)s") % {"day": until, "left": say.days_left(until, today)}
    return say.status_word(row["standing"])


def nature(row: Row) -> str:
    """The first badge: what kind of change this is to its reader, a draft or a picture said before anything else."""
    if Flag.NEEDS_READING in row["flags"]:
        return _("待人工判读")
    if row["kind"] in {"draft_published", "draft_reopened"}:
        return say.kind_word(row["kind"])
    if row["kind"] in {"gone", "reverted", "list_batch", "republished", "copies_diverge"}:
        return say.kind_word(row["kind"])
    return say.significance_word(row["significance"])


def surest(tags: Iterable[LicenceTag]) -> list[LicenceTag]:
    """One tag a licence type, the surest; the surest types first."""
    order = list(Confidence)
    best: dict[str, LicenceTag] = {}
    for found in sorted(tags, key=lambda found: order.index(found.confidence)):
        best.setdefault(found.licence, found)
    return list(best.values())


def licence_name(licence: str) -> str:
    """Short: in English without what stands behind a bracket or comma."""
    known = licences().get(licence)
    if known is None:
        return licence
    return known.short if language() != ENGLISH else known.en.split(" (")[0].split(", ")[0]


def tag(found: LicenceTag) -> Shown:
    return {
        "licence": found.licence,
        "name": licence_name(found.licence),
        "said": _("把握：%(word)s") % {"word": say.word(found.confidence, Confidence)},
        "reason": found.reason,
        "evidence": found.evidence,
    }


def change(row: Row, today: date) -> Shown:
    """A change for a list or for the head of its own page."""
    settled = row["confirmation"] == Confirmation.CONFIRMED
    return {
        "id": row["change_id"],
        "headline": row["headline"] or f"{row['title']}：{say.kind_word(row['kind'])}",
        "title": row["document_title"] or row["title"],
        "document": row["document_id"],
        "part": _part(row),
        "nature": nature(row),
        "substantive": row["significance"] == Significance.SUBSTANTIVE,
        "status": status(row, today) if row["document_id"] else "",
        "level": say.level_word(row["level"]),
        "confirmation": say.confirmation_word(row["confirmation"]),
        "settled": settled,
        "origin": _origin(row),
        "draft": bool(row["is_draft"]),
        "seen": say.beijing(row["observed_to"]),
        "tags": [tag(found) for found in row["tags"]],
        "also": [licence_name(found.licence) for found in row["tags"][1:]],
    }


def _part(row: Row) -> str:
    """Which attachment of its document a change is in; empty where it is in the document itself."""
    if row["role"] != PageRole.ATTACHMENT:
        return ""
    name = (row["title"] or file_name(row["url"])).strip("《》")
    return _("附件《%(name)s》") % {"name": name}


def _origin(row: Row) -> str:
    said = {Origin.IMPORT: _("由导入的历史比对得出"), Origin.REPLAY: _("回放数据")}
    return said.get(row["origin"], "")


def passage(compared: PassageChange, number: int, *, cut: bool) -> Shown:
    """One changed passage with its words marked; ``cut`` leaves only what stands around the marks."""
    shift = compared.op in SHIFTS
    name = point_name_en if language() == ENGLISH else point_name
    return {
        "id": f"p{number}",
        "op": say.op_word(compared.op, compared.anchor_before, compared.anchor),
        "shift": shift,
        "significance": "" if shift else say.significance_word(compared.significance),
        "substantive": compared.significance == Significance.SUBSTANTIVE,
        "cited": cited(compared.anchor),
        "cited_before": cited(compared.anchor_before),
        "before": marked(
            compared.before,
            [(span.before_start, span.before_end) for span in compared.spans],
            whole=compared.op is Op.REMOVED,
            cut=cut,
        ),
        "after": marked(
            compared.after,
            [(span.after_start, span.after_end) for span in compared.spans],
            whole=compared.op is Op.ADDED,
            cut=cut,
        ),
        "deltas": [
            f"{name(delta, compared.before, compared.after, compared.anchor)}　{from_to(delta.before, delta.after)}{turned(delta)}"
            for delta in compared.deltas
        ],
    }


def cited(anchor: str) -> str:
    """A passage as a sentence names it: without the pause behind a printed number (四, not 四、)."""
    return label(anchor).removesuffix("、")


def marked(text: str, spans: list[tuple[int, int]], *, whole: bool, cut: bool) -> tuple[say.Piece, ...]:
    """One side of a changed passage; all of it is marked when it came or went ``whole``."""
    chosen = [(0, len(text))] if whole else spans
    return say.excerpt(text, chosen, AROUND) if cut else say.pieces(text, chosen)


def document_facts(row: Row) -> list[str]:
    """The one-line description of a document under its title in lists."""
    made = f"{_('成文日期')} {row['made']}" if row["made"] else ""
    return [
        part
        for part in (
            "、".join(row["issuers"]),
            row["doc_number"],
            _("%(day)s 发布") % {"day": row["published"]} if row["published"] else made,
            _("%(day)s 起施行") % {"day": row["effective"]} if row["effective"] else "",
            _("来源：%(title)s") % {"title": row["source_title"]},
        )
        if part
    ]


def document(row: Row, today: date) -> Shown:
    named = {**row, "in_force_from": row["effective"]}
    days = [
        (_("成文日期"), "made"),
        (_("发布日期"), "published"),
        (_("施行日期"), "effective"),
        (_("意见反馈截止"), "comments_until"),
        (_("过渡期至"), "transition_until"),
        (_("有效期至"), "expires"),
    ]
    withdrawn = bool(row["withdrawn"])
    url = "" if withdrawn else say.safe_url(row["url"])  # nobody is led to an address that answers no more
    facts = [
        {"name": _("发布机关"), "text": "、".join(row["issuers"])},
        {"name": _("文号"), "text": row["doc_number"]},
        *({"name": name, "text": row[key]} for name, key in days),
        {"name": _("来源"), "text": row["source_title"]},
        {
            "name": _("官方原文（已撤下）") if withdrawn else _("官方原文"),
            "text": row["url"],
            "url": url,
        },
        {"name": _("首次收录"), "text": say.beijing(row["first_seen"])},
    ]
    return {
        "id": row["document_id"],
        "title": row["title"] or _("（无题名）"),
        "draft": bool(row["is_draft"]),
        "withdrawn": withdrawn,
        "status": status(named, today),
        "level": say.level_word(row["level"]),
        "url": url,
        "facts": [fact for fact in facts if fact["text"]],
    }
