"""``/``: what changed lately, what was looked at, what dates come, what is covered."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from datasette_config import format as say
from datasette_config import knowledge, present
from datasette_config.coverage import by_licence, watch
from datasette_config.errors import nothing_kept
from datasette_config.site import BaseNotReady, Connection, ask, now, page
from kb.codes import ChangeKind, Origin
from kb.config import BEIJING
from kb.model import instant

DAYS = 30
DRAFTS = {ChangeKind.DRAFT_PUBLISHED, ChangeKind.DRAFT_REOPENED}


async def home(datasette: Datasette, request: Request) -> Response:
    try:
        newest = await ask(datasette, knowledge.newest_look)
    except BaseNotReady:
        newest = None
    moment = now(datasette, newest)
    line: dict[str, Any] = {"date_line": say.dated(moment.date()), "days": DAYS}
    if newest is None:
        return await page(datasette, request, "home.html", notice=nothing_kept(), **line)
    context = await ask(datasette, lambda connection: _read(connection, moment))
    return await page(datasette, request, "home.html", **context, **line)


def _read(connection: Connection, moment: datetime) -> dict[str, Any]:
    day = moment.date()
    since = datetime.combine(day - timedelta(days=DAYS), time.min, BEIJING)
    found = knowledge.with_standing(connection, knowledge.changes_since(connection, instant(since)), day)
    watched = watch(connection, moment)
    covered = by_licence(connection, moment)
    shown = [present.change(row, day) for row in found]
    today = [
        row
        for row in found
        if row["origin"] == Origin.LIVE and say.beijing(row["observed_to"])[:10] == str(day)
    ]
    kept = knowledge.anything_kept(connection)
    return {
        "notice": "" if found else watched.baseline_notice or ("" if kept else nothing_kept()),
        "counts": counted(today) or watched.nothing_found,
        "nothing_found": watched.nothing_found,
        "watch": {"said": watched.said, "unseen": watched.unseen},
        "groups": present.groups(shown),
        "dates": [
            {**row, "document": row["document_id"], "left": say.days_left(row["day"], day)}
            for row in knowledge.dates_after(connection, str(day))
        ],
        "coverage": [item for item in covered if item["sources"]],
        "blind": sum(not item["sources"] for item in covered),
    }


def counted(rows: list[dict[str, Any]]) -> str:
    """``2 处实质性变动 · 1 份征求意见稿``; empty for none. Each change is counted once."""
    counts = Counter("份征求意见稿" if row["kind"] in DRAFTS else f"处{present.nature(row)}" for row in rows)
    return " · ".join(f"{number} {said}" for said, number in counts.items())
