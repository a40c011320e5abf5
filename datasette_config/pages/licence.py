"""``/licences``: every licence or filing type; ``/licence/<id>``: one of them, what changed this month, its rules, its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import knowledge
from datasette_config.choosing import filterform, filters, paging
from datasette_config.choosing.filters import Filter
from datasette_config.choosing.selecting import begins
from datasette_config.coverage import Look, covered, look, sighted, unchanged
from datasette_config.dates import days_between
from datasette_config.knowledge.governing import MOST_LOOKED
from datasette_config.pages.document import in_list
from datasette_config.saying import format as say
from datasette_config.saying import present, vocabulary
from datasette_config.saying.families import family_names
from datasette_config.site import Connection, ask, link, now, page
from kb.codes import Confirmation, DocumentStatus
from kb.config import BEIJING
from kb.licences import Licence, licences, region_words
from kb.model import instant
from kb.places import place_named
from kb.store import queries
from kb.store.queries.licences import publishes_results

LATELY = 30  # days
CHANGES = 10
DOCUMENTS = 20
DAYS = 8
AHEAD = timedelta(days=366)
WAITING = (Confirmation.PROVISIONAL, Confirmation.HELD)
FIELDS = ("status", "region")


async def every_licence(datasette: Datasette, request: Request) -> Response:
    def read(connection: Connection) -> dict[str, Any]:
        moment = now(datasette, knowledge.newest_look(connection))
        begin = datetime.combine(moment.date() - timedelta(days=LATELY), time.min, BEIJING)
        changed = knowledge.changed_lately(connection, instant(begin))
        return {"groups": _groups(look(connection, moment), changed), "days": LATELY, "since": begin.date()}

    return await page(
        datasette, request, "licences.html", total=len(licences()), **await ask(datasette, read)
    )


def _groups(seen: Look, changed: dict[str, set[str]]) -> list[dict[str, Any]]:
    shown = {each["licence"]: each for each in seen.by_licence()}
    return [
        {
            "name": name,
            "licences": [
                {
                    **shown[one.id],
                    "full": one.zh,
                    "english": one.en,
                    "who": one.who,
                    "changes": len(
                        set[str]().union(*(changed.get(tag, ()) for tag in queries.reached_by(one.id)))
                    ),
                }
                for one in licences().values()
                if one.group is group
            ],
        }
        for group, name in family_names().items()
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which licence type, at which moment, and which of its documents."""

    licence: Licence
    moment: datetime
    chosen: Filter
    page: int

    @property
    def day(self) -> date:
        return self.moment.date()


async def licence(datasette: Datasette, request: Request) -> Response:
    found = licences().get(request.url_vars["id"])
    if found is None:
        raise NotFound(request.path)
    given = filters.parse(request.args)
    chosen = Filter(
        licence=(found.id,), status=given.status, region=given.region, draft=given.draft, words=given.words
    )

    def address(query: str) -> str:
        return link(datasette, f"/licence/{found.id}?{query}#documents")

    def read(connection: Connection) -> dict[str, Any]:
        moment = now(datasette, knowledge.newest_look(connection))
        asked = Asked(found, moment, chosen, paging.page_number(request))
        known = knowledge.choices(connection)
        own = filters.without(chosen, "licence", found.id)
        return {
            "parts": vocabulary.parts(queries.standing_basis(connection, found.id, asked.day)),
            **_coverage(look(connection, moment), found.id),
            **_coming(connection, asked),
            **_changes(connection, asked),
            **_documents(connection, asked),
            "fields": filterform.fields(chosen, known, FIELDS),
            "chips": filterform.chips(own, known, address),
        }

    context = await ask(datasette, read)
    return await page(
        datasette,
        request,
        "licence.html",
        licence=vocabulary.of(found),
        group=family_names()[found.group],
        chosen=chosen,
        notes=filterform.notes(given),
        all=link(datasette, f"/licence/{found.id}#documents"),
        page=paging.page_number(request),
        address=lambda number: address(
            filters.query(filters.without(chosen, "licence", found.id), page=str(number))
        ),
        **context,
    )


def _coverage(seen: Look, licence: str) -> dict[str, Any]:
    found = seen.of(licence)
    return {
        "coverage": {
            **covered(found),
            "sources": [
                {
                    "id": sight.source.id,
                    "title": sight.source.title,
                    "said": sighted(sight),
                    "common": sight.common,
                    "region": region_words(sight.source.province),
                    "last_good": say.beijing(sight.source.last_good),
                }
                for sight in found.sights
            ],
        },
        "nothing_found": unchanged(found),
    }


def _coming(connection: Connection, asked: Asked) -> dict[str, Any]:
    """The days that come next; those of documents as far as the nearest ``DAYS`` reach."""
    reach = queries.reached_by(asked.licence.id)
    until = knowledge.nearest_day(connection, asked.day, DAYS, reach) or asked.day + AHEAD
    events = days_between(connection, asked.day, until, (asked.licence.id,))
    shown = [
        {"day": str(event.day), "title": event.title, "left": say.days_left(event.day, asked.day)}
        for event in events[:DAYS]
    ]
    return {"coming": shown}


def _changes(connection: Connection, asked: Asked) -> dict[str, Any]:
    """``month``: the settled changes of this month; ``earlier``: those before it; ``waiting`` for a second look or for a
    person. Of each the newest, with the number of all."""
    first = asked.day.replace(day=1)
    every = knowledge.places(connection, Filter(licence=(asked.licence.id,)), asked.day)
    waiting = [each for each in every if each.confirmation in WAITING]
    settled = [each for each in every if each.confirmation not in WAITING]
    since = begins(first)
    month = [each for each in settled if each.observed_to >= since]
    earlier = settled[len(month) :]
    shown = _shown(connection, asked, [*month[:CHANGES], *earlier[:CHANGES], *waiting[:CHANGES]])

    def rows(places: list[knowledge.Observed]) -> list[dict[str, Any]]:
        return [shown[each.change] for each in places[:CHANGES]]

    return {
        "month": {
            "name": f"{first:%Y-%m}",
            "since": str(first),
            "changes": rows(month),
            "total": len(month),
        },
        "earlier": rows(earlier),
        "settled": len(settled),
        "waiting": rows(waiting),
        "waiting_more": len(waiting) > CHANGES,
    }


def _shown(
    connection: Connection, asked: Asked, places: list[knowledge.Observed]
) -> dict[str, dict[str, Any]]:
    found = knowledge.changes_by_id(connection, [each.change for each in places])
    stood = knowledge.with_standing(connection, list(found.values()), asked.day)
    return {row["change_id"]: present.change(row, asked.day) for row in stood}


def _documents(connection: Connection, asked: Asked) -> dict[str, Any]:
    """``documents`` that rule and ``lists`` of what was filed, of one page of both; each with its region and status."""
    found = knowledge.governing(connection, asked.chosen, asked.day, DOCUMENTS, (asked.page - 1) * DOCUMENTS)
    shown: dict[str, list[dict[str, Any]]] = {"documents": [], "lists": []}
    unknown = False
    for row in found.rows:
        routine = publishes_results(row["title"])
        unknown |= not routine and row["standing"] == DocumentStatus.UNKNOWN
        listed = {
            **in_list(row),
            "region": region_words(place_named(row["province"], row["issuers"], row["title"])),
            "status": "" if routine else f"〔{say.status_word(row['standing'])}〕",
        }
        shown["lists" if routine else "documents"].append(listed)
    return {
        **shown,
        "total": found.total,
        "looked": MOST_LOOKED if found.cut else 0,
        "pages": paging.pages(found.total, DOCUMENTS),
        "document_marks": [vocabulary.unknown_means()] if unknown else [],
    }
