"""A knowledge base from captures, one subscriber, and the steps that tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kb.config import Settings
from kb.sources import Source
from kb.store.ingest import Ingestor
from kb.store.maintenance import rebuild
from scheduler.held import Verdict, decide, waiting
from scheduler.jobs import Context, StepReport, hold_rederived, tell
from scheduler.ops import EmailSettings, Ops, Subscription
from scheduler.plan import Plan
from tests.kb.store.world import World, days, rule

LATER = timedelta(minutes=30)


@dataclass
class FixedClock:
    at: datetime

    def now(self) -> datetime:
        return self.at


class House:
    """A world with one subscriber: ``look`` captures and ingests, ``tell`` is what a step would tell then."""

    def __init__(self, root: Path, ops: Ops, *sources: Source) -> None:
        self.world, self.ops, self.clock = World(root, *sources), ops, FixedClock(days(0))
        settings = EmailSettings(
            host="mail.example.invalid", sender="a@example.invalid", to="b@example.invalid"
        )
        channel = ops.put_channel(settings, now=days(-1))
        subscriber = Subscription(id="sub-1", name="主站", channels=(channel,), digest="none")
        ops.put_subscription(subscriber, now=days(-1))

    def look(self, day: float, *articles: tuple[str, ...], again: bool = True) -> None:
        """One look a text, half an hour apart, each ``again`` half an hour later still."""
        for number, each in enumerate(articles):
            for more in range(1 + again):
                self.see(days(day) + (number * (1 + again) + more) * LATER, rule(articles=each))

    def see(self, at: datetime, body: bytes) -> None:
        with self.world.run(at) as run:
            run.see(body=body)
        self.clock.at = at + timedelta(minutes=1)
        self.ingest()

    def ingest(self) -> None:
        Ingestor(self.world.data, self.world.sources).ingest()

    def context(self) -> Context:
        return Context(self.world.data, Settings(), self.world.sources, self.ops, self.clock)

    def tell(self) -> list[tuple[str, str]]:
        """Kind and subject of the alerts written now."""
        before = {row["id"] for row in self.ops.rows("SELECT id FROM alerts")}
        tell(self.context(), StepReport(Plan()))
        rows = self.ops.rows("SELECT id, kind, subject FROM alerts ORDER BY created_at, id")
        return [(row["kind"], row["subject"]) for row in rows if row["id"] not in before]

    def say(self, word: str, identifier: str = "", **more: str) -> None:
        (only,) = waiting(self.world.data) if not identifier else (None,)
        decide(
            self.world.data,
            identifier or (only.id if only else ""),
            Verdict(word, **more),
            now=self.clock.now(),
        )

    def rebuild(self) -> tuple[list[str], list[str]]:
        """What was revealed, and what withdrawn."""
        with hold_rederived(self.world.data, clock=self.clock) as found:
            rebuild(self.world.data, self.world.sources)
        return found.revealed, found.withdrawn
