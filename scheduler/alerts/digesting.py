"""From what waits for a digest to a digest in the outbox; at most one a subscriber and day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kb.model import instant
from kb.sources import Source
from scheduler.alerts.digest import DigestContents, Entry, digest_message
from scheduler.alerts.match import concerned, incident_concerns
from scheduler.alerts.outbox import Alert, enqueue
from scheduler.alerts.telling import BELOW, Teller, one_a_source
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
        waiting = ops.rows(
            "SELECT change, reason FROM digest_items WHERE subscription = ? AND alert IS NULL ORDER BY at, change",
            (subscription.id,),
        )
        mine = {s.id: s for s in self.sources.values() if self._concerns(s, subscription)}
        day = date.fromisoformat(due.day)
        incidents = [
            incident
            for incident in observed.incidents("i.closed_at IS NULL")
            if incident_concerns(incident, subscription, self.teller.parent_of)
        ]
        return DigestContents(
            day=day,
            since=due.since,
            entries=self._entries(subscription, due.since, {r["change"]: r["reason"] for r in waiting}),
            looked=observed.looked(mine, due.since),
            incidents=tuple(one_a_source(incidents)),
            dates=tuple(observed.dates(day, subscription.licences)),
            holdings=subscription.holdings,
            licences=subscription.licences,
            editorial=sum(1 for row in waiting if row["reason"] == BELOW),
            unassessed=self._unassessed(subscription.id),
            weekly=subscription.digest == "weekly",
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
            Entry(change, tuple(filter(None, waiting[change.id].split(","))))
            for change in self.teller.observed.changes(listed)
        ]
        return tuple(entries)

    def _concerns(self, source: Source, subscription: Subscription) -> bool:
        """Whether a source is one of those this subscriber counts on."""
        if subscription.sources:
            return source.id in subscription.sources
        return not source.licences or bool(concerned(subscription, source.licences, self.teller.parent_of))

    def _unassessed(self, subscription: str) -> int:
        (row,) = self.teller.ops.rows(
            "SELECT count(*) AS n FROM alerts AS a WHERE a.subscription = ? AND a.kind IN ('change', 'late_notice')"
            " AND NOT EXISTS (SELECT 1 FROM assessments WHERE alert = a.id)",
            (subscription,),
        )
        return int(row["n"])
