"""``/document/<id>?as-of=DATE``: what the site showed on a day, and what was in force by its dates: two answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from datasette_config import knowledge
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying import present
from datasette_config.saying.anchors import contents, laid_out
from datasette_config.site import Connection
from kb.codes import DocumentStatus, HeldFor
from kb.sources import Publish
from kb.store import queries
from kb.store.asof import Seen, sentence

Shown = dict[str, Any]

LONGEST_SHOWN = 20
NOT_APPLYING = frozenset(
    {
        DocumentStatus.DRAFT_OPEN,
        DocumentStatus.DRAFT_CLOSED,
        DocumentStatus.NOT_YET_IN_FORCE,
        DocumentStatus.REPEALED,
        DocumentStatus.EXPIRED,
        DocumentStatus.SUPERSEDED,
    }
)
"""A rule that stands so has no text in force; of any other nobody wrote from when it has."""
YEARS = range(1900, 3000)


def day_of(asked: str | None) -> date | None:
    """The day that somebody wrote; ``None`` for what is no day of these centuries."""
    try:
        day = date.fromisoformat((asked or "").strip())
    except ValueError:
        return None
    return day if day.year in YEARS else None


def not_a_day(asked: str) -> str:
    """What to answer to words that are no date."""
    return _("“%(asked)s”不是日期，请写成 2026-11-24 的样子。下面是现在的文字。") % {
        "asked": say.shorten(asked, LONGEST_SHOWN)
    }


def read(connection: Connection, row: dict[str, Any], day: date, now: datetime, *, cut: bool) -> Shown:
    """The two answers, each with its text unless the other one has it; ``cut``: without texts of which excerpts alone may
    be shown. A text of another day may be that of a copy, whose source decides for it."""
    found = queries.as_of(connection, row["document_id"], day, clock=now)
    before, ahead = found.site.seen is Seen.BEFORE, found.site.seen is Seen.AHEAD
    stood, force = _stood(found), _force(found)
    full = not cut or all(
        _may_be_shown(connection, version) for version in (stood["text"], force["text"], row["version_id"])
    )
    shown = _parts(connection, stood["text"]) if full else []
    other = stood["text"] != force["text"] or not stood["text"]
    return {
        "document": {**present.document(row, now.date()), "title": found.title or row["title"]},
        "day": str(day),
        "stands": "" if before else say.status_word(found.status),
        "reckoned": ahead,
        "before": before,
        "stood": stood,
        "force": force,
        "held": [
            {"change": each["change_id"], "why": say.word(each["held_for"], HeldFor)}
            for each in knowledge.held_of_day(connection, row["document_id"], day)
            if each["version_id"] != stood["text"]
        ],
        "full": full,
        "parts": shown,
        "headings": contents(shown),
        "force_parts": _parts(connection, force["text"]) if full and force["text"] and other else [],
    }


def _may_be_shown(connection: Connection, version: str) -> bool:
    row = knowledge.version_belongs(connection, version)
    return row is None or row["publish"] == Publish.FULL


def _parts(connection: Connection, version: str) -> list[Shown]:
    return laid_out(*knowledge.text(connection, version)) if version else []


def _stood(found: queries.AsOf) -> Shown:
    """``text``: the version to show, empty where nobody can say which it was; ``either``: the two it may have been."""
    site = found.site
    told = site.text is not None and not site.either and site.seen is not Seen.AHEAD
    either = [
        {"day": str(day), "version": text.version}
        for day, text in ((site.since, site.text), (site.until, site.after))
        if site.either and text is not None
    ]
    return {
        "said": sentence(site, found.day, found.held_since),
        "text": site.text.version if told and site.text else "",
        "first_seen": say.beijing(site.text.first_seen) if told and site.text else "",
        "either": either,
    }


def _force(found: queries.AsOf) -> Shown:
    force = found.force
    if force is None:
        return {"text": "", "said": _none(found), "see": _see(found)}
    said = _("自 %(day)s 起施行。") % {"day": force.since}
    if force.inferred:
        said = _("自 %(day)s 起适用：没有文字写明日期，这是首次看到的日子。") % {"day": force.since}
    return {"text": force.text.version, "said": said, "see": []}


def _none(found: queries.AsOf) -> str:
    if found.site.seen is Seen.BEFORE:
        return _("本库没有当日的文字，不能推算。")
    if found.undatable:
        return _(
            "不能推算：%(until)s 所见的文字没有写明自何日起施行，程序不知道它在哪一天代替了 %(since)s 所见的文字。"
        ) % {"until": found.site.until, "since": found.site.since}
    if found.status is DocumentStatus.PLATFORM_CURRENT:
        return _("平台页面不写施行日期，以当日网站上所见为准。")
    if found.status not in NOT_APPLYING:
        return _("不能推算：没有文字写明自何日起施行。")
    return _("没有：%(status)s。") % {"status": say.status_word(found.status)}


def _see(found: queries.AsOf) -> list[Shown]:
    """The rule that ended this one by then, and those that applied while it did not yet."""
    if found.site.seen is Seen.BEFORE or found.undatable:
        return []
    ending = [(_("由它终止"), found.ended_by)] if found.ended_by else []
    return [
        {"why": why, "title": row.title, "document": row.other or "", "since": row.effective or ""}
        for why, row in (*ending, *((_("此前适用的文件"), each) for each in found.instead))
    ]
