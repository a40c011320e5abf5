"""``/``: what changed since yesterday and this week, how complete the watch was, what days come, what is covered.

A reader names licence types with ``?my=``; the address is the only place where that is kept.
"""

from __future__ import annotations

from asyncio import gather
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import coverage, knowledge, year
from datasette_config.choosing import filters
from datasette_config.choosing.filters import Filter
from datasette_config.dates import days_between
from datasette_config.errors import nothing_kept
from datasette_config.language import gettext as _
from datasette_config.saying import charts, present, today
from datasette_config.saying import format as say
from datasette_config.saying.families import family_names
from datasette_config.site import BaseNotReady, Connection, ask, link, now, page
from kb.calendar import Event
from kb.licences import licences
from kb.store.queries import reached_by

GROUPS, PER_GROUP = 8, 4
AT_A_GLANCE, DATES = 3, 8
FAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Mine:
    """The licence types of a reader, as the address names them; ``unknown``: what it names and nobody knows."""

    licences: tuple[str, ...]
    unknown: tuple[str, ...]


def mine(request: Request) -> Mine:
    named = tuple(dict.fromkeys(filters.values(request.args, "my")))
    known = licences()
    return Mine(
        tuple(name for name in named if name in known), tuple(name for name in named if name not in known)
    )


async def home(datasette: Datasette, request: Request) -> Response:
    try:
        newest = await ask(datasette, knowledge.newest_look)
    except BaseNotReady:
        newest = None
    moment = now(datasette, newest)
    chosen = mine(request)
    line: dict[str, Any] = {
        "date_line": say.dated(moment.date()),
        "days": today.DAYS,
        "chosen": chosen,
        "choices": _choices(chosen),
        "every": filters.query(Filter(licence=chosen.licences)),
    }
    if newest is None:
        return await page(datasette, request, "home.html", notice=nothing_kept(), **line)
    context, picture = await gather(
        ask(datasette, lambda connection: _read(connection, moment, chosen)),
        _picture(datasette, moment.date()),
    )
    return await page(datasette, request, "home.html", picture=picture, **context, **line)


async def _picture(datasette: Datasette, day: date) -> dict[str, Any] | None:
    """The year in words and numbers, and where its pictures are; none where nothing was seen in it."""
    found = await year.year_of(datasette, day)
    if not found:
        return None
    return {
        "said": year.essence(found),
        "unseen": year.unseen(found),
        "sizes": {
            size: charts.size(year.as_counts(found), charts.look(narrow=size == "narrow"))
            for size in ("wide", "narrow")
        },
        "table": year.table(found),
        "address": {
            (theme, size): link(datasette, f"/chart/changes.svg?theme={theme}&size={size}")
            for theme in ("light", "dark")
            for size in ("wide", "narrow")
        },
    }


def _read(connection: Connection, moment: datetime, chosen: Mine) -> dict[str, Any]:
    day = moment.date()
    found = knowledge.lately(connection, day - timedelta(days=today.DAYS - 1))
    look = coverage.look(connection, moment)
    watched = look.watch()
    quiet = {licence: coverage.unchanged(look.of(licence)) for licence in chosen.licences}
    nothing = _nothing(tuple(quiet.values())) if quiet else watched.nothing_found
    kept = knowledge.anything_kept(connection)
    first, others = today.split(today.groups(found, chosen.licences), chosen.licences)
    return {
        "notice": "" if found else watched.baseline_notice or ("" if kept else nothing_kept()),
        "watch": {"said": watched.said, "unseen": watched.unseen},
        "nothing_found": nothing,
        **_counts(connection, [row for group in first for row in group.rows], day, nothing, chosen),
        **_groups(connection, first, day),
        "quiet": [
            {"licence": licence, "name": present.licence_name(licence), "said": said}
            for licence, said in quiet.items()
            if licence not in {group.licence for group in first}
        ],
        "others": [{**_named(group), "said": today.counted(group.rows)} for group in others],
        **_dates(_coming(connection, day, chosen), day),
        **_covered(look, chosen),
    }


def _nothing(said: tuple[str, ...]) -> str:
    """What may be said of several licence types together without a change: no more than of each of them."""
    if len({*said}) == 1:
        return said[0]
    return _unsaid()[0] if {*said} <= {*_unsaid()} else _("在看得到的来源上未见变动")


def _unsaid() -> tuple[str, str]:
    """What stands where nobody can say whether anything changed."""
    return _("未能查看，不能说有没有变动"), _("没有可自动查看的来源，不能说有没有变动")


def _counts(
    connection: Connection, found: list[today.Row], day: date, nothing: str, chosen: Mine
) -> dict[str, Any]:
    """The changes of today, of yesterday and of the week; of days without any look nobody says that nothing changed."""
    yesterday, first = day - timedelta(days=1), day - timedelta(days=today.DAYS - 1)

    def said(since: date, until: date) -> str:
        if counted := today.counted(today.seen_on(found, since, until)):
            return counted
        looked = nothing in _unsaid() or knowledge.looked_between(connection, since, until)
        return nothing if looked else _unsaid()[0]

    return {
        "counts": said(day, day),
        "spans": [
            {
                "name": name,
                "said": said(since, until),
                "query": filters.query(Filter(licence=chosen.licences, since=since, until=until)),
            }
            for name, since, until in ((_("昨天"), yesterday, yesterday), (_("近 7 天"), first, day))
        ],
    }


def _groups(connection: Connection, found: Sequence[today.Group], day: date) -> dict[str, Any]:
    """The groups that are shown with their first changes, and those of which only the number is said."""
    shown = found[:GROUPS]
    wanted = [row["change_id"] for group in shown for row in group.rows[:PER_GROUP]]
    known = knowledge.changes_by_id(connection, wanted)
    knowledge.with_standing(connection, list(known.values()), day)
    return {
        "groups": [
            {
                **_named(group),
                "changes": [
                    {**present.change(known[row["change_id"]], day), "when": today.when(row, day)}
                    for row in group.rows[:PER_GROUP]
                ],
                "rest": len(group.rows[PER_GROUP:]),
            }
            for group in shown
        ],
        "more": [{**_named(group), "said": today.counted(group.rows)} for group in found[GROUPS:]],
        "since": day - timedelta(days=today.DAYS - 1),
    }


def _named(group: today.Group) -> dict[str, str]:
    name = present.licence_name(group.licence) if group.licence else _("未标注事项")
    return {"licence": group.licence, "name": name}


def _coming(connection: Connection, day: date, chosen: Mine) -> tuple[Event, ...]:
    """The nearest days; no more documents are asked than name them."""
    reach = {tag for licence in chosen.licences for tag in reached_by(licence)}
    until = knowledge.nearest_day(connection, day, DATES, reach) or day + FAR
    return days_between(connection, day, until, chosen.licences)[:DATES]


def _dates(events: tuple[Event, ...], day: date) -> dict[str, Any]:
    """The days to come, and the nearest ones in a line: days on which the same happens are one."""
    near = Counter((event.day, event.kind) for event in events)
    return {
        "dates": [
            {
                "day": str(event.day),
                "left": say.days_left(event.day, day),
                "what": say.date_word(event.kind),
                "title": event.about,
                "document": event.source if event.publications else "",
                "note": event.note if event.publications else "",
            }
            for event in events
        ],
        "near": [
            {
                "day": f"{on:%m-%d}",
                "what": say.date_word(kind),
                "left": say.days_left(on, day),
                "number": number if number > 1 else 0,
            }
            for (on, kind), number in list(near.items())[:AT_A_GLANCE]
        ],
    }


def _covered(look: coverage.Look, chosen: Mine) -> dict[str, Any]:
    """What is seen of the reader's licence types; of all that have a source where none is named."""
    every = look.by_licence()
    return {
        "coverage": [
            item
            for item in every
            if (item["licence"] in chosen.licences if chosen.licences else item["sources"])
        ],
        "blind": sum(not item["sources"] for item in every),
    }


def _choices(chosen: Mine) -> list[dict[str, Any]]:
    return [
        {
            "family": name,
            "licences": [
                {"id": each.id, "name": present.licence_name(each.id), "chosen": each.id in chosen.licences}
                for each in licences().values()
                if each.group is group
            ],
        }
        for group, name in family_names().items()
    ]
