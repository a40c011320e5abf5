"""From what was observed to what is in the outbox: match, write the message, enqueue, all in one transaction a step."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from kb.codes import ChangeKind, Significance
from kb.model import instant
from kb.sources import Source
from scheduler.alerts.correcting import Corrector, change_json
from scheduler.alerts.digest import Entry, summary_message
from scheduler.alerts.kept import kept_words
from scheduler.alerts.match import Alerted, Match, Way, match, named_rows
from scheduler.alerts.message import Letterhead, change_message, why_late
from scheduler.alerts.noticing import Noticer
from scheduler.alerts.outbox import Alert, alert_id, enqueue
from scheduler.alerts.renaming import follow_renamed
from scheduler.alerts.retagging import Retagger
from scheduler.facts import ChangeFacts
from scheduler.observed import Observed
from scheduler.ops import Ops, Subscription

OVERDUE = timedelta(
    days=1
)  # a confirmed change is told within minutes; one this old was not seen at the time
HOUR = timedelta(hours=1)
REVEALED = "升级、修改来源配置或重建后重读历史时发现，等待人工放行"
BELOW = "below"  # a digest item that is only counted: under the subscriber's minimum

ParentOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Teller:
    """One step of telling. Nothing is sent here: the outbox does that."""

    ops: Ops
    observed: Observed
    head: Letterhead
    parent_of: ParentOf
    sources: Mapping[str, Source]

    def changes(self) -> int:
        """Match every confirmed live change not matched before. Returns how many alerts were written."""
        follow_renamed(self.ops, self.observed)
        self._hold_revealed()
        retagger = Retagger(self.ops, self.observed, self.head.now)
        retagger.note()
        corrector = Corrector(self.ops, self.observed, self.head)
        written = corrector.withdrawn() + self._newly_tagged(retagger)
        fresh = self._fresh()
        return written + (self._match(fresh, corrector) if fresh else 0)

    def _fresh(self) -> dict[str, str]:
        """Ids of what was not matched before and waits for nobody, each with its page."""
        known = {row["change"] for row in self.ops.rows("SELECT change FROM considered")} | self.ops.held()
        return {change: page for change, page in self.observed.alertable().items() if change not in known}

    def _match(self, fresh: Mapping[str, str], corrector: Corrector) -> int:
        subscriptions = {subscription.id: subscription for subscription in self.ops.subscriptions()}
        changes = {change.id: change for change in self.observed.changes(fresh)}
        late = self._late(changes.values())
        with self.ops.transaction():
            matches = match(
                changes.values(),
                subscriptions.values(),
                self.parent_of,
                alerted=self._alerted(changes.values()),
                late=late,
                sent=self._sent_lately(),
                undone={each.id: each for each in self._undone(changes.values())},
            )
            written = sum(
                self._write(
                    found,
                    changes[found.change],
                    subscriptions,
                    late=why_late(changes[found.change]) if found.change in late else "",
                )
                for found in matches
            )
            written += self._summaries(matches, changes, subscriptions)
            written += corrector.digested(changes.values(), subscriptions)
            self._count_below(changes.values(), subscriptions.values())
            self._consider(fresh, changes)
        return written

    def _late(self, changes: Iterable[ChangeFacts]) -> frozenset[str]:
        """Those that a person let out: what a re-reading revealed, and what was held for more than a day."""
        revealed, released = self.ops.released(), self.observed.released()
        return frozenset(
            change.id
            for change in changes
            if change.id in revealed or (change.id in released and self.head.now - change.new_seen > OVERDUE)
        )

    def _consider(self, fresh: Mapping[str, str], changes: Mapping[str, ChangeFacts]) -> None:
        """Write down that these were matched, in which words and with which licence types."""
        now = instant(self.head.now)
        with self.ops.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO considered (change, page, at, words, licences) VALUES (?, ?, ?, ?, ?)",
                [
                    (change, page, now, kept_words(changes.get(change)), _licences(changes.get(change)))
                    for change, page in fresh.items()
                ],
            )

    def _newly_tagged(self, retagger: Retagger) -> int:
        """Tell those whom a tag that came afterwards newly concerns; nobody is told of a change twice."""
        due = retagger.due()
        subscriptions = {subscription.id: subscription for subscription in self.ops.subscriptions()}
        written = 0
        with self.ops.transaction():
            for each in due:
                change = each.change
                found = match(
                    [change],
                    retagger.newly_concerned(change.id, subscriptions.values()),
                    self.parent_of,
                    late=frozenset({change.id}),
                    sent=self._sent_lately(),
                )
                written += sum(self._write(one, change, subscriptions, late=each.because) for one in found)
                written += self._summaries(found, {change.id: change}, subscriptions)
            retagger.told(each.change.id for each in due)
        return written

    def _hold_revealed(self) -> None:
        """What a new declaration or program finds in old captures waits for a person: it may only be our reading.

        A change that was waiting for its second look while the rules changed is younger, and is told.
        """
        known = {row["change"] for row in self.ops.rows("SELECT change FROM considered")}
        known |= self.ops.released() | self.observed.released()
        revealed = self.observed.revealed(self.head.now - OVERDUE) - known
        self.ops.hold(sorted(revealed), REVEALED, now=self.head.now)

    def _write(
        self, found: Match, change: ChangeFacts, subscriptions: dict[str, Subscription], *, late: str
    ) -> int:
        subscription = subscriptions.get(found.subscription)
        if subscription is None:
            return 0
        if found.way is Way.SUMMARY:
            return 0  # all of them in one mail
        if found.way is Way.DIGEST:
            self._keep_for_digest(change.id, subscription.id, ",".join(found.licences))
            return 0
        if found.way is Way.CORRECTION:
            return Corrector(self.ops, self.observed, self.head).undone(change, found.about, subscription)
        kind = "late_notice" if late else "change"
        alert = alert_id(kind, change.id, subscription.id)
        named = named_rows(change, subscription)
        message = change_message(
            change,
            found.licences,
            self.head,
            alert=alert,
            subscription=subscription.name,
            late=late,
            named=named,
        )
        facts = change_json(change, found.licences, self.head)
        if named:
            facts["watched"] = [{"name": name, "row": row} for name, row in named]
        return enqueue(
            self.ops,
            Alert(alert, kind, change.id, subscription.id, message, facts, page=change.page),
            subscription.channels,
            now=self.head.now,
        )

    def _summaries(
        self,
        matches: Iterable[Match],
        changes: dict[str, ChangeFacts],
        subscriptions: dict[str, Subscription],
    ) -> int:
        """One mail a subscriber for all that went beyond the cap; its changes count as told by it."""
        written = 0
        for key, subscription in subscriptions.items():
            mine = [m for m in matches if m.subscription == key and m.way is Way.SUMMARY]
            if not mine:
                continue
            about = instant(self.head.now)
            alert = alert_id("digest", about, key)
            entries = tuple(Entry(changes[m.change], m.licences) for m in mine)
            message = summary_message(entries, self.head, alert=alert, subscription=subscription.name)
            facts = {
                "demo": self.head.demo,
                "day": about,
                "changes": [m.change for m in mine],
                "not_seen": [],
            }
            written += enqueue(
                self.ops,
                Alert(alert, "digest", about, key, message, facts),
                subscription.channels,
                now=self.head.now,
            )
            with self.ops.transaction() as db:
                db.executemany(
                    "INSERT OR IGNORE INTO digest_items (change, subscription, reason, at, alert) VALUES (?, ?, ?, ?, ?)",
                    [(m.change, key, ",".join(m.licences), about, alert) for m in mine],
                )
        return written

    def _sent_lately(self) -> dict[str, int]:
        """How many immediate alerts each subscription got in the last hour."""
        rows = self.ops.rows(
            "SELECT subscription, count(*) AS n FROM alerts WHERE kind IN ('change', 'late_notice') AND created_at > ?"
            " GROUP BY subscription",
            (instant(self.head.now - HOUR),),
        )
        return {row["subscription"]: row["n"] for row in rows}

    def _keep_for_digest(self, change: str, subscription: str, reason: str) -> None:
        with self.ops.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO digest_items (change, subscription, reason, at) VALUES (?, ?, ?, ?)",
                (change, subscription, reason, instant(self.head.now)),
            )

    def _count_below(self, changes: Iterable[ChangeFacts], subscriptions: Iterable[Subscription]) -> None:
        """Editorial changes under somebody's minimum are counted in their digest, never dropped silently."""
        lowered = [
            s.model_copy(update={"minimum": Significance.EDITORIAL})
            for s in subscriptions
            if s.minimum is Significance.SUBSTANTIVE
        ]
        editorial = [c for c in changes if c.significance is Significance.EDITORIAL]
        for found in match(editorial, lowered, self.parent_of):
            if found.way is Way.DIGEST:  # an item that waits for the digest already stays what it is
                self._keep_for_digest(found.change, found.subscription, BELOW)

    def _alerted(self, changes: Iterable[ChangeFacts]) -> list[Alerted]:
        """Earlier alerts about the pages that were changed back, and corrections that such a return now overtakes: who
        was told that the old text is back must hear when it is gone again. What was taken back already is no alert."""
        rows = [
            row
            for change in changes
            if change.kind is ChangeKind.REVERTED
            for row in self.ops.rows(
                "SELECT id, about, page, subscription FROM alerts AS a WHERE page = ? AND (kind IN ('change',"
                " 'late_notice') AND NOT EXISTS (SELECT 1 FROM alerts AS c WHERE c.kind = 'correction' AND"
                " c.about = a.about AND c.subscription = a.subscription)"
                " OR kind = 'correction' AND facts ->> '$.change.kind' = 'reverted') ORDER BY created_at, id",
                (change.page,),
            )
        ]
        return [Alerted(row["id"], row["about"], row["page"], row["subscription"]) for row in rows]

    def _undone(self, changes: Iterable[ChangeFacts]) -> list[ChangeFacts]:
        return self.observed.changes(change.undoes for change in changes if change.undoes)

    def incidents(self, *, unfinished: Collection[str] = ()) -> int:
        """Problems of sources and their end; sources still being crawled wait. Returns how many notices were written."""
        noticer = Noticer(self.ops, self.observed, self.head, self.parent_of, self.sources)
        return noticer.tell(frozenset(unfinished))


def _licences(change: ChangeFacts | None) -> str:
    """JSON: the licence types a change was matched with."""
    return json.dumps(sorted({tag.licence for tag in change.tags} if change else ()))
