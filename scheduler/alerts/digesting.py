"""From what waits for a digest to a digest in the outbox; at most one a subscriber and day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kb import words
from kb.codes import ChangeKind, Confirmation, HeldFor
from kb.model import instant
from kb.regions import region_of
from kb.sources import Source
from scheduler.alerts.correcting import CORRECTS
from scheduler.alerts.digest import SOON, DigestContents, Entry, Waiting, digest_message
from scheduler.alerts.match import concerned, counts_on, unwatched, wanted
from scheduler.alerts.outbox import Alert, enqueue, troubles
from scheduler.alerts.telling import BELOW, Teller
from scheduler.dates import concerns, events, held_licences, read_done
from scheduler.facts import ChangeFacts, gather
from scheduler.following import unfollowed
from scheduler.ops import Subscription
from scheduler.plan import DigestDue, DigestFacts

_ASSESSED = {
    "unassessed": "未处理",
    "applies": "适用",
    "not_applicable": "不适用",
    "ask_counsel": "请律师判断",
    "closed": "已办结",
    "false_alarm": "误报",
    "wrong_tag": "标注有误",
    "escalated": "已转代理人",
}


@dataclass(frozen=True, slots=True)
class Digester:
    teller: Teller
    sources: Mapping[str, Source]

    def facts(self) -> list[DigestFacts]:
        """For the planner: when each subscription last had a digest."""
        ops = self.teller.ops
        last = {
            row["subscription"]: datetime.fromisoformat(row["at"])
            for row in ops.rows(
                "SELECT subscription, max(created_at) AS at FROM alerts WHERE kind = 'digest' GROUP BY 1"
            )
        }
        now = self.teller.head.now
        return [
            DigestFacts(
                s.id,
                7 if s.digest == "weekly" else 1,
                last.get(s.id) or s.created_at or now,
                s.id not in last,
            )
            for s in ops.subscriptions()
            if s.digest != "none"
        ]

    def write(self, due: DigestDue) -> bool:
        """Write one digest and mark its items as said. ``False`` when it was written before."""
        ops, head = self.teller.ops, self.teller.head
        subscription = {s.id: s for s in ops.subscriptions()}[due.subscription]
        alert = f"dg-{due.day.replace('-', '')}-{due.subscription.removeprefix('sub-')}"
        with ops.transaction() as db:
            contents = self._contents(subscription, due)
            message = digest_message(contents, head, alert=alert, subscription=subscription.name)
            facts = {
                "demo": head.demo,
                "day": due.day,
                "changes": [entry.change.id for entry in contents.entries],
                "not_seen": list(contents.looked.not_seen),
            }
            written = enqueue(
                ops,
                Alert(alert, "digest", due.day, subscription.id, message, facts),
                subscription.channels,
                now=head.now,
            )
            if written:
                db.execute(
                    "UPDATE digest_items SET alert = ? WHERE subscription = ? AND alert IS NULL",
                    (alert, subscription.id),
                )
        return written

    def _contents(self, subscription: Subscription, due: DigestDue) -> DigestContents:
        ops, observed = self.teller.ops, self.teller.observed
        items = self._items(subscription)
        enabled = [s for s in self.sources.values() if s.enabled]
        mine = {s.id: s for s in enabled if self._concerns(s, subscription)}
        day = date.fromisoformat(due.day)
        return DigestContents(
            day=day,
            since=due.since,
            entries=self._entries(subscription, due.since, items),
            looked=observed.looked(mine, due.since, self.teller.head.now),
            incidents=tuple(i for i in gather(observed.incidents("i.closed_at IS NULL")) if i.source in mine),
            waiting=self._waiting(subscription),
            unwatched=unwatched(subscription, mine.values(), self.teller.parent_of),
            dates=self._dates(subscription, day),
            licences=subscription.licences,
            editorial=sum(1 for reason in items.values() if reason == BELOW),
            unassessed=self._unassessed(subscription.id),
            unsent=tuple(dict.fromkeys(t["alert"] for t in troubles(ops, since=due.since))),
            weekly=subscription.digest == "weekly",
            unfollowed=subscription.profile if subscription.id in unfollowed(ops) else "",
        )

    def _dates(self, subscription: Subscription, day: date) -> tuple[tuple[date, str], ...]:
        """The days to come that concern this subscriber and are not done."""
        ops = self.teller.ops
        done, held = read_done(ops), held_licences(ops).get(subscription.id, ())
        documents = self.teller.observed.document_dates(day)
        near = events(documents, ops, since=day, until=day + timedelta(days=SOON))
        return tuple(
            (event.day, event.title)
            for event in near
            if not done.has(event, subscription.id)
            and concerns(event, subscription, held, self.teller.parent_of)
        )

    def _items(self, subscription: Subscription) -> dict[str, str]:
        """What waits for this digest, change and reason; what is no longer so was never told and is dropped."""
        ops, observed = self.teller.ops, self.teller.observed
        rows = ops.rows(
            "SELECT change, reason FROM digest_items WHERE subscription = ? AND alert IS NULL ORDER BY at, change",
            (subscription.id,),
        )
        valid = observed.alertable().keys() - observed.undone()
        with ops.transaction() as db:
            db.executemany(
                "DELETE FROM digest_items WHERE subscription = ? AND change = ?",
                [(subscription.id, row["change"]) for row in rows if row["change"] not in valid],
            )
        return {row["change"]: row["reason"] for row in rows if row["change"] in valid}

    def _waiting(self, subscription: Subscription) -> tuple[Waiting, ...]:
        """Changes that would be told but for a second look or a person's; a change may be held by our ledger too."""
        observed, reasons = (
            self.teller.observed,
            {
                row["change"]: row["reason"]
                for row in self.teller.ops.rows("SELECT change, reason FROM holds WHERE released_at IS NULL")
            },
        )
        held = {change.id: reasons[change.id] for change in observed.changes(reasons)}
        known = {change.id: change for change in [*observed.unsettled(), *observed.changes(held)]}
        return tuple(
            Waiting(change, held.get(change.id) or _held_because(change))
            for change in known.values()
            if wanted(change, subscription, self.teller.parent_of)
        )

    def _entries(
        self, subscription: Subscription, since: datetime, waiting: dict[str, str]
    ) -> tuple[Entry, ...]:
        """Changes told at once since the last digest, then those that waited for this one."""
        ops = self.teller.ops
        told = ops.rows(
            "SELECT a.about, a.facts ->> '$.licences' AS licences, a.created_at, coalesce((SELECT assessment FROM"
            " assessments WHERE alert = a.id ORDER BY id DESC LIMIT 1), 'unassessed') AS assessment FROM alerts AS a"
            " WHERE a.subscription = ? AND a.kind IN ('change', 'late_notice') AND a.created_at > ? ORDER BY 3, 1",
            (subscription.id, instant(since)),
        )
        entries = []
        for row in told:
            alerted = datetime.fromisoformat(row["created_at"])
            entries += [
                Entry(change, tuple(json.loads(row["licences"])), alerted, _ASSESSED[row["assessment"]])
                for change in self.teller.observed.changes([row["about"]])
            ]
        listed = [change for change, reason in waiting.items() if reason != BELOW]
        entries += [
            Entry(change, tuple(filter(None, waiting[change.id].removeprefix(CORRECTS).split(","))))
            for change in self.teller.observed.changes(listed)
        ]
        return tuple(entries)

    def _concerns(self, source: Source, subscription: Subscription) -> bool:
        """Whether a source is one of those this subscriber counts on."""
        if not counts_on(subscription, source.id, region_of(source.province)):
            return False
        labels = source.licences
        return bool(
            subscription.sources or not labels or concerned(subscription, labels, self.teller.parent_of)
        )

    def _unassessed(self, subscription: str) -> int:
        (row,) = self.teller.ops.rows(
            "SELECT count(*) AS n FROM alerts AS a WHERE a.subscription = ? AND a.kind IN ('change', 'late_notice')"
            " AND NOT EXISTS (SELECT 1 FROM assessments WHERE alert = a.id)",
            (subscription,),
        )
        return int(row["n"])


def _held_because(change: ChangeFacts) -> str:
    """Why a person must look first; empty for a change that only waits for its second look."""
    if change.confirmation is not Confirmation.HELD:
        return ""
    if change.kind is ChangeKind.GONE:
        return "连续三天看不到，列表也不再列出"
    return words.zh(change.held_for or HeldFor.FLIP)
