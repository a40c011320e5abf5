"""``/calendar``: the days to come by month: what takes effect, closes for comment, ends a transition, falls due every year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import knowledge
from datasette_config.choosing import filterform, filters
from datasette_config.choosing.filters import Filter
from datasette_config.dates import days_between
from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying import present
from datasette_config.site import Connection, ask, link, now, page
from kb.calendar import Event, duties
from kb.codes import DateKind
from kb.regions import NATIONAL
from kb.store.queries import reached_by

SHOWN = 50  # days of documents on one page; those of the last day are all shown
AHEAD = timedelta(days=366)
BACK = timedelta(days=92)
KINDS = (DateKind.EFFECTIVE, DateKind.COMMENTS, DateKind.TRANSITION, DateKind.DUTY)


@dataclass(frozen=True, slots=True)
class Asked:
    """Days from ``since`` on, of these licence types and kinds; of all where none is named. ``unread``: what was no day."""

    chosen: Filter
    kind: str
    since: date
    today: date
    unread: str = ""

    def query(self, **other: str) -> str:
        kept = {"licence": ",".join(self.chosen.licence), "kind": self.kind}
        return urlencode({key: value for key, value in {**kept, **other}.items() if value}, safe=",")


def asked_of(request: Request, today: date) -> Asked:
    given = request.args.get("from") or ""
    kind = request.args.get("kind") or ""
    since = say.as_day(given) if len(given) in {0, 10} else None
    return Asked(
        chosen=Filter(licence=filters.parse(request.args).licence),
        kind=kind if kind in KINDS else "",
        since=min(max(since, date.min + BACK), date.max - AHEAD) if since else today,
        today=today,
        unread=given if given and since is None else "",
    )


async def calendar(datasette: Datasette, request: Request) -> Response:
    def read(connection: Connection) -> dict[str, Any]:
        today = now(datasette, knowledge.newest_look(connection)).date()
        asked = asked_of(request, today)
        until, more = _until(connection, asked)
        events = days_between(connection, asked.since, until, asked.chosen.licence)
        wanted = [event for event in events if event.kind in (asked.kind or event.kind)]
        return {
            "wanted": asked,
            "months": _months(wanted, today),
            "until": until,
            "later": asked.query(**{"from": str(until + timedelta(days=1))}) if more else "",
            "fields": filterform.fields(asked.chosen, knowledge.choices(connection), ("licence",)),
        }

    context = await ask(datasette, read)
    asked = context["wanted"]
    earlier = asked.query(**{"from": str(asked.since - BACK)})
    return await page(
        datasette,
        request,
        "calendar.html",
        kinds=[(str(kind), say.word(kind, DateKind)) for kind in KINDS],
        undated=_undated(asked),
        earlier=link(datasette, f"/calendar?{earlier}"),
        ics=f"/calendar.ics?{asked.query()}".rstrip("?"),
        not_a_day=_("不是日期，已从今天列起：%(given)s") % {"given": say.shorten(asked.unread, 40)}
        if asked.unread
        else "",
        **context,
    )


def _until(connection: Connection, asked: Asked) -> tuple[date, bool]:
    """The day up to which one page lists, and whether documents name later ones."""
    if asked.kind == DateKind.DUTY:
        return asked.since + AHEAD, False
    reach = {tag for licence in asked.chosen.licence for tag in reached_by(licence)}
    last = knowledge.nearest_day(connection, asked.since, SHOWN, reach)
    return (last, True) if last else (max(asked.since, asked.today) + AHEAD, False)


def _months(events: Iterable[Event], today: date) -> list[dict[str, Any]]:
    return [
        {"name": month, "events": [_shown(event, today) for event in found]}
        for month, found in groupby(events, key=lambda event: f"{event.day:%Y-%m}")
    ]


def _shown(event: Event, today: date) -> dict[str, Any]:
    yearly = event.kind is DateKind.DUTY
    return {
        "day": event.day.isoformat(),
        "dated": say.dated(event.day),
        "left": say.days_left(event.day, today),
        "past": event.day < today,
        "near": 0 <= event.days_left(today) <= 7,
        "kind": say.word(event.kind, DateKind),
        "title": event.about,
        "path": f"/licence/{event.licences[0]}" if yearly else f"/document/{event.source}",
        "url": say.safe_url(event.url),
        "note": event.note,
        "region": event.province if event.province != NATIONAL else "",
        "licences": [{"id": each, "name": present.licence_name(each)} for each in event.licences],
    }


def _undated(asked: Asked) -> list[dict[str, str]]:
    """Yearly duties for which no rule names a day."""
    if asked.kind not in {"", DateKind.DUTY}:
        return []
    reach = {tag for licence in asked.chosen.licence for tag in reached_by(licence)}
    return [
        {
            "title": duty.words,
            "licence": duty.licence,
            "name": present.licence_name(duty.licence),
            "applies": duty.applies,
            "rule": duty.rule,
            "basis": duty.basis,
        }
        for duty in duties()
        if not duty.ends and (not reach or duty.licence in reach)
    ]
