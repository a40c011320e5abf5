"""Who is told that a source cannot be seen, again while it lasts, and that it is over."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from kb.codes import Health
from kb.model import instant, stable_id
from kb.regions import region_of
from kb.sources import Source
from scheduler.alerts.incident import (
    REPEAT,
    disabled_message,
    incident_message,
    notice_number,
    recovery_message,
)
from scheduler.alerts.match import incident_concerns
from scheduler.alerts.message import Letterhead, Message
from scheduler.alerts.outbox import Alert, alert_id, enqueue
from scheduler.facts import IncidentFacts, gather
from scheduler.observed import Observed
from scheduler.ops import Ops, Subscription

MAY_PASS = frozenset({Health.UNREACHABLE, Health.TLS_ERROR, Health.TRUNCATED, Health.MAINTENANCE})
SILENT = 2  # periods without one good look, whatever the reason, after which those concerned are told


@dataclass(frozen=True, slots=True)
class Noticer:
    """Notices of one step. ``sources`` are those declared; of a source that is not enabled only its end is told."""

    ops: Ops
    observed: Observed
    head: Letterhead
    parent_of: Callable[[str], str | None]
    sources: Mapping[str, Source]

    def tell(self, unfinished: frozenset[str] = frozenset()) -> int:
        """Open problems (again every seven days) and recoveries, to those concerned. Returns how many were written.

        Sources that are still being crawled (``unfinished``) wait: what their list shows may explain their pages, and
        which pages are well again is known at the end.
        """
        opened = [
            i
            for i in self.observed.incidents("i.closed_at IS NULL")
            if self._enabled(i.source) and i.source not in unfinished and _lasting(i, self.head.now)
        ]
        explained = unfinished | {i.source for i in opened if i.whole_source}
        written = 0
        with self.ops.transaction():
            for subscription in self.ops.subscriptions():
                silent = [i for i in self._silent(subscription) if i.source not in explained]
                mine = [i for i in [*opened, *silent] if incident_concerns(i, subscription, self.parent_of)]
                written += sum(self._tell_open(i, subscription) for i in one_a_source(mine))
                written += sum(self._ended(subscription, unfinished))
        return written

    def _enabled(self, source: str) -> bool:
        return source in self.sources and self.sources[source].enabled

    def _silent(self, subscription: Subscription) -> Iterator[IncidentFacts]:
        """Enabled sources without a good look for too long: no page says why when the crawl itself dies."""
        good = self.observed.last_good()
        for source in self.sources.values():
            since = good.get(source.id) or subscription.created_at or self.head.now
            if source.enabled and self.head.now - since > SILENT * timedelta(hours=source.period_hours):
                yield IncidentFacts(
                    id=stable_id("in", "silent", source.id, instant(since)),
                    source=source.id,
                    source_title=source.title,
                    url=source.homepage or source.start[0],
                    health=None,
                    reason=f"巡查没有完成，或网站一直没有给出能用的页面；应每 {source.period_hours} 小时看一次",
                    opened_at=since,
                    last_at=self.head.now,
                    times=SILENT,
                    last_good_at=good.get(source.id),
                    licences=source.licences,
                    region=region_of(source.province),
                )

    def _tell_open(self, incident: IncidentFacts, subscription: Subscription) -> int:
        """The first notice, or the next when the last one is seven days old: never a burst to catch up."""
        told = self.ops.rows(
            "SELECT number, created_at FROM alerts WHERE kind = 'incident' AND about = ? AND subscription = ?"
            " ORDER BY number DESC LIMIT 1",
            (incident.id, subscription.id),
        )
        number = 1
        if told:
            if self.head.now - datetime.fromisoformat(told[0]["created_at"]) < REPEAT:
                return 0
            number = max(told[0]["number"] + 1, notice_number(incident, self.head.now))
        alert = alert_id("incident", incident.id, subscription.id, number)
        message = incident_message(
            incident, self.head, alert=alert, number=number, subscription=subscription.name
        )
        facts = incident_json(incident, self.head)
        written = Alert(alert, "incident", incident.id, subscription.id, message, facts, number=number)
        return enqueue(self.ops, written, subscription.channels, now=self.head.now)

    def _ended(self, subscription: Subscription, unfinished: frozenset[str]) -> Iterator[int]:
        """Of the problems this subscriber was told about, those that are over and were not yet called so."""
        rows = self.ops.rows(
            "SELECT about, facts FROM alerts AS a WHERE kind = 'incident' AND subscription = ? AND NOT EXISTS ("
            " SELECT 1 FROM alerts AS r WHERE r.kind = 'recovery' AND r.about = a.about AND r.subscription ="
            " a.subscription) ORDER BY number",
            (subscription.id,),
        )
        told = {row["about"]: json.loads(row["facts"])["incident"] for row in rows}
        known = {incident.id: incident for incident in self.observed.incidents()} if told else {}
        good = self.observed.last_good() if told else {}
        for about, said in told.items():
            incident = known.get(about) or self._silence(about, said, good.get(said["source"]))
            if incident is None or incident.source in unfinished:
                continue
            incident = _as_told(incident, said)
            alert = alert_id("recovery", about, subscription.id)
            if not self._enabled(incident.source):
                message = disabled_message(incident, self.head, alert=alert, subscription=subscription.name)
            elif incident.closed_at:
                message = self._recovery(incident, alert, subscription)
            else:
                continue
            written = Alert(
                alert, "recovery", about, subscription.id, message, incident_json(incident, self.head)
            )
            yield enqueue(self.ops, written, subscription.channels, now=self.head.now)

    def _silence(self, about: str, said: dict[str, Any], good: datetime | None) -> IncidentFacts | None:
        """A problem that no page showed, over as soon as the source was seen again."""
        source = self.sources.get(said["source"])
        opened = datetime.fromisoformat(said["opened_at"])
        return IncidentFacts(
            id=about,
            source=said["source"],
            source_title=source.title if source else said["source"],
            url=said["official_url"],
            health=None,
            reason="",
            opened_at=opened,
            last_at=opened,
            closed_at=good if good and good > opened else None,
            licences=tuple(source.licences) if source else (),
        )

    def _recovery(self, incident: IncidentFacts, alert: str, subscription: Subscription) -> Message:
        changes = self.observed.changes_of(
            incident.source,
            first_seen_from=incident.last_at,
            last_old_until=incident.closed_at or self.head.now,
        )
        still = sum(1 for i in self.observed.incidents("i.closed_at IS NULL") if i.source == incident.source)
        return recovery_message(
            incident, tuple(changes), self.head, alert=alert, subscription=subscription.name, still=still
        )


def one_a_source(incidents: Iterable[IncidentFacts]) -> list[IncidentFacts]:
    """One notice a source: the source-wide problem if there is one, else the oldest problem of its pages."""
    by_source: dict[str, list[IncidentFacts]] = defaultdict(list)
    for incident in gather(incidents):
        by_source[incident.source].append(incident)
    return [min(group, key=lambda i: (not i.whole_source, i.opened_at, i.id)) for group in by_source.values()]


def _lasting(incident: IncidentFacts, now: datetime) -> bool:
    """What often passes by itself is told when a second look, six hours later, fails too."""
    if incident.health not in MAY_PASS:
        return True
    return incident.times >= 2 or now - incident.opened_at >= timedelta(hours=6)


def _as_told(incident: IncidentFacts, said: dict[str, Any]) -> IncidentFacts:
    """The problem with the reason and the last good look that the notice named: both mails say the same."""
    good = said["last_good_at"]
    return replace(
        incident,
        health=Health(said["health"]) if said["health"] else None,
        reason=said.get("reason", incident.reason),
        last_good_at=datetime.fromisoformat(good) if good else None,
        last_good_capture=said.get("last_good_capture", ""),
    )


def incident_json(incident: IncidentFacts, head: Letterhead) -> dict[str, Any]:
    """What a machine receives about a problem. ``health`` is null when no page said why."""
    return {
        "demo": head.demo,
        "incident": {
            "id": incident.id,
            "source": incident.source,
            "health": incident.health,
            "health_zh": incident.trouble,
            "reason": incident.reason,
            "official_url": incident.url,
            "opened_at": instant(incident.opened_at),
            "closed_at": instant(incident.closed_at) if incident.closed_at else None,
            "last_good_at": instant(incident.last_good_at) if incident.last_good_at else None,
            "last_good_capture": incident.last_good_capture,
        },
        "licences": list(incident.licences),
    }
