"""Who is reminded of which day: into the outbox, once a milestone, until it is done.

The day of a reminder begins when digests are sent, so that nobody's telephone rings at midnight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kb.calendar import Event, due_milestone
from kb.config import BEIJING
from kb.model import instant
from scheduler.alerts.match import concerned
from scheduler.alerts.message import Letterhead
from scheduler.alerts.outbox import Alert, alert_id, enqueue
from scheduler.alerts.reminder import event_json, reminder_message
from scheduler.dates import (
    BEHIND,
    concerns,
    events,
    held_licences,
    hold_back,
    moved_away,
    read_done,
    reminded_of,
    told_as,
)
from scheduler.observed import Observed
from scheduler.ops import Ops, Subscription

AHEAD = timedelta(
    days=400
)  # what is known long before is known as such when the machine sleeps over a milestone


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminders of one step. ``begins``: the time of day (Beijing) from which a day's reminders are sent."""

    ops: Ops
    observed: Observed
    head: Letterhead
    parent_of: Callable[[str], str | None]
    begins: time

    def remind(self) -> int:
        """Write what is due. Returns how many reminders were written."""
        subscriptions = self.ops.subscriptions()
        day = reminder_day(self.head.now, self.begins)
        near = events(
            self.observed.document_dates(day - BEHIND), self.ops, since=day - BEHIND, until=day + AHEAD
        )
        with self.ops.transaction():
            hold_back(self.ops, moved_away(self.ops, near), "日期已改，按新的日期提醒", now=self.head.now)
            known, done, held = self._known(near), read_done(self.ops), held_licences(self.ops)
            return sum(
                self._one(event, subscription, known[event.id], day)
                for subscription in subscriptions
                if subscription.immediate or subscription.digest == "none"
                for event in near
                if event.live
                and not done.has(event, subscription.id)
                and concerns(event, subscription, held.get(subscription.id, ()), self.parent_of)
            )

    def _known(self, near: tuple[Event, ...]) -> dict[str, date]:
        """Since when each event is known to be on its day, in Beijing days; what is new is known from now on."""
        with self.ops.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO dates_known (event, day, at) VALUES (?, ?, ?)",
                [(event.id, event.day.isoformat(), instant(self.head.now)) for event in near],
            )
        rows = self.ops.rows("SELECT event, day, at FROM dates_known")
        at = {(row["event"], row["day"]): _beijing(datetime.fromisoformat(row["at"])) for row in rows}
        return {
            event.id: min(
                at[name, event.day.isoformat()]
                for name in (event.id, *event.former)
                if (name, event.day.isoformat()) in at
            )
            for event in near
        }

    def _one(self, event: Event, subscription: Subscription, known: date, day: date) -> int:
        if subscription.created_at:
            known = max(known, _beijing(subscription.created_at))
        milestone = due_milestone(event, known=known, today=day)
        if milestone is None or self._told(event, subscription.id, milestone):
            return 0
        about = reminded_of(event)
        alert = alert_id("reminder", about, subscription.id, milestone)
        licences = concerned(subscription, event.licences, self.parent_of)
        message = reminder_message(
            event,
            licences,
            self.head,
            alert=alert,
            subscription=subscription.name,
            number=subscription.id,
        )
        written = Alert(
            alert, "reminder", about, subscription.id, message, event_json(event, self.head), number=milestone
        )
        return enqueue(self.ops, written, subscription.channels, now=self.head.now)

    def _told(self, event: Event, subscription: str, milestone: int) -> bool:
        """Whether this reminder, or a later one of the same day, was written, under whatever id the event had."""
        return any(
            self.ops.rows(
                "SELECT 1 FROM alerts WHERE kind = 'reminder' AND about = ? AND subscription = ? AND number <= ?",
                (about, subscription, milestone),
            )
            for about in told_as([event])
        )


def reminder_day(now: datetime, begins: time) -> date:
    """The day whose reminders are due: yesterday, until digests are sent."""
    local = now.astimezone(BEIJING)
    return local.date() if local.time() >= begins else local.date() - timedelta(days=1)


def _beijing(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
