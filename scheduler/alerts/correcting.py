"""Who is told that what they were told is no longer so: the site took it back, or we had misread it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.codes import ChangeKind, Confirmation, HeldFor
from kb.model import instant
from scheduler.alerts.correction import TakenBack, correction_message, misread_message, rejected_message
from scheduler.alerts.message import Letterhead, Message
from scheduler.alerts.outbox import Alert, alert_id, enqueue, read_alert
from scheduler.facts import ChangeFacts
from scheduler.observed import Observed
from scheduler.ops import Ops, Subscription

TakingBack = Callable[[TakenBack, Letterhead], Message]
CORRECTS = "corrects:"  # a digest item that takes back what an earlier digest said
WITHDRAWN = "曾经提醒，用现在的程序和来源配置重读同一批留存，没有找到这处变动"

_TOLD = """
SELECT a.id AS alert, a.about AS change, a.page, a.subscription, a.created_at, a.facts FROM alerts AS a
WHERE a.kind IN ('change', 'late_notice') AND NOT EXISTS (
  SELECT 1 FROM alerts AS c WHERE c.kind = 'correction' AND c.subscription = a.subscription
  AND (c.about = a.about OR c.facts ->> '$.replies_to' = a.id))
UNION ALL SELECT a.id, i.change, s.page, i.subscription, a.created_at, '{}' FROM digest_items AS i
JOIN alerts AS a ON a.id = i.alert JOIN considered AS s ON s.change = i.change
WHERE i.reason <> 'below' AND NOT EXISTS (
  SELECT 1 FROM alerts AS c WHERE c.kind = 'correction' AND c.subscription = i.subscription AND c.about = i.change)
"""


@dataclass(frozen=True, slots=True)
class Corrector:
    """Corrections of one step, to those alone who were told."""

    ops: Ops
    observed: Observed
    head: Letterhead

    def undone(self, reverted: ChangeFacts, about: str, subscription: Subscription) -> int:
        """The site took back what the message ``about`` told of."""
        original_alert, alerted_at = read_alert(self.ops, about)
        originals = self.observed.changes([reverted.undoes or original_alert.about])
        told = self.ops.rows(
            "SELECT count(*) AS n FROM alerts WHERE kind IN ('change', 'late_notice', 'correction') AND about = ?",
            (original_alert.about,),
        )[0]["n"]
        alert = alert_id("correction", reverted.id, subscription.id)
        message = correction_message(
            reverted,
            originals[0] if originals else reverted,
            self.head,
            alert=alert,
            original_alert=about,
            alerted_at=alerted_at,
            told=max(told, 1),
            subscription=subscription.name,
        )
        facts = change_json(reverted, (), self.head)
        return enqueue(
            self.ops,
            Alert(
                alert,
                "correction",
                reverted.id,
                subscription.id,
                message,
                facts,
                page=reverted.page,
                replies_to=about,
            ),
            subscription.channels,
            now=self.head.now,
        )

    def digested(self, changes: Iterable[ChangeFacts], subscriptions: Mapping[str, Subscription]) -> int:
        """Whoever read of a change in a digest reads in the next one that the site took it back; without one, at once."""
        written = 0
        for change in (c for c in changes if c.kind is ChangeKind.REVERTED and c.undoes):
            for row in self.ops.rows(
                "SELECT subscription, reason, alert FROM digest_items WHERE change = ? AND alert IS NOT NULL"
                " AND reason <> 'below'",
                (change.undoes,),
            ):
                subscription = subscriptions.get(row["subscription"])
                if subscription is None:
                    continue
                if subscription.digest == "none":
                    written += self.undone(change, row["alert"], subscription)
                    continue
                with self.ops.transaction() as db:
                    db.execute(
                        "INSERT OR IGNORE INTO digest_items (change, subscription, reason, at) VALUES (?, ?, ?, ?)",
                        (change.id, subscription.id, CORRECTS + row["reason"], instant(self.head.now)),
                    )
        return written

    def withdrawn(self) -> int:
        """What was told and is not found by today's reading of the same captures waits for a person, for it may be
        today's reading that is wrong; what a person took back, or accepted as lost, is said once to those who were told.

        Only of pages that were looked at again since: a knowledge base that is just being rebuilt lacks everything.
        """
        found = self.observed.alertable()
        lost = [change for change in self._considered(found) if self._is_lost(change, found)]
        self.ops.hold(lost, WITHDRAWN, now=self.head.now, held_for=HeldFor.WITHDRAWN)
        back = [change for change in self.ops.waiting(HeldFor.WITHDRAWN) if change in found]
        self.ops.drop_holds(back, HeldFor.WITHDRAWN)
        told = [row for row in self.ops.rows(_TOLD) if row["change"] not in found]
        rejected = [row for row in told if self._is_rejected(row["change"])]
        accepted = self.observed.accepted()
        misread = [r for r in told if r["change"] in accepted and self._is_lost(r["change"], found)]
        with self.ops.transaction():
            return self._tell(misread, misread_message) + self._tell(rejected, rejected_message)

    def _considered(self, found: Mapping[str, str]) -> list[str]:
        return [
            row["change"]
            for row in self.ops.rows("SELECT change, page, at FROM considered")
            if row["change"] not in found
            and self.observed.looked_again(row["page"], datetime.fromisoformat(row["at"]))
        ]

    def _is_lost(self, change: str, found: Mapping[str, str]) -> bool:
        """Not there any more at all: neither renamed, nor taken back, nor waiting for another look or a person."""
        return self.observed.successor(change) not in found and not self.observed.changes([change])

    def _is_rejected(self, change: str) -> bool:
        return any(c.confirmation is Confirmation.RETRACTED for c in self.observed.changes([change]))

    def _tell(self, rows: Iterable[Any], message: TakingBack) -> int:
        rows = list(rows)
        subscriptions = {subscription.id: subscription for subscription in self.ops.subscriptions()}
        others = len({row["change"] for row in rows}) - 1
        return sum(
            self._take_back(row, subscriptions[row["subscription"]], message, others)
            for row in rows
            if row["subscription"] in subscriptions
        )

    def _take_back(self, row: Any, subscription: Subscription, message: TakingBack, others: int) -> int:
        facts = json.loads(row["facts"])
        said = facts.get("change", {})
        taken = TakenBack(
            alert=alert_id("correction", row["change"], subscription.id),
            change=row["change"],
            said="：".join(filter(None, (said.get("title"), said.get("headline")))),
            original_alert=row["alert"],
            alerted_at=datetime.fromisoformat(row["created_at"]),
            others=others,
            subscription=subscription.name,
            url=said.get("official_url", ""),
        )
        written = Alert(
            taken.alert,
            "correction",
            taken.change,
            subscription.id,
            message(taken, self.head),
            {**facts, "demo": self.head.demo},
            page=row["page"],
            replies_to=taken.original_alert,
        )
        return enqueue(self.ops, written, subscription.channels, now=self.head.now)


def change_json(change: ChangeFacts, licences: tuple[str, ...], head: Letterhead) -> dict[str, Any]:
    """What a machine receives about a change."""
    return {
        "url": f"{head.base_url}/change/{change.id}",
        "demo": head.demo,
        "change": {
            "id": change.id,
            "kind": change.kind,
            "significance": change.significance,
            "flags": sorted(change.flags),
            "headline": change.headline,
            "title": change.title,
            "doc_number": change.doc_number,
            "source": change.source,
            "source_level": change.level,
            "official_url": change.url,
            "is_draft": change.is_draft,
            "effective": str(change.effective) if change.effective else None,
            "comments_until": str(change.comments_until) if change.comments_until else None,
            "observed_from": instant(change.old_seen) if change.old_seen else None,
            "observed_to": instant(change.new_seen),
            "confirmed_at": instant(change.confirmed_at) if change.confirmed_at else None,
            "reverts": change.undoes or None,
            "capture": change.capture_after,
            "sha256": change.digest_after,
        },
        "licences": list(licences) or list(dict.fromkeys(tag.licence for tag in change.tags)),
    }
