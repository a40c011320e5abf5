"""Rounds and captures of a source -> the streak it is in, when it is next due, and its last days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from datasette_config.language import gettext as _
from datasette_config.saying import format as say
from datasette_config.saying.charts import Counts
from datasette_config.saying.present import Row
from kb.store.queries import IncidentRow

DAYS = 60
MOST_RUNS = 90
AGAIN = timedelta(hours=6)  # a source that fails is tried again sooner


@dataclass(frozen=True, slots=True)
class Streak:
    """How many rounds up to now were alike: without any fault, or with pages that could not be viewed. ``since`` is the
    beginning of the first of them that is known."""

    good: bool
    rounds: int
    since: str

    @property
    def said(self) -> str:
        known = {"count": self.rounds, "since": say.beijing(self.since)}
        if self.good:
            return _("连续 %(count)s 次巡查没有监测异常，自 %(since)s 起") % known
        return _("连续 %(count)s 次巡查有页面未能查看，自 %(since)s 起") % known


def streak(runs: list[Row], incidents: Iterable[IncidentRow]) -> Streak | None:
    """``runs`` newest first."""
    if not runs:
        return None
    troubles = [(each.opened_at, each.closed_at) for each in incidents]
    good = not _troubled(runs[0], troubles)
    alike = 0
    for run in runs:
        if good is _troubled(run, troubles):
            break
        alike += 1
    return Streak(good, alike, runs[alike - 1]["started_at"])


def _troubled(run: Row, troubles: Iterable[tuple[str, str | None]]) -> bool:
    ended = run["finished_at"] or run["started_at"]
    if run["status"] != "ok" or run["counts"].get("failed"):
        return True
    return any(
        opened <= ended and (closed is None or closed > run["started_at"]) for opened, closed in troubles
    )


def next_round(runs: list[Row], period_hours: int, *, failing: bool) -> datetime | None:
    """When the period after the newest round is over, sooner for a source that fails; the operator sets the hour."""
    last = say.as_instant(runs[0]["started_at"]) if runs else None
    if last is None:
        return None
    period = timedelta(hours=period_hours)
    return last + (min(period, AGAIN) if failing else period)


def days(captures: Iterable[Row], rounds: Mapping[str, Row], today: date) -> list[dict[str, Any]]:
    """The last ``DAYS`` days, the oldest first, those without anything too."""
    kept = {row["day"]: row for row in captures}
    shown = []
    for back in range(DAYS - 1, -1, -1):
        day = str(today - timedelta(days=back))
        capture, run = kept.get(day), rounds.get(day)
        shown.append(
            {
                "day": day,
                "rounds": run["runs"] if run else 0,
                "asked": run["asked"] if run else 0,
                "good": capture["good"] if capture else 0,
                "bad": capture["bad"] if capture else 0,
            }
        )
    return shown


def as_counts(shown: list[dict[str, Any]], title: str) -> Counts:
    good, bad = (tuple(day[name] for day in shown) for name in ("good", "bad"))
    looked = sum(day["rounds"] > 0 for day in shown)
    return Counts(
        first=date.fromisoformat(shown[0]["day"]),
        series=((_("正常留存"), good), (_("异常留存"), bad)),
        title=_("%(title)s：近 %(days)s 天每天的留存") % {"title": title, "days": len(shown)},
        summary=_("%(looked)s 天有巡查；正常留存 %(good)s 次，异常留存 %(bad)s 次。")
        % {"looked": looked, "good": sum(good), "bad": sum(bad)},
    )
