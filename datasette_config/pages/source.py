"""``/source/<id>``: one source: how it stands, its rounds, what is wrong and what a person can do; ``looks.svg`` its days."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from datasette_config import knowledge
from datasette_config.choosing.filters import Filter
from datasette_config.coverage import look
from datasette_config.knowledge import Row
from datasette_config.saying import charts, present, rounds
from datasette_config.saying import format as say
from datasette_config.saying.charts import Counts, Look
from datasette_config.saying.outages import outages
from datasette_config.site import Connection, ask, now, page
from kb.codes import Coverage, IncidentState, PageRole, SourceLevel, SourceState
from kb.config import BEIJING
from kb.coverage import NOT_DUE
from kb.model import instant
from kb.sources import Evidence, Publish
from kb.store import queries

CHANGES = 10
OUTAGES = 30
FAILING = frozenset({SourceState.NOT_WATCHED, SourceState.PARTLY_WATCHED})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which source, at which moment."""

    row: Row
    moment: datetime

    @property
    def since(self) -> str:
        first = self.moment.date() - timedelta(days=rounds.DAYS - 1)
        return instant(datetime.combine(first, time.min, BEIJING))


async def source(datasette: Datasette, request: Request) -> Response:
    def read(connection: Connection) -> dict[str, Any]:
        asked = _asked(datasette, request, connection)
        return {
            **_state(connection, asked),
            "days": _days(connection, asked),
            "pages": [
                {**row, "role": say.word(row["role"], PageRole)}
                for row in knowledge.pages_by_role(connection, asked.row["id"])
            ],
            "changes": _changes(connection, asked),
        }

    context = await ask(datasette, read)
    counts = rounds.as_counts(context["days"], context["source"]["title"])
    return await page(datasette, request, "source.html", summary=counts.summary, **context)


async def looks(datasette: Datasette, request: Request) -> Response:
    """The captures of the last days as a picture."""

    def read(connection: Connection) -> Counts:
        asked = _asked(datasette, request, connection)
        return rounds.as_counts(_days(connection, asked), asked.row["title"])

    counts = await ask(datasette, read)
    seen = charts.look(dark=request.args.get("theme") == "dark", narrow=request.args.get("size") == "narrow")
    drawn = await asyncio.to_thread(_drawn, counts, seen)
    return Response(drawn.decode(), content_type="image/svg+xml; charset=utf-8")


@lru_cache(maxsize=64)
def _drawn(counts: Counts, seen: Look) -> bytes:
    return charts.daily(counts, seen)


def _asked(datasette: Datasette, request: Request, connection: Connection) -> Asked:
    """Raises ``NotFound`` for a source that nobody declares."""
    row = knowledge.source(connection, request.url_vars["id"])
    if row is None:
        raise NotFound(request.path)
    return Asked(row, now(datasette, knowledge.newest_look(connection)))


def _state(connection: Connection, asked: Asked) -> dict[str, Any]:
    row = asked.row
    (standing,) = (
        each for each in look(connection, asked.moment).sources if each.watched.id == row["source_id"]
    )
    faults = queries.incidents(connection, source=row["source_id"])
    unsettled = [each for each in faults if each.state is not IncidentState.CLOSED]
    runs = knowledge.runs_of(connection, row["id"], rounds.MOST_RUNS)
    failing = standing.state in FAILING
    due = standing.state not in NOT_DUE
    streak = rounds.streak(runs, faults) if due else None
    coming = rounds.next_round(runs, row["period_hours"], failing=failing) if due else None
    return {
        "source": {**_declared(row), "state": say.state_word(standing.state), "failing": failing, "due": due},
        "last_good": say.beijing(standing.watched.last_good),
        "last_run": say.beijing(runs[0]["started_at"]) if runs else "",
        "streak": streak.said if streak else "",
        "next": say.beijing(coming),
        "overdue": bool(coming and coming < asked.moment),
        "unsettled": outages(unsettled, {}, OUTAGES),
        "settled": outages([each for each in faults if each not in unsettled], {}, OUTAGES),
    }


def _declared(row: Row) -> dict[str, Any]:
    known = json.loads(row["evidence"])
    return {
        "id": row["source_id"],
        "title": row["title"],
        "authority": row["authority"],
        "url": say.safe_url(row["homepage"]),
        "level": say.word(row["level"], SourceLevel),
        "coverage": say.word(row["coverage"], Coverage),
        "publish": say.word(row["publish"], Publish),
        "province": row["province"],
        "period": row["period_hours"],
        "hosts": row["hosts"],
        "evidence": [
            {"said": say.word(mark, Evidence), "count": known[mark]} for mark in Evidence if mark in known
        ],
        "notes": row["notes"],
        "licences": [{"id": each, "name": present.licence_name(each)} for each in row["licences"]],
    }


def _days(connection: Connection, asked: Asked) -> list[dict[str, Any]]:
    captures = knowledge.captures_per_day(connection, asked.row["id"], asked.since)
    looked = knowledge.runs_per_day(connection, asked.row["id"], asked.since)
    return rounds.days(captures, looked, asked.moment.date())


def _changes(connection: Connection, asked: Asked) -> list[dict[str, Any]]:
    day = asked.moment.date()
    found = knowledge.changes_listed(connection, Filter(source=(asked.row["source_id"],)), day, CHANGES)
    return [present.change(row, day) for row in found.rows]
